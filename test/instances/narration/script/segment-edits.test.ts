import {
  type NarrationEntity,
  type SegmentEdit,
  ownerOf,
} from "../../../../src/instances/index.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { type TestApp, testApp } from "../../../support/app.js";

const ada = ownerOf("ada");
const MOST_EDITS = 500;

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const edit = (narration: NarrationEntity, edits: readonly SegmentEdit[]) =>
  app.services.narrations.updateSegments(ada, narration, edits);

/** Edits the narration, and returns the changed narration with the statements that were sent. */
async function count(narration: NarrationEntity, edits: readonly SegmentEdit[]) {
  const meter = newSqlMeter();
  const edited = await meterClient(meter, null, () => edit(narration, edits));
  return { edited, statements: meter.statements.map(({ sql }) => sql.trim().split(" ")[0]) };
}

async function longNarration(): Promise<NarrationEntity> {
  const text = Array.from({ length: MOST_EDITS }, (_, n) => `She counted to ${n}.`).join("\n\n");
  return app.given.narration({
    owner: "ada",
    story: await app.given.story({ text, analyse: true }),
  });
}

test("500 edits send as many statements as one edit, and so do 500 resets", async () => {
  const narration = await longNarration();
  const all = Array.from({ length: MOST_EDITS }, (_, index) => index);
  const texts = all.map((index) => ({ index, text: `New words ${index}.` }));
  const resets = all.map((index) => ({ index, reset: true }));

  const one = await count(narration, texts.slice(0, 1));
  const every = await count(one.edited, texts);
  const oneReset = await count(every.edited, resets.slice(0, 1));
  const everyReset = await count(oneReset.edited, resets);

  expect(every.statements).toEqual(one.statements);
  expect(everyReset.statements).toEqual(oneReset.statements);
  expect(everyReset.edited.scriptHash).toBe(narration.scriptHash);
});

test("an absent member keeps the segment's value, and null clears it", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const set = { voice: "flite:rms", prosody: { rate: 0.8 }, pauseAfterMs: 400, intensity: 0.3 };
  const first = await edit(narration, [
    { index: 1, ...set, speakerId: "marta" },
    { index: 2, ...set, speakerId: "marta" },
  ]);

  await edit(first, [
    { index: 1, emotion: "joy" },
    {
      index: 2,
      voice: null,
      prosody: null,
      pauseAfterMs: null,
      speakerId: null,
      text: "No.",
    },
  ]);

  const [, kept, cleared] = await app.given.script(narration);
  expect(kept).toMatchObject({ ...set, speakerId: "marta", emotion: "joy", isEdited: true });
  expect(cleared).toMatchObject({
    ...{ voice: null, prosody: null, pauseAfterMs: null, speakerId: null },
    ...{ intensity: 0.3, text: "No.", isEdited: true },
  });
});

test("changes and resets of one call are made together", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const before = await app.given.script(narration);
  const edited = await edit(narration, [{ index: 0, text: "Mine.", pauseAfterMs: 5 }]);

  await edit(edited, [
    { index: 0, reset: true },
    { index: 1, text: "“Quoted” \\ \n and 🎭." },
  ]);

  const [first, second, ...others] = await app.given.script(narration);
  expect(first).toEqual(before[0]);
  expect(second).toMatchObject({ text: "“Quoted” \\ \n and 🎭.", isEdited: true });
  expect(others).toEqual(before.slice(2));
});

test("the error names the first segment that is missing, of changes and of resets", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const before = await app.given.script(narration);

  const editing = edit(narration, [
    { index: 0, text: "Good." },
    { index: 902, reset: true },
    { index: 901, text: "Bad." },
  ]);

  await expect(editing).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    inputPath: ["edits", "1", "index"],
  });
  await expect(editing).rejects.toThrow("has no segment 902; its script has");
  expect(await app.given.script(narration)).toEqual(before);
});

test("equal scripts of one analysis have equal hashes, whatever led to them", async () => {
  const story = await app.given.story({ analyse: true });
  const [one, two] = [
    await app.given.narration({ owner: "ada", story }),
    await app.given.narration({ owner: "ada", story }),
  ];
  const [words, voice] = [
    { index: 1, text: "Other words." },
    { index: 2, voice: "flite:rms" },
  ];

  const together = await edit(one, [words, voice]);
  const detour = await edit(await edit(two, [voice, { index: 1, text: "Nearly." }]), [words]);
  const undone = await edit(await edit(together, [{ index: 1, reset: true }]), [
    { index: 2, voice: null },
  ]);

  expect(one.scriptHash).toBe(two.scriptHash);
  expect(together.scriptHash).toMatch(/^[0-9a-f]{64}$/);
  expect(together.scriptHash).not.toBe(one.scriptHash);
  expect(detour.scriptHash).toBe(together.scriptHash);
  expect(undone.scriptHash).toBe(one.scriptHash);
});
