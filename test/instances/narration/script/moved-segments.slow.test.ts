import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import { reshapeStore } from "../../../../src/instances/narration/script/reshape.store.js";
import {
  combineHashes,
  segmentHash,
  sumOfHashes,
} from "../../../../src/instances/narration/script/script-hash.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { narrated, textsOf } from "../../rendering/narrated.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const insert = async (narration: NarrationEntity, after: number, ...texts: readonly string[]) => {
  const segments = texts.map((text) => ({ text }));
  const now = await app.given.reread(narration);
  return app.services.scriptShaping.insert(ada, now, { after, segments });
};

test("any change moves the other segments, and the hash is the sum over the rows", async () => {
  const narration = await narrated(app);
  await insert(narration, 4, ...Array.from({ length: 15 }, (_, n) => `Line ${n}.`));
  const { id, userId } = narration;
  const sumOfRows = async () => {
    const rows = await app.superuser<{ hash: Uint8Array }>(
      `SELECT ${segmentHash("g")} AS hash FROM instances.user_narration_segments g`,
    );
    return sumOfHashes(Buffer.concat(rows.map(({ hash }) => hash)));
  };
  const changes = [
    { removed: [], added: [0, 1, 5, 22] },
    { removed: [23, 3, 0, 4], added: [] },
    { removed: [2, 19, 7, 8], added: [0, 3, 4, 9, 20, 21] },
    { removed: [0], added: [21] },
    { removed: [21], added: [21] },
  ];

  for (const { removed, added } of changes) {
    const before = await textsOf(app, narration);
    const sum = await sumOfRows();
    const rows = added.map((position) => ({
      ...{ position, storyPosition: null, kind: "narration" as const, speakerId: null },
      ...{ text: `New at ${position} of ${before.length}.`, emotion: "joy", intensity: 0.3 },
      ...{ voice: null, prosody: { rate: 1.1 }, pauseAfterMs: 20 },
    }));
    const hash = await app.services.database.write(userId, (tx) =>
      reshapeStore.reshape(tx, ada, { id, segmentCount: before.length }, { removed, added: rows }),
    );

    const kept = before.filter((_, position) => !removed.includes(position));
    for (const { position, text } of rows) kept.splice(position, 0, text);
    expect(await textsOf(app, narration)).toEqual(kept);
    expect(combineHashes([sum, hash])).toBe(await sumOfRows());
  }
});

test("a script of a long book changes, also before PostgreSQL has analysed the rows", async () => {
  const narration = await narrated(app);
  const lines = 15_000;
  await app.superuser(
    `WITH written AS (INSERT INTO instances.user_narration_segments (user_id, narration_id, position, kind, text, emotion, intensity)
       SELECT user_id, id, n, 'narration', 'Line ' || n, 'neutral', 0
       FROM instances.user_story_narrations, generate_series(5, ${lines} - 1) n)
     UPDATE instances.user_story_narrations SET segment_count = ${lines}`,
  );

  await insert(narration, -1, "New.", "Newer.");
  for (const what of [
    { split: { index: 9, at: 4 } },
    { join: { index: 1_000 } },
    { remove: { indexes: [0, 12_000, lines] } },
  ]) {
    await app.services.scriptShaping.change(ada, await app.given.reread(narration), what);
  }

  const [row] = await app.superuser(
    "SELECT count(*)::int AS count, min(position) AS first, max(position) AS last FROM instances.user_narration_segments",
  );
  expect(row).toEqual({ count: lines - 1, first: 0, last: lines - 2 });
  expect((await app.given.reread(narration)).segmentCount).toBe(lines - 1);
});
