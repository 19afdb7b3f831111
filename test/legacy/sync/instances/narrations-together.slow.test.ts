import pg from "pg";
import { ownerOf } from "../../../../src/instances/index.js";
import { UnavailableError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { differingNarrations } from "../../verify/differing-narrations.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";

const NARRATIONS = 40;
const ROUNDS = 100;
const WRITERS = 3;
const owner = ownerOf("u1");

let legacy: LegacyTestDatabase;
let app: TestApp;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy);
  app = await testApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

/** Numbers that are the same in each run, spread over the narrations. */
const spread = (round: number, writer: number): number =>
  1 + ((round * 7 + writer * 13) % NARRATIONS);

/** What the old application does in one round. Every statement must succeed. */
async function oldRound(round: number, writer: number): Promise<void> {
  const id = spread(round, writer);
  const text = `Old ${writer}.${round}.`;
  if (round % 3 === 0) {
    await legacy.old(
      "UPDATE story_narrations SET segments = jsonb_build_array($2::text, 'Two.'), updated_at = now() WHERE id = $1",
      [id, text],
    );
  } else if (round % 3 === 1) {
    await legacy.old("UPDATE story_narrations SET narrator_voice = $2 WHERE id = $1", [
      id,
      round % 2 === 0 ? "alloy" : "Nova ",
    ]);
  } else {
    await legacy.old("DELETE FROM story_narrations WHERE id = $1", [id]);
    await legacy.old(
      `INSERT INTO story_narrations (id, story_id, user_id, narrator_voice, narrator_voice_type, segments, total_duration)
       VALUES ($1, 1, 'u1', 'alloy', 'ai', jsonb_build_array($2::text, 'Two.'), 0) ON CONFLICT (id) DO NOTHING`,
      [id, text],
    );
  }
}

/** What our application does in one round. A narration that changed meanwhile is a conflict, as always. */
async function newRound(round: number, writer: number): Promise<number> {
  const [row] = await legacy.superuser<{ id: string; version: number }>(
    "SELECT id, version FROM instances.user_story_narrations WHERE id = $1",
    [spread(round, writer + WRITERS)],
  );
  if (!row) return 0;
  const { narrations } = app.services;
  const change =
    round % 2 === 0
      ? narrations.updateSegments(owner, row, [{ index: 0, text: `New ${writer}.${round}.` }])
      : narrations.update(owner, row, { title: `New ${writer}.${round}` });
  try {
    await change;
    return 1;
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    return 0;
  }
}

async function rounds<T>(one: (round: number, writer: number) => Promise<T>): Promise<T[][]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const results: T[] = [];
      for (let round = 0; round < ROUNDS; round += 1) results.push(await one(round, writer));
      return results;
    }),
  );
}

test("both applications write the same narrations, no statement of the old one fails, and no row differs", async () => {
  for (let id = 1; id <= NARRATIONS; id += 1)
    await oldNarration(legacy, { id, segments: ["One.", "Two."] });

  const [, changed] = await Promise.all([rounds(oldRound), rounds(newRound)]);

  expect(changed.flat().filter((count) => count === 1).length).toBeGreaterThan(20);
  expect(await differingNarrations(legacy)).toEqual([]);
  expect(await legacy.superuser("SELECT * FROM legacy_sync.quarantine")).toEqual([]);
});

test.each(["REPEATABLE READ", "SERIALIZABLE"])(
  "a transaction of the old application at %s fails behind a change of ours, as behind any other, and succeeds again",
  async (level) => {
    await oldNarration(legacy, { id: 1, segments: ["One."] });
    const client = new pg.Client({ connectionString: legacy.superUrl });
    await client.connect();
    await client.query(`SET ROLE ${legacy.legacy.owner}`);
    const write = () => client.query("UPDATE story_narrations SET narrator_voice = 'nova'");

    await client.query(`BEGIN ISOLATION LEVEL ${level}; SELECT count(*) FROM story_narrations`);
    await app.services.narrations.update(owner, { id: "1", version: 1 }, { title: "Mine" });
    const behind = await write().catch((error: unknown) => error);
    await client.query("ROLLBACK");
    await client.query(`BEGIN ISOLATION LEVEL ${level}`);
    await write();
    await client.query("COMMIT");
    await client.end();

    expect(behind).toMatchObject({ code: "40001" });
    expect(await differingNarrations(legacy)).toEqual([]);
    expect(await legacy.superuser("SELECT * FROM legacy_sync.quarantine")).toEqual([]);
  },
);

test("a change of ours gives way to a transaction of the old application, and is made after it", async () => {
  await oldNarration(legacy, { id: 1, segments: ["One."] });
  const client = new pg.Client({ connectionString: legacy.superUrl });
  await client.connect();
  await client.query(`SET ROLE ${legacy.legacy.owner}`);
  await client.query("BEGIN; SELECT FROM story_narrations WHERE id = 1 FOR UPDATE");

  const change = app.services.narrations.update(owner, { id: "1", version: 1 }, { title: "Mine" });
  await waitsForLock(client);
  await client.query("COMMIT");
  await client.end();

  expect(await change).toMatchObject({ title: "Mine", version: 2 });
  expect(await differingNarrations(legacy)).toEqual([]);
});

/** Resolves when another transaction waits for a lock of this client. */
async function waitsForLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))",
    );
    if (rows.length > 0) return;
  }
}
