import type pg from "pg";
import type { BackfillOptions } from "../../../src/legacy/backfill/backfill-options.js";
import { backfill } from "../../../src/legacy/backfill/backfill.js";
import { openParts } from "../../../src/legacy/backfill/checkpoints.js";
import { Throttle } from "../../../src/legacy/backfill/throttle.js";
import { connect } from "../../../src/legacy/connection.js";
import { PAIRS } from "../../../src/legacy/pairs.js";
import { asOnlyRunner, joinRunner } from "../../../src/legacy/runner-lock.js";
import { gate, untilSleeping } from "../../support/blocked.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
});
afterEach(() => legacy.drop());

/** Narrations with these ids, of one user and one story, before expand. */
async function givenNarrations(ids: readonly number[]): Promise<void> {
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  await legacy.old(
    "INSERT INTO stories (title, content, category, upload_type) VALUES ('The Ferry', 'Rain.', 'tale', 'text')",
  );
  await legacy.old(
    `INSERT INTO story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
     SELECT n.id, s.id, 'ada', 'alloy', 'ai', '[{"text": "Rain."}, {"text": "Night."}]', 0
     FROM stories s, unnest($1::int[]) n (id)`,
    [ids],
  );
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const narrations = async () =>
  (
    await legacy.superuser<{ id: number }>(
      `SELECT n.id::int AS id FROM instances.user_story_narrations n
       WHERE 2 = (SELECT count(*) FROM instances.user_narration_segments s WHERE s.narration_id = n.id) ORDER BY n.id`,
    )
  ).map(({ id }) => id);

const sum = async () => {
  const [row] = await legacy.superuser(
    `SELECT sum(taken)::int AS taken, sum(written)::int AS written, bool_and(is_done) AS is_done
     FROM legacy_sync.checkpoints WHERE pair = 'narrations'`,
  );
  return row;
};

const partsOf = async (name: string) => {
  const pair = PAIRS.find((each) => each.name === name);
  if (!pair) throw new Error(`There is no pair ${name}.`);
  const parts = await openParts(legacy.operator, pair);
  return parts.map(({ after, until }) => [after, until]);
};

const copy = (options: Partial<BackfillOptions>) =>
  backfill(legacy.operator, {
    pairs: PAIRS,
    ...{ largestBatch: 2, mostActive: 1_000, shouldStop: () => false },
    lanes: { most: 2, open: () => connect(legacy.superUrl) },
    watcher: { started: () => undefined, advanced: () => undefined, finished: () => undefined },
    ...options,
  });

/** Connections whose batch number `batch` of the narrations fails, before it changes anything. */
const failingAt = (batch: number) => async () => {
  const client = await connect(legacy.superUrl);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let batches = 0;
  client.query = ((...args: unknown[]) => {
    if (String(args[0]).includes("backfill_narrations")) batches += 1;
    return batches >= batch ? Promise.reject(new Error("The lane has failed.")) : query(...args);
  }) as pg.Client["query"];
  return client;
};

test("several lanes copy keys with gaps and below zero, and a second run writes nothing", async () => {
  const ids = [-2_147_483_648, -7, -6, 0, ...upTo(40), 900_000, 2_000_000_000, 2_147_483_647];
  await givenNarrations(ids);
  await migrate.text("expand");

  await migrate.text("backfill", "--lanes", "3", "--batch", "2");
  const first = [await narrations(), await sum()];
  await migrate.text("backfill");

  const count = ids.length;
  expect(first).toEqual([ids, { taken: count, written: count, is_done: true }]);
  expect([await narrations(), await sum()]).toEqual([ids, { ...first[1], written: 0 }]);
});

test("the parts of a table have equally many rows, and together all keys", async () => {
  await givenNarrations([-5, ...upTo(30), 1_000_000]);
  await migrate.text("expand");

  const parts = await partsOf("narrations");

  expect(parts).toHaveLength(16);
  expect([parts[0], parts[1], parts[15]]).toEqual([
    [null, "1"],
    ["1", "3"],
    ["29", null],
  ]);
  expect(await partsOf("users")).toEqual([[null, null]]);
});

test("a table without rows is one part, and its backfill ends", async () => {
  await migrate.text("expand");

  expect(await partsOf("narrations")).toEqual([[null, null]]);
  expect(await migrate.text("backfill", "--lanes", "4")).toContain("The backfill is complete.");
});

test("narrations that the old application deletes or adds meanwhile are deleted and added here", async () => {
  await givenNarrations(upTo(40));
  await migrate.text("expand");
  let isChanged = Promise.resolve<unknown>(undefined);
  let batches = 0;

  await copy({
    watcher: {
      started: () => undefined,
      advanced: ({ name }) => {
        if (name !== "narrations" || ++batches !== 2) return;
        isChanged = legacy
          .old("DELETE FROM story_narrations WHERE id % 2 = 0")
          .then(() =>
            legacy.old("UPDATE story_narrations SET id = 100 - id WHERE id IN (1, 21, 39)"),
          );
      },
      finished: () => undefined,
    },
  });
  await isChanged;
  await copy({});

  const odd = upTo(40).filter((id) => id % 2 === 1 && ![1, 21, 39].includes(id));
  expect(await narrations()).toEqual([...odd, 61, 79, 99]);
});

test("when one lane fails, the other one stops, and the next run goes on in both parts", async () => {
  await givenNarrations(upTo(200));
  await migrate.text("expand");

  const failed = copy({ lanes: { most: 2, open: failingAt(3) } });

  await expect(failed).rejects.toThrow("The lane has failed.");
  const halfway = await narrations();
  expect(halfway).toEqual(expect.arrayContaining([1, 14, 15, 16]));
  expect(halfway.length).toBeLessThan(200);
  expect(await sum()).toEqual({ taken: halfway.length, written: halfway.length, is_done: false });
  expect(await migrate.text("backfill")).toContain("The backfill is complete.");
  expect([await narrations(), await sum()]).toEqual([
    upTo(200),
    { taken: 200, written: 200, is_done: true },
  ]);
});

test("while other sessions work, only the first lane copies", async () => {
  await givenNarrations(upTo(100));
  await migrate.text("expand");
  const other = await connect(legacy.superUrl, "of another");
  const sleeping = other.query("SELECT pg_sleep(600)").catch(() => "ended");
  await untilSleeping(legacy, 1);

  // The lane fails at its first batch.
  await copy({ mostActive: 7, lanes: { most: 2, open: failingAt(1) } });

  expect([await narrations(), await sum()]).toEqual([
    upTo(100),
    { taken: 100, written: 100, is_done: true },
  ]);
  await legacy.superuser(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
  );
  expect(await sleeping).toBe("ended");
});

test("a backfill that stopped goes on with another number of lanes", async () => {
  await givenNarrations(upTo(100));
  await migrate.text("expand");
  let batches = 0;

  const ending = await copy({
    lanes: { most: 3, open: () => connect(legacy.superUrl) },
    shouldStop: () => batches >= 7,
    watcher: {
      started: () => undefined,
      advanced: ({ name }) => {
        if (name === "narrations") batches += 1;
      },
      finished: () => undefined,
    },
  });
  await migrate.text("backfill", "--lanes", "1");

  expect(ending).toBe("stopped");
  expect([await narrations(), await sum()]).toEqual([
    upTo(100),
    { taken: 100, written: 100, is_done: true },
  ]);
});

test("a pause stops all lanes, each after its batch", async () => {
  await givenNarrations(upTo(100));
  await migrate.text("expand");
  await migrate.text("pause");
  const pairs = PAIRS.filter(({ name }) => ["users", "stories"].includes(name));
  const cut = PAIRS.filter(({ isCut }) => isCut);
  for (const each of pairs) await copy({ pairs: [each] });

  const ending = await copy({ pairs: cut });

  expect(ending).toBe("paused");
  expect(await sum()).toMatchObject({ taken: 4, is_done: false });
});

test("a row that cannot be written goes into quarantine, whichever lane meets it", async () => {
  await givenNarrations(upTo(60));
  await legacy.superuser(
    "ALTER TABLE instances.user_story_narrations ADD CONSTRAINT odd CHECK (id NOT IN (3, 33, 60))",
  );
  await migrate.text("expand");

  await migrate.text("backfill", "--lanes", "2");

  expect(await narrations()).toEqual(upTo(60).filter((id) => ![3, 33, 60].includes(id)));
  expect(await sum()).toEqual({ taken: 60, written: 57, is_done: true });
});

test("the next runner waits until the lanes of a killed runner are closed", async () => {
  const lane = await connect(legacy.superUrl);
  await joinRunner(lane);

  const refused = asOnlyRunner(legacy.operator, () => Promise.resolve("ran"));
  await expect(refused).rejects.toThrow("Another runner works on this database");
  await lane.end();

  expect(await asOnlyRunner(legacy.operator, () => Promise.resolve("ran"))).toBe("ran");
});

test("all lanes wait while the server is busy, and one of them asks", async () => {
  let asked = 0;
  let isBusy = true;
  const hasAsked = gate();
  const client = {
    query: () => {
      asked += 1;
      if (asked === 2) hasAsked.open();
      return Promise.resolve({ rows: [{ active: isBusy ? 9 : 0 }] });
    },
  } as unknown as pg.Client;
  const throttle = new Throttle({ mostActive: 4, shouldStop: () => false });
  const rested: string[] = [];

  const lanes = ["first", "second"].map((lane) =>
    throttle.rest(client, 0).then(() => rested.push(lane)),
  );
  await hasAsked.opened;
  const whileBusy = [...rested];
  isBusy = false;
  await Promise.all(lanes);

  expect([whileBusy, rested, asked]).toEqual([[], ["first", "second"], 3]);
});
