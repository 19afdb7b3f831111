import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { BRIDGE } from "../../support/texts.js";
import {
  bensPlace,
  lineId,
  resumed,
  save,
  storyId,
  storySegmentId,
  twoNarrations,
} from "../harness/listening.flow.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const SAVED = "saveListeningPosition.listeningPosition";

describe("another narrator goes on", () => {
  test("at the same sentence, as far into it", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    const [first, second] = await app.given.script(bens);
    const before = 100 * ((first?.text.length ?? 0) + (second?.text.length ?? 0));

    await save(app, "ben", bensPlace(story, adas, { offsetMs: 300 }));

    const [inAdas, inBens] = await resumed(app, "ben", adas, bens);
    expect(inAdas).toMatchObject({ offsetMs: 300, segment: { text: "shouted Marta angrily." } });
    expect(inBens).toEqual({
      offsetMs: 600,
      startMs: before + 600,
      segment: { index: 2, text: "shouted Marta angrily." },
    });
  });

  test("at the beginning of the sentence if its script has no sound", async () => {
    const { story, adas } = await twoNarrations(app);
    const silent = await app.given.narration({ owner: "ben", story });

    await save(app, "ben", bensPlace(story, adas, { offsetMs: 300 }));

    expect(await resumed(app, "ben", silent)).toEqual([
      { offsetMs: 0, startMs: null, segment: { index: 2, text: "shouted Marta angrily." } },
    ]);
  });

  test("nowhere before the person has begun, and without a script", async () => {
    const story = await app.given.story({ publish: true });
    const waiting = await app.given.narration({ owner: "ben", story });

    expect(await resumed(app, "ben", waiting)).toEqual([null]);
  });

  test("at the sentence if the owner inserted text before it", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    await insertLines(bens, { at: 0, count: 3 });

    await save(app, "ben", bensPlace(story, adas));

    expect(await resumed(app, "ben", bens)).toMatchObject([
      { segment: { index: 5, text: "shouted Marta angrily." } },
    ]);
  });

  test("in the right half if the owner split the sentence", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    await insertLines(bens, { at: 3, count: 1, storyPosition: 2, ms: 2_200 });

    const half = 50 * "shouted Marta angrily.".length * 0.75;
    await save(app, "ben", bensPlace(story, adas, { offsetMs: half }));

    expect(await resumed(app, "ben", bens)).toMatchObject([
      { offsetMs: 1_100, segment: { index: 3 } },
    ]);
    await save(app, "ben", {
      storyId: storyId(story),
      segmentId: lineId(bens, 3),
      offsetMs: 1_100,
    });
    expect(await resumed(app, "ben", adas)).toMatchObject([
      { offsetMs: half, segment: { index: 2 } },
    ]);
  });

  test("inside the longer line if the owner joined sentences, and back", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    const [, , third, fourth] = await app.given.script(bens);
    await removeLine(bens, 3);

    await save(app, "ben", bensPlace(story, adas, { segmentId: storySegmentId(adas, 3) }));

    const [joined] = await resumed(app, "ben", bens);
    const start = BRIDGE.indexOf(third?.text ?? "");
    const at = BRIDGE.indexOf(fourth?.text ?? "") - start;
    const share = at / (at + (fourth?.text.length ?? 0));
    expect(joined).toMatchObject({ segment: { index: 2 } });
    expect(joined).toMatchObject({ offsetMs: Math.round(share * 100 * (third?.text.length ?? 0)) });
    const { offsetMs } = joined as { offsetMs: number };
    await save(app, "ben", {
      storyId: storyId(story),
      segmentId: lineId(bens, 2),
      offsetMs: offsetMs + 1,
    });
    expect(await resumed(app, "ben", adas)).toMatchObject([{ segment: { index: 3 } }]);
  });

  test("behind the sentence before, if the person heard text that the owner inserted", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    await insertLines(bens, { at: 3, count: 2, ms: 900 });

    const saved = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: lineId(bens, 4),
      offsetMs: 400,
    });

    expect(saved.at(SAVED)).toMatchObject({ storySegment: { index: 2 } });
    expect(await resumed(app, "ben", bens, adas)).toMatchObject([
      { offsetMs: 400, segment: { index: 4 } },
      { offsetMs: 50 * "shouted Marta angrily.".length, segment: { index: 2 } },
    ]);
  });

  test("at as large a share of a script that was not made from the story's segments", async () => {
    const { story, adas, bens } = await twoNarrations(app);
    await app.superuser(
      `UPDATE instances.user_narration_segments SET story_position = NULL WHERE narration_id = ${bens.id}`,
    );
    await app.superuser(
      `UPDATE instances.user_story_narrations SET analysis_id = NULL WHERE id = ${bens.id}`,
    );

    await save(app, "ben", bensPlace(story, adas, { segmentId: storySegmentId(adas, 4) }));
    expect(await resumed(app, "ben", bens)).toMatchObject([{ segment: { index: 4 } }]);

    await save(app, "ben", { storyId: storyId(story), segmentId: lineId(bens, 6), offsetMs: 70 });
    expect(await resumed(app, "ben", bens, adas)).toMatchObject([
      { offsetMs: 70, segment: { index: 6 } },
      { offsetMs: 0, segment: { index: 6 } },
    ]);
  });
});

/** Moves the lines from `at` on, and puts new lines there. */
async function insertLines(
  { userId, id, segmentCount }: NarrationEntity,
  {
    at,
    count,
    storyPosition = null,
    ms = 100,
  }: { at: number; count: number; storyPosition?: number | null; ms?: number },
): Promise<void> {
  const values = [userId, id, at];
  for (const by of [1_000, count - 1_000]) {
    await app.superuser(
      `UPDATE instances.user_narration_segments SET position = position + ${by}
       WHERE user_id = $1 AND narration_id = $2 AND position >= $3`,
      values,
    );
  }
  await app.superuser(
    `INSERT INTO instances.user_renditions (user_id, recipe_key, blob_key, duration_ms, words, size_bytes)
     VALUES ($1, 'inserted', 'owned/inserted', ${ms}, '[]', 1) ON CONFLICT DO NOTHING`,
    [userId],
  );
  await app.superuser(
    `INSERT INTO instances.user_narration_segments (user_id, narration_id, position, story_position, kind, text, recipe_key, start_ms)
     SELECT $1, $2, $3 + n, $5, 'narration', 'Listen: ' || n, 'inserted', 0 FROM generate_series(0, $4 - 1) n`,
    [...values, count, storyPosition],
  );
  await app.superuser(
    "UPDATE instances.user_story_narrations SET segment_count = $3 WHERE user_id = $1 AND id = $2",
    [userId, id, segmentCount + count],
  );
}

/** Removes a line, as if it had been joined with the line before. */
async function removeLine({ userId, id }: NarrationEntity, at: number): Promise<void> {
  await app.superuser(
    "DELETE FROM instances.user_narration_segments WHERE user_id = $1 AND narration_id = $2 AND position = $3",
    [userId, id, at],
  );
  for (const by of [1_000, -1_001]) {
    await app.superuser(
      `UPDATE instances.user_narration_segments SET position = position + ${by}
       WHERE user_id = $1 AND narration_id = $2 AND position >= $3`,
      [userId, id, at],
    );
  }
  await app.superuser(
    "UPDATE instances.user_story_narrations SET segment_count = segment_count - 1 WHERE user_id = $1 AND id = $2",
    [userId, id],
  );
}
