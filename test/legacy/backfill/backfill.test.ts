import { backfill } from "../../../src/legacy/backfill/backfill.js";
import { Pace } from "../../../src/legacy/backfill/pace.js";
import { connect } from "../../../src/legacy/connection.js";
import { holdRow, untilBlocked, untilUnblocked } from "../../support/blocked.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
});
afterEach(() => legacy.drop());

const givenUsers = (count: number) =>
  legacy.old("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, $1) n", [count]);

const usersOfOurs = async () =>
  (await legacy.superuser<{ id: string }>("SELECT id FROM platform.users ORDER BY id")).map(
    ({ id }) => id,
  );

const checkpoint = () =>
  legacy.superuser(
    "SELECT last_key, taken::int, written::int, is_done FROM legacy_sync.checkpoints WHERE pair = 'users'",
  );

/** Stops the backfill of the users after a number of batches. */
const stopAfter = async (batches: number) => {
  let done = 0;
  return backfill(legacy.operator, {
    pairs: [{ name: "users", table: "users", targets: ["platform.users"] }],
    largestBatch: 2,
    mostActive: 1_000,
    lanes: { most: 1, open: () => connect(legacy.superUrl) },
    watcher: {
      started: () => undefined,
      advanced: () => {
        done += 1;
      },
      finished: () => undefined,
    },
    shouldStop: () => done >= batches,
  });
};

test("a backfill copies what is there, goes on where it stopped, and a second run writes nothing", async () => {
  await givenUsers(5);
  await migrate.text("expand");

  const stopped = await stopAfter(1);
  const first = await checkpoint();
  const done = await migrate.text("backfill");
  const second = await checkpoint();
  const repetition = await migrate.json<{ checkpoints: object[] }>("backfill");

  expect(stopped).toBe("stopped");
  expect(first).toEqual([{ last_key: "u2", taken: 2, written: 2, is_done: false }]);
  expect(done).toContain("The backfill is complete.");
  expect(second).toEqual([{ last_key: "u5", taken: 5, written: 5, is_done: true }]);
  expect(await usersOfOurs()).toEqual(["u1", "u2", "u3", "u4", "u5"]);
  expect(repetition.checkpoints).toContainEqual(
    expect.objectContaining({ pair: "users", taken: 5, written: 0, isDone: true }),
  );
});

test("a pause stops a backfill after its batch, and resume goes on", async () => {
  await givenUsers(5);
  await migrate.text("expand");
  await migrate.text("pause");

  const paused = await stopAfter(9);
  const status = await migrate.text("status");
  const refusal = migrate.text("backfill");

  expect(paused).toBe("paused");
  expect(status).toContain("backfilling 40 % (paused)");
  await expect(refusal).rejects.toThrow("npm run migrate -- resume");
  expect(await migrate.text("resume")).toContain("The backfill is complete.");
  expect(await usersOfOurs()).toHaveLength(5);
});

test("Ctrl-C stops a backfill after its batch, and the process waits for it", async () => {
  await givenUsers(2_000);
  await migrate.text("expand");

  const working = migrate.text("backfill", "--batch", "1");
  while (migrate.cleanups.length === 0) await legacy.superuser("SELECT");
  await migrate.cleanups[0]?.();

  expect(await working).toContain("Stopped after a batch.");
});

test("a row that cannot be written goes into quarantine, and its neighbours are written", async () => {
  await givenUsers(5);
  await legacy.superuser("ALTER TABLE platform.users ADD CONSTRAINT no_third CHECK (id <> 'u3')");
  await migrate.text("expand");

  await migrate.text("backfill");

  expect(await usersOfOurs()).toEqual(["u1", "u2", "u4", "u5"]);
  expect(
    await legacy.superuser("SELECT source_table, source_id, reason FROM legacy_sync.quarantine"),
  ).toEqual([{ source_table: "users", source_id: "u3", reason: "not_allowed" }]);
  expect(await checkpoint()).toMatchObject([{ taken: 5, written: 4, is_done: true }]);
});

test("a backfill waits for a row that the old application has locked", async () => {
  await givenUsers(3);
  await migrate.text("expand");
  const deletion = await holdRow(legacy, "DELETE FROM users WHERE id = 'u2'");

  const working = migrate.text("backfill");
  await untilBlocked(legacy, 1);
  await untilUnblocked(legacy);
  await untilBlocked(legacy, 1);
  await deletion.release();

  expect(await working).toContain("The backfill is complete.");
  expect(await usersOfOurs()).toEqual(["u1", "u3"]);
});

test("a backfill without attached triggers is refused", async () => {
  await expect(migrate.text("backfill")).rejects.toThrow("npm run migrate -- expand");
  await migrate.text("expand");
  await legacy.superuser("DROP TRIGGER fabula_user_to_new ON public.users");

  await expect(migrate.text("backfill")).rejects.toThrow("The triggers are not attached");
  await expect(migrate.text("backfill", "--batch", "many")).rejects.toThrow(
    "--batch many is not a whole number",
  );
});

test("without a terminal, each pair gets one line", async () => {
  await givenUsers(3);
  await migrate.text("expand");

  await migrate.text("backfill");

  expect(migrate.said.filter((line) => line.startsWith("users: "))).toEqual([
    expect.stringMatching(/^users: 3 of 3 rows read, 3 written, \d\.\d s, \d+ rows\/s$/),
  ]);
});

test("batches grow and shrink towards 50 ms, between 20 and 5,000 rows", () => {
  const sizesAfter = (...batches: readonly number[]) => {
    const pace = new Pace();
    const sizes = [pace.size];
    for (const tookMs of batches) {
      pace.note(pace.size, tookMs);
      sizes.push(pace.size);
    }
    return sizes;
  };

  expect(sizesAfter(50, 40, 10, 10, 100)).toEqual([50, 50, 63, 126, 252, 126]);
  expect(sizesAfter(...Array.from({ length: 8 }, () => 1))).toContain(5_000);
  expect(sizesAfter(400, 400, 400)).toEqual([50, 25, 20, 20]);
});

test("a backfill rests after a batch that shows an overloaded server", () => {
  const pace = new Pace();

  pace.note(50, 700);
  const afterSlow = pace.restMs;
  pace.note(25, 40);

  expect([afterSlow, pace.restMs]).toEqual([700, 0]);
});
