import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { prepareDatabase } from "../../../src/app.js";
import { runCommand } from "../../../src/legacy/commands/run-command.js";
import { connect } from "../../../src/legacy/connection.js";
import { createLegacyTables } from "../../../src/legacy/demo/generator.js";
import type { Plan } from "../../../src/legacy/plan/plan.js";
import { startEmbeddedPostgres } from "../../../src/platform/embedded-postgres/index.js";

type Server = Awaited<ReturnType<typeof startEmbeddedPostgres>>;

let folder: string;
let server: Server;
let superuser: pg.Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-modest-"));
  await chmod(folder, 0o755);
  server = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    logger: () => undefined,
  });
  superuser = await connect(server.superUrl);
  await superuser.query("CREATE DATABASE old");
  await superuser.query("CREATE ROLE old_app NOLOGIN NOSUPERUSER");
  await forgetOurRoles();
});
afterAll(async () => {
  await superuser.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The embedded server makes roles of ours. The server of an operator has none. */
async function forgetOurRoles(): Promise<void> {
  const { rows } = await superuser.query<{ roles: string }>(
    "SELECT string_agg(rolname, ', ') AS roles FROM pg_roles WHERE rolname LIKE 'fabula%'",
  );
  const roles = rows[0]?.roles;
  if (!roles) return;
  await superuser.query("DROP DATABASE fabula");
  await superuser.query(`DROP OWNED BY ${roles}; DROP ROLE ${roles}`);
}

const addressOf = (login: string) => {
  const url = new URL(server.superUrl);
  url.pathname = "/old";
  if (login) Object.assign(url, { username: login, password: "a secret" });
  return url.href;
};

test("a login that makes roles migrates a server that has no role of the migration yet", async () => {
  const admin = await connect(addressOf(""));
  await admin.query("GRANT CREATE ON SCHEMA public TO old_app");
  await createLegacyTables(admin, "old_app");
  await superuser.query(
    "CREATE ROLE operator LOGIN NOSUPERUSER CREATEROLE PASSWORD 'a secret'; GRANT old_app TO operator",
  );
  const url = addressOf("operator");
  const client = await connect(url);
  const migrate = (...words: string[]) =>
    runCommand(words, () =>
      Promise.resolve({
        ...{ client, url, say: () => undefined, stopping: () => undefined },
        prepare: () => prepareDatabase(url, []),
        openServices: () => Promise.reject(new Error("No services.")),
        openStorage: () => Promise.reject(new Error("No storage.")),
      }),
    );

  const { rights } = JSON.parse(await migrate("plan", "--json")) as Plan;
  for (const statement of rights.missing) await admin.query(statement);
  const expanded = await migrate("expand");
  await admin.query("SET ROLE old_app; INSERT INTO public.users (id) VALUES ('u1'); RESET ROLE");
  const backfilled = await migrate("backfill");
  const users = await admin.query("SELECT id FROM platform.users");
  const rolledBack = await migrate("rollback");
  await client.end();
  await admin.end();

  expect(rights.missing).not.toContainEqual(expect.stringContaining("CREATE ROLE"));
  expect(expanded).toContain("Both models are in step");
  expect(backfilled).toContain("The backfill is complete.");
  expect(users.rows).toEqual([{ id: "u1" }]);
  expect(rolledBack).toContain("The old application goes on alone.");
});
