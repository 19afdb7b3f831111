import pg from "pg";
import { runCommand } from "../../../src/legacy/commands/run-command.js";
import { connect } from "../../../src/legacy/connection.js";
import { describeTransaction, oldTransactions } from "../../../src/legacy/old-transactions.js";
import { detach } from "../../../src/legacy/sync/attach.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
});
afterEach(() => legacy.drop());

const phase = async () => (await migrate.json<{ phase: string }>("status")).phase;

test("status names the phase and the next command, from the first look to the end of the backfill", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2')");
  const before = await migrate.text("status");
  await migrate.text("expand");
  const expanded = await migrate.text("status");
  await migrate.text("backfill");
  const backfilled = await migrate.text("status");
  await detach(legacy.operator, legacy.legacy);

  expect(before).toContain("Phase: not expanded");
  expect(before).toContain("npm run migrate -- expand");
  expect(expanded).toContain("Phase: backfilling 0 %");
  expect(expanded).toContain("Next: npm run migrate -- backfill");
  expect(backfilled).toContain("Phase: backfilled");
  expect(backfilled).toMatch(/users +2 of 2 rows read, 2 written, done/);
  expect(backfilled).toContain("Quarantine: empty");
  expect(await migrate.text("status")).toContain("Phase: detached");
});

test("status counts the writes of the old application and the rows in quarantine", async () => {
  await migrate.text("expand");
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2')");
  await legacy.superuser(
    "SELECT legacy_sync.refuse('stories', '7', 'u1', 'unmappable', 'no title')",
  );

  expect(await migrate.json("status")).toMatchObject({
    phase: "backfilling",
    legacyWrites: 2,
    quarantine: [{ table: "stories", reason: "unmappable", rows: 1 }],
    triggers: { missing: [] },
    runner: null,
  });
});

test("plan and expand name the tables and columns that a legacy database lacks", async () => {
  await legacy.old("DROP TABLE user_emotion_voices");
  await legacy.old("ALTER TABLE stories DROP COLUMN likes");
  const parts = "column stories.likes, table user_emotion_voices";

  expect(await migrate.text("plan")).toContain(`Missing: ${parts}. expand refuses`);
  await expect(migrate.text("expand")).rejects.toThrow(`This legacy database lacks: ${parts}.`);
  expect(await phase()).toBe("not expanded");
});

test("a database without legacy tables is refused, and status says why", async () => {
  await legacy.superuser("ALTER TABLE public.stories RENAME TO tales");

  for (const name of ["expand", "backfill", "pause"])
    await expect(migrate.text(name)).rejects.toThrow("This is no legacy database");
  expect(await phase()).toBe("no legacy database");
});

test("expand knows the zone of the legacy timestamps, and keeps it", async () => {
  await expect(migrate.text("expand", "--legacy-time-zone", "Mars/Olympus")).rejects.toThrow(
    'PostgreSQL knows no time zone "Mars/Olympus"',
  );

  const expanded = await migrate.text("expand", "--legacy-time-zone", "europe/berlin");
  await legacy.old("INSERT INTO users (id, created_at) VALUES ('u1', '2024-01-01 12:00')");

  expect(expanded).toContain("legacy timestamps in Europe/Berlin");
  expect(await legacy.superuser("SELECT created_at FROM platform.users")).toEqual([
    { created_at: new Date("2024-01-01T11:00:00Z") },
  ]);
  await expect(migrate.text("expand", "--legacy-time-zone", "UTC")).rejects.toThrow(
    "already read in the zone Europe/Berlin",
  );
});

test("expand says what it does, and old transactions are found before it waits for them", async () => {
  const reader = new pg.Client({
    connectionString: legacy.superUrl,
    application_name: "nightly report",
  });
  await reader.connect();
  await reader.query("BEGIN; SELECT FROM users");
  const [found] = await oldTransactions(legacy.operator, 0);
  await reader.end();

  await migrate.text("expand");

  expect(found && describeTransaction(found)).toMatch(
    /^pid \d+ \(nightly report\) is in a transaction since \d+ s, now idle in transaction$/,
  );
  expect(migrate.said).toEqual([
    "Preparing our schemas",
    "Creating the schema legacy_sync",
    "Attaching the triggers",
  ]);
});

test("a second expand changes nothing, and after a rollback it attaches again and asks for a new backfill", async () => {
  await migrate.text("expand");
  await migrate.text("backfill");
  const second = await migrate.json("expand");
  const afterSecond = await phase();
  await detach(legacy.operator, legacy.legacy);
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");

  const again = await migrate.text("expand");

  expect(second).toMatchObject({ wasAttached: true, mustRepeat: false });
  expect(afterSecond).toBe("backfilled");
  expect(again).toContain("npm run migrate -- backfill, then npm run migrate -- verify --repair");
  expect(await phase()).toBe("backfilling");
  await migrate.text("backfill");
  expect(await legacy.superuser("SELECT id FROM platform.users")).toEqual([{ id: "u1" }]);
});

test("one runner works at a time, and the second one is told who the first one is", async () => {
  const other = new pg.Client({
    connectionString: legacy.superUrl,
    application_name: "fabula migrate backfill",
  });
  await other.connect();
  await other.query("SELECT pg_advisory_lock(7301963)");

  const refusal = await migrate.text("expand").catch((error: unknown) => error);
  const status = await migrate.json<{ runner: string }>("status");
  await other.end();

  expect(refusal).toMatchObject({
    message: expect.stringContaining(
      "Another runner works on this database: fabula migrate backfill",
    ),
  });
  expect(status.runner).toContain("fabula migrate backfill (pid ");
});

test("each command explains itself, and an unknown command names the commands", async () => {
  const overview = await migrate.text();
  const help = await migrate.text("expand", "--help");

  expect(overview).toContain("usage: npm run migrate -- COMMAND");
  expect(overview).toMatch(/backfill +copies the rows that are there/);
  expect(help).toContain("--legacy-time-zone ZONE");
  await expect(migrate.text("explode")).rejects.toThrow(
    'There is no command "explode"; use plan, ',
  );
  await expect(migrate.text("status", "--fast")).rejects.toThrow(
    "usage: npm run migrate -- status",
  );
});

test.each([
  ["contract", "dry-run"],
  ["rollback", "purge"],
  ["verify", "repair"],
])("%s without the dashes before %s does nothing, and says so", async (command, word) => {
  await expect(migrate.text(command, word)).rejects.toThrow(
    `The word "${word}" has no meaning here; do you mean --${word}?\nusage: npm run migrate -- ${command} [--`,
  );
});

test("a backfill stays paused when resume does not know an option", async () => {
  await migrate.text("expand");
  await migrate.text("pause");

  await expect(migrate.text("resume", "--fast")).rejects.toThrow(
    "usage: npm run migrate -- resume",
  );

  await expect(migrate.text("backfill")).rejects.toThrow("The backfill is paused");
});

test("a command whose connection is lost says how to go on, and the next run does", async () => {
  await legacy.old("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 3) n");
  await migrate.text("expand");
  const client = await connect(legacy.superUrl, "backfill");
  const deletion = await holdRow(legacy, "DELETE FROM users WHERE id = 'u2'");
  const working = commandsOf({ ...legacy, operator: client }).text("backfill");
  const refusal = expect(working).rejects.toThrow(
    /^The connection to the database was lost .* a backfill goes on at its checkpoint\.$/,
  );
  await untilBlocked(legacy, 1);
  await legacy.superuser(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fabula migrate backfill' AND datname = current_database()",
  );
  await refusal;
  await deletion.release();

  expect(await migrate.text("backfill")).toContain("The backfill is complete.");
  await client.end().catch(() => undefined);
});

test("expand refuses a database in which our own server has worked, and installs nothing", async () => {
  await legacy.superuser("INSERT INTO platform.users (id) VALUES ('u1')");

  await expect(migrate.text("expand")).rejects.toThrow("Our schemas have users already");

  expect(await migrate.text("status")).toContain("Phase: not expanded");
});

test("wrong words get the usage without a database", async () => {
  const words = [
    ["backfill", "--batch", "many"],
    ["plan", "--fast"],
    ["quarantine", "burn"],
    ["contract", "--quiet-seconds", "x"],
  ];
  const noDatabase = () => Promise.reject(new Error("A database was opened."));

  for (const line of words) {
    await expect(runCommand(line, noDatabase)).rejects.toThrow(/usage: |is not a whole number/);
  }
});

test("with --json, an error is a JSON document, and the process ends with an error code", async () => {
  try {
    expect(await migrate.json("backfill")).toEqual({
      error: "The database is not expanded yet; run `npm run migrate -- expand` first.",
    });
    expect(process.exitCode).toBe(1);
    expect(await migrate.json("dance")).toMatchObject({
      error: expect.stringContaining('There is no command "dance"') as string,
    });
  } finally {
    process.exitCode = 0;
  }
});

test("expand says whether it attached the triggers for the first time, again, or not at all", async () => {
  const first = await migrate.text("expand");
  const repeated = await migrate.text("expand");
  await migrate.text("rollback");
  const again = await migrate.text("expand");

  expect(first).toContain("Both models are in step from now on.");
  expect(repeated).toContain("The database was expanded already; nothing has changed.");
  expect(again).toContain("Both models are in step again.");
});
