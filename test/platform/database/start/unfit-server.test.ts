import { writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { prepareDatabase } from "../../../../src/app.js";
import { createDataSource } from "../../../../src/platform/database/connection/data-source.js";
import { Database } from "../../../../src/platform/database/transactions/database.js";
import { Role } from "../../../../src/platform/database/connection/settings.js";
import { connectDatabase } from "../../../../src/platform/database/start/start-check.js";
import { findBinaries } from "../../../../src/platform/embedded-postgres/binaries.js";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../../../src/platform/embedded-postgres/index.js";
import { chooseLocation } from "../../../../src/platform/embedded-postgres/location.js";
import { endServer, launchServer } from "../../../../src/platform/embedded-postgres/server.js";
import { readState } from "../../../../src/platform/embedded-postgres/state.js";
import { removeScratchFolders, scratchFolder } from "../../embedded-postgres/scratch-folder.js";

// These tests change roles and the server itself, so they have a server of their own.
const UNSAFE = { fsync: "off", full_page_writes: "off" };
const silence = (): void => undefined;

let dataDir: string;
let server: EmbeddedPostgres;
beforeAll(async () => {
  dataDir = path.join(scratchFolder(), "postgres");
  server = await startEmbeddedPostgres({ dataDir, logger: silence, settings: UNSAFE });
});
afterAll(async () => {
  await server.stop();
  removeScratchFolders();
});

async function connect(url: string, role: Role = Role.App): Promise<void> {
  const dataSource = createDataSource({ url, role, poolSize: 1 }, [], []);
  await connectDatabase(new Database(dataSource, { role }), { role, url });
  await dataSource.destroy();
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.superUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

test.each([
  [Role.App, "SUPERUSER"],
  [Role.App, "BYPASSRLS"],
  [Role.Worker, "SUPERUSER"],
  [Role.Worker, "BYPASSRLS"],
])("a database whose role %s is %s is refused, for each login", async (role, right) => {
  await asSuperuser(`ALTER ROLE ${role} ${right}`);

  const advice = `run ALTER ROLE ${role} NOSUPERUSER NOBYPASSRLS as a superuser.`;
  await expect(connect(server.appUrl, role)).rejects.toThrow(advice);
  await expect(connect(server.superUrl, role)).rejects.toThrow(advice);
  await asSuperuser(`ALTER ROLE ${role} NO${right}`);
  await expect(connect(server.appUrl, role)).resolves.toBeUndefined();
});

test("a hot standby is refused", async () => {
  await server.stop();
  const location = chooseLocation(dataDir, silence);
  const state = readState(location);
  if (!state) throw new Error("The server stored no state.");
  writeFileSync(path.join(location.data, "standby.signal"), "");
  const binaries = findBinaries(location.account, silence);
  const standby = await launchServer(location, state, {
    binaries,
    settings: UNSAFE,
    port: state.port,
  });

  const refused = [connect(server.appUrl), prepareDatabase(server.ownerUrl)];

  for (const start of refused)
    await expect(start).rejects.toThrow(/^The database is read-only; set/);
  await endServer(location, standby, binaries.pgCtl);
});
