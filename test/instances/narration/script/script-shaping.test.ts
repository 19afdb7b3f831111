import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { lineStore } from "../../../../src/instances/rendering/lines.store.js";
import { edited, narrated, textsOf } from "../../rendering/narrated.js";
import { Studio } from "../../rendering/studio.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

type Change = Parameters<TestApp["services"]["scriptShaping"]["change"]>[2];

const change = async (narration: NarrationEntity, what: Change): Promise<NarrationEntity> =>
  app.services.scriptShaping.change(ada, await app.given.reread(narration), what);

const insert = async (
  narration: NarrationEntity,
  after: number,
  ...texts: readonly string[]
): Promise<NarrationEntity> => {
  const segments = texts.map((text) => ({ text }));
  const now = await app.given.reread(narration);
  return app.services.scriptShaping.insert(ada, now, { after, segments });
};

const placesOf = async (narration: NarrationEntity): Promise<readonly unknown[]> =>
  (await app.given.script(narration)).map(({ storyPosition }) => storyPosition);

test("segments are inserted at the start, in the middle and at the end", async () => {
  const narration = await narrated(app);
  const before = await textsOf(app, narration);

  await insert(narration, -1, "One.", "Two.");
  await insert(narration, 2, "Three.");
  const last = await insert(narration, 7, "Four.");

  const [first, ...rest] = before;
  expect(await textsOf(app, narration)).toEqual([
    "One.",
    "Two.",
    first,
    "Three.",
    ...rest,
    "Four.",
  ]);
  expect(await placesOf(narration)).toEqual([null, null, 0, null, 1, 2, 3, 4, null]);
  expect(last).toMatchObject({ segmentCount: 9, version: narration.version + 3 });
  expect((await app.given.script(narration))[3]).toMatchObject({
    ...{ position: 3, kind: "narration", speakerId: null, emotion: "neutral", isEdited: true },
    ...{ intensity: 0, voice: null, prosody: null, pauseAfterMs: null, recipeKey: null },
  });
});

test("a segment is split and joined again, and the script is as before", async () => {
  const narration = await narrated(app);
  const [before] = await app.given.script(narration);
  const at = before?.text.indexOf("bell") ?? 0;

  await change(narration, { split: { index: 0, at } });
  const parts = await app.given.script(narration);
  await change(narration, { join: { index: 0 } });
  const [joined] = await app.given.script(narration);
  const reset = await app.services.narrations.updateSegments(
    ada,
    await app.given.reread(narration),
    [{ index: 0, reset: true }],
  );

  expect(parts.slice(0, 2)).toMatchObject([
    { position: 0, storyPosition: 0, text: "The", isEdited: true },
    { position: 1, storyPosition: 0, text: "bell rang.", isEdited: true },
  ]);
  expect(joined).toMatchObject({ text: before?.text.trim(), storyPosition: 0, isEdited: true });
  expect(reset).toMatchObject({
    ...{ segmentCount: narration.segmentCount, scriptHash: narration.scriptHash },
  });
});

test("an inserted segment that is joined with the story's next one tells that one, and a reset gives that one back", async () => {
  const narration = await narrated(app);
  const [first] = await textsOf(app, narration);
  await insert(narration, -1, "Chapter one.");

  await change(narration, { join: { index: 0 } });
  const joined = await textsOf(app, narration);
  const places = await placesOf(narration);
  const reset = await app.services.narrations.updateSegments(
    ada,
    await app.given.reread(narration),
    [{ index: 0, reset: true }],
  );

  expect(joined[0]).toBe(`Chapter one. ${String(first)}`);
  expect(places).toEqual([0, 1, 2, 3, 4]);
  expect(reset.scriptHash).toBe(narration.scriptHash);
});

test("an insertion that is deleted gives the earlier hash again", async () => {
  const narration = await narrated(app);

  const inserted = await insert(narration, 1, "New.", "Newer.");
  const deleted = await change(narration, { remove: { indexes: [3, 2] } });

  expect(inserted.scriptHash).not.toBe(narration.scriptHash);
  expect(deleted.scriptHash).toBe(narration.scriptHash);
});

test("neither an inserted segment nor a part of a split one can be reset, and the message says why", async () => {
  const narration = await narrated(app);
  await insert(narration, -1, "New.");
  await change(narration, { split: { index: 1, at: 4 } });

  for (const index of [0, 1, 2]) {
    const now = await app.given.reread(narration);
    const resetting = app.services.narrations.updateSegments(ada, now, [{ index, reset: true }]);
    await expect(resetting).rejects.toThrow(`Segment ${index} of this narration cannot be reset`);
  }
  await edited(app, narration, { index: 3, text: "Other." });
  await app.services.narrations.updateSegments(ada, await app.given.reread(narration), [
    { index: 3, reset: true },
  ]);
  expect((await app.given.script(narration))[3]).toMatchObject({
    storyPosition: 1,
    isEdited: false,
  });
});

test.each<[string, Change, string]>([
  [
    "a split behind the script",
    { split: { index: 9, at: 1 } },
    "has no segment 9; its script has 5",
  ],
  ["a split at the start", { split: { index: 0, at: 0 } }, "need a letter or a digit"],
  ["a split before the full stop", { split: { index: 0, at: 13 } }, "need a letter or a digit"],
  ["a split behind the text", { split: { index: 0, at: 999 } }, "need a letter or a digit"],
  ["a join of the last segment", { join: { index: 4 } }, "is the last one"],
  ["a join behind the script", { join: { index: 5 } }, "has no segment 5; its script has 5"],
  ["a deletion of nothing", { remove: { indexes: [] } }, "indexes is empty"],
  ["a deletion of all", { remove: { indexes: [0, 1, 2, 3, 4] } }, "at least one segment"],
  ["a deletion of a missing one", { remove: { indexes: [7] } }, "has no segment 7"],
])("%s is refused, and nothing changes", async (_name, what, message) => {
  const narration = await narrated(app);
  const before = await app.given.script(narration);

  await expect(change(narration, what)).rejects.toThrow(message);

  expect(await app.given.script(narration)).toEqual(before);
  expect((await app.given.reread(narration)).version).toBe(narration.version);
});

test("a character of two UTF-16 units is not split", async () => {
  const narration = await narrated(app);
  await edited(app, narration, { index: 0, text: "one \u{1D7D8} two" });

  await expect(change(narration, { split: { index: 0, at: 5 } })).rejects.toThrow("two halves");
});

test("a stale version is a conflict, and a narration that renders is refused", async () => {
  const narration = await narrated(app);
  const remove = { remove: { indexes: [0] } };
  const shape = (at: NarrationEntity) => app.services.scriptShaping.change(ada, at, remove);
  await shape(narration);

  await expect(shape(narration)).rejects.toThrow("version");
  await app.superuser("UPDATE instances.user_story_narrations SET status = 'rendering'");
  await expect(shape(await app.given.reread(narration))).rejects.toThrow("is rendering");
});

test("the failed segment of the last render moves with the script", async () => {
  const narration = await narrated(app);
  await app.superuser(
    `UPDATE instances.user_story_narrations SET failure = '{"code": "RENDER_FAILED", "message": "No.", "position": 2}'`,
  );

  const inserted = await insert(narration, 0, "New.", "Newer.");
  const deleted = await change(narration, { remove: { indexes: [0] } });
  const gone = await change(narration, { remove: { indexes: [3] } });

  expect([inserted, deleted, gone].map(({ failure }) => failure)).toMatchObject([
    { position: 4 },
    { position: 3 },
    { position: null },
  ]);
});

test("a long script changes with as many statements as a short one", async () => {
  const count = async (sentences: number) => {
    const text = Array.from({ length: sentences }, (_, n) => `She counted to ${n}.`).join("\n\n");
    const story = await app.given.story({ text, analyse: true });
    const narration = await app.given.narration({ owner: "ada", story });
    const counted = async (work: () => Promise<unknown>) => {
      const meter = newSqlMeter();
      await meterClient(meter, null, work);
      return meter.statements.length;
    };
    const added = Array.from({ length: sentences }, (_, n) => `And ${n}.`);
    return {
      inserted: await counted(() => insert(narration, -1, ...added)),
      split: await counted(() => change(narration, { split: { index: 0, at: 4 } })),
      joined: await counted(() => change(narration, { join: { index: 0 } })),
      deleted: await counted(() =>
        change(narration, { remove: { indexes: added.map((_, index) => index) } }),
      ),
    };
  };

  const short = await count(2);

  expect(await count(200)).toEqual(short);
  // The narration (read by the test, locked, changed) and four statements for the script; split and join also read.
  expect(short).toEqual({ inserted: 7, split: 8, joined: 8, deleted: 7 });
});

describe("after a render", () => {
  let studio: Studio;
  beforeEach(async () => {
    studio = await Studio.open(app);
  });
  afterEach(() => studio.close());

  test("only new segments are spoken, and the others keep their sound and its time", async () => {
    const narration = await narrated(app);
    await studio.render(narration);
    studio.newlySaid();
    const before = await app.given.script(narration);

    await insert(narration, 1, "A new line.");
    const moved = await app.given.script(narration);
    await studio.render(narration);
    const inserted = studio.newlySaid();
    await change(narration, { split: { index: 0, at: 4 } });
    await studio.render(narration);
    const split = studio.newlySaid();
    await change(narration, { join: { index: 0 } });
    await change(narration, { remove: { indexes: [1] } });
    await studio.render(narration);

    const soundOf = ({ recipeKey, startMs }: (typeof before)[number]) => ({ recipeKey, startMs });
    expect(moved.toSpliced(2, 1).map(soundOf)).toEqual(before.map(soundOf));
    expect(inserted).toEqual(["A new line."]);
    expect(split).toEqual(["The", "bell rang."]);
    expect(studio.newlySaid()).toEqual([]);
  });

  const endingsOf = async (narration: NarrationEntity) => {
    const scripts = await app.services.database.read({ viewer: "ada" }, async (tx) =>
      lineStore.scripts(tx, ada, [narration]),
    );
    return (scripts.get(narration.id) ?? []).map(({ breakAfter }) => breakAfter);
  };

  test("the parts of a split segment have no pause of a paragraph between them", async () => {
    const narration = await narrated(app);
    await change(narration, { split: { index: 0, at: 4 } });

    expect((await endingsOf(narration)).slice(0, 2)).toEqual([null, "paragraph"]);
  });

  test("a line ends as strongly as the lines that were joined with it or deleted behind it", async () => {
    const text = "“Who is there?” asked Lena.\n\n* * *\n\nThe bell rang.\n\nThey slept.";
    const story = await app.given.story({ text, analyse: true });
    const [joined, deleted] = [
      await app.given.narration({ owner: "ada", story }),
      await app.given.narration({ owner: "ada", story }),
    ];
    const before = await endingsOf(joined);

    await change(joined, { join: { index: 0 } });
    await change(deleted, { remove: { indexes: [1] } });

    expect(before.slice(0, 2)).toEqual([null, "scene"]);
    expect((await endingsOf(joined)).slice(0, 2)).toEqual(["scene", before[2]]);
    expect((await endingsOf(deleted)).slice(0, 2)).toEqual(["scene", before[2]]);
  });
});
