import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import {
  connectEmbeddedPostgres,
  readEmbeddedEndpoint,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "../../../src/platform/embedded-postgres/index.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";
import { StarterProcess } from "./starter-process.js";

const running: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

afterAll(removeScratchFolders);

async function start(dataDir: string, log: string[] = []): Promise<EmbeddedPostgres> {
  const logger = (line: string): number => log.push(line);
  const server = await startEmbeddedPostgres({ dataDir, logger, settings: { fsync: "off" } });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

test("a later start uses the data, the secrets and the port of the first start", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const log: string[] = [];
  const first = await start(dataDir, log);
  await ask(first.ownerUrl, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();

  const second = await start(dataDir);

  expect(await ask(second.ownerUrl, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  const { stop: _first, ...before } = first;
  const { stop: _second, ...after } = second;
  expect(after).toEqual(before);
  expect(log[0]).toBe(`Starting PostgreSQL 18.4 in ${dataDir}`);
});

describe("in a running server", () => {
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    server = await start(path.join(scratchFolder(), "postgres"));
    running.length = 0;
  });
  afterAll(() => server.stop());

  test("the owner may create databases, and the app has no rights beyond its grants", async () => {
    const roles = await ask(
      server.superUrl,
      `SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole AS strong, rolcreatedb
     FROM pg_roles WHERE rolname LIKE 'fabula%' ORDER BY 1`,
    );
    const [database] = await ask(
      server.appUrl,
      `SELECT current_user AS who, datdba::regrole::text AS owner, datlocale,
       pg_encoding_to_char(encoding) AS encoding
     FROM pg_database WHERE datname = current_database()`,
    );

    expect(roles).toEqual([
      { rolname: "fabula_app", rolcanlogin: false, strong: false, rolcreatedb: false },
      { rolname: "fabula_owner", rolcanlogin: true, strong: false, rolcreatedb: true },
      { rolname: "fabula_queue", rolcanlogin: false, strong: false, rolcreatedb: false },
      { rolname: "fabula_server", rolcanlogin: true, strong: false, rolcreatedb: false },
      { rolname: "fabula_worker", rolcanlogin: false, strong: false, rolcreatedb: false },
    ]);
    expect(database).toEqual({
      who: "fabula_server",
      owner: "fabula_owner",
      datlocale: "C.UTF-8",
      encoding: "UTF8",
    });
  });

  test("only our user can read the secrets, and the server does not run as root", async () => {
    const us = process.getuid?.() ?? 0;

    const state = statSync(path.join(server.dataDir, "state.json"));
    const data = statSync(path.join(server.dataDir, "data"));

    expect([state.uid, state.mode & 0o777]).toEqual([us, 0o600]);
    expect([data.uid, data.mode & 0o777]).toEqual([us === 0 ? 65534 : us, 0o700]);
    expect(server.tokenSecret).toMatch(/^[0-9a-f]{64}$/);
  });
});

test("other callers connect while the server runs, do not stop it, and get null after it stops", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const server = await start(dataDir);

  const connected = await connectEmbeddedPostgres({ dataDir });
  const read = readEmbeddedEndpoint(dataDir);
  await connected?.stop();
  const answer = await ask(server.appUrl, "SELECT 1 AS one");
  await server.stop();

  expect(connected).toMatchObject({ appUrl: server.appUrl, startedByUs: false });
  expect(read).toMatchObject({ appUrl: server.appUrl, tokenSecret: server.tokenSecret });
  expect(answer).toEqual([{ one: 1 }]);
  expect(await connectEmbeddedPostgres({ dataDir })).toBeNull();
  expect(readEmbeddedEndpoint(dataDir)).toBeNull();
});

test("the next start takes over a server whose starter was killed, and stops it", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const starter = new StarterProcess(dataDir);
  const ready = await starter.line("ready");
  await starter.kill();

  const server = await start(dataDir);
  await server.stop();

  expect(ready).toBe(`ready true ${server.superUrl}`);
  expect(server.startedByUs).toBe(true);
  await expect(ask(server.superUrl, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
});

test("two simultaneous starts share one server, and the last one to leave stops it", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const starters = [new StarterProcess(dataDir), new StarterProcess(dataDir)] as const;

  const lines = await Promise.all(starters.map((starter) => starter.line("ready")));
  await starters[0].leave();
  const between = await connectEmbeddedPostgres({ dataDir });
  await starters[1].leave();

  expect(lines.map((line) => line.split(" ")[1]).sort()).toEqual(["false", "true"]);
  expect(new Set(lines.map((line) => line.split(" ")[2]))).toEqual(new Set([between?.superUrl]));
  expect(await connectEmbeddedPostgres({ dataDir })).toBeNull();
});

test("the next start replaces a server that died, and the last starter to leave stops it", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const starter = new StarterProcess(dataDir);
  await starter.line("ready");
  const pidFile = readFileSync(path.join(dataDir, "data/postmaster.pid"), "utf8");
  process.kill(Number.parseInt(pidFile, 10), "SIGKILL");

  const server = await start(dataDir);
  const answer = await ask(server.appUrl, "SELECT 1 AS one");
  await server.stop();
  const afterOne = await connectEmbeddedPostgres({ dataDir });
  await starter.leave();

  expect(answer).toEqual([{ one: 1 }]);
  expect(afterOne?.appUrl).toBe(server.appUrl);
  expect(await connectEmbeddedPostgres({ dataDir })).toBeNull();
});

test("Ctrl-C does not stop the server: its starter stops it at its end", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const starter = new StarterProcess(dataDir);
  await starter.line("ready");

  starter.interrupt();

  expect(await starter.line("interrupted")).toBe("interrupted true");
  await starter.ended;
  expect(await connectEmbeddedPostgres({ dataDir })).toBeNull();
});

test("the next start succeeds after a start was killed while it created the database", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const starter = new StarterProcess(dataDir);
  await starter.line("Starting PostgreSQL");
  await starter.kill();

  const server = await start(dataDir);

  expect(await ask(server.appUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test("an incomplete data directory is not used as a database", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  mkdirSync(path.join(dataDir, "data.init-0123"), { recursive: true });
  writeFileSync(path.join(dataDir, "data.init-0123/PG_VERSION"), "18\n");

  const server = await start(dataDir);

  expect(await ask(server.appUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith("data"))).toEqual(["data"]);
});

test("a killed server starts again, even if another program has its pid now", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  const first = await start(dataDir);
  await first.stop();
  const pidFile = path.join(dataDir, "data/postmaster.pid");
  const lines = [process.pid, path.join(dataDir, "data"), 1, 1, "", "127.0.0.1", "", "ready"];
  writeFileSync(pidFile, `${lines.join("\n")}\n`, { mode: 0o666 });

  const second = await start(dataDir);

  expect(await ask(second.appUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("every start uses the same fallback if the wanted folder cannot be used", async () => {
  const dataDir = path.join(scratchFolder(), ...Array<string>(8).fill("long".repeat(50)));
  const log: string[] = [];
  const first = await start(dataDir, log);
  await first.stop();

  const second = await start(dataDir);
  const connected = await connectEmbeddedPostgres({ dataDir });
  await second.stop();

  expect(log[0]).toBe(
    `${dataDir} cannot be used (the path is too long); storing the data in ${first.dataDir}`,
  );
  expect(second.dataDir).toBe(first.dataDir);
  expect(connected?.appUrl).toBe(second.appUrl);
  rmSync(first.dataDir, { recursive: true });
});

test.each([
  ["the data of another PostgreSQL", "PG_VERSION", "17\n", "is the data directory of another"],
  ["other files", "letter.txt", "Dear Ada", "contains other files (letter.txt) and no database"],
  [
    "a database without its passwords",
    "data/PG_VERSION",
    "18\n",
    "passwords (state.json) is missing",
  ],
  ["a damaged state", "state.json", "{", "state.json is damaged"],
])("a folder with %s is refused and not changed", async (_what, file, content, message) => {
  const dataDir = scratchFolder();
  mkdirSync(path.dirname(path.join(dataDir, file)), { recursive: true });
  writeFileSync(path.join(dataDir, file), content);

  await expect(start(dataDir)).rejects.toThrow(message);

  expect(readFileSync(path.join(dataDir, file), "utf8")).toBe(content);
  expect(await connectEmbeddedPostgres({ dataDir }).catch(() => null)).toBeNull();
});

test("data of another major version is refused with advice", async () => {
  const dataDir = path.join(scratchFolder(), "postgres");
  await (await start(dataDir)).stop();
  writeFileSync(path.join(dataDir, "data/PG_VERSION"), "17\n");

  await expect(start(dataDir)).rejects.toThrow(
    "was made by PostgreSQL 17; this version of Fabula uses PostgreSQL 18. Dump it with PostgreSQL 17",
  );
});
