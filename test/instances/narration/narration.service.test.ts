import { type NarrationInput, ownerOf } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ poolSize: 20 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const service = () => app.services.narrations;

describe("a new narration", () => {
  test("is a private draft in the first voice, with a cast of all characters who speak", async () => {
    const narration = await app.given.narration({ owner: "ada" });

    expect(narration).toMatchObject({
      userId: "ada",
      title: null,
      narratorVoice: "flite:slt",
      narratorVoiceName: "Sally",
      status: "draft",
      visibility: "private",
      edition: 0,
      shareToken: null,
      voiceModifications: {},
    });
    const { voiceCast } = narration;
    expect(voiceCast.map(({ characterName }) => characterName)).toEqual(["Marta", "Tobias"]);
    expect(new Set([narration.narratorVoice, ...voiceCast.map(({ voice }) => voice)]).size).toBe(3);
    expect(voiceCast.every(({ isAutomatic }) => isAutomatic)).toBe(true);
  });

  test("stores a title, a voice and modifications, and drops unknown members", async () => {
    const voiceModifications = {
      rate: 1.25,
      emotions: [{ emotion: " joy ", pitch: 2 }],
      lexicon: [{ word: "Marta", saidAs: "MAR-ta" }],
      surprise: true,
    };

    const narration = await app.given.narration({
      owner: "ada",
      title: " Mine ",
      narratorVoice: "flite:rms",
      voiceModifications,
    });

    expect(narration).toMatchObject({ title: "Mine", narratorVoiceName: "Robert" });
    expect(narration.voiceModifications).toEqual({
      rate: 1.25,
      emotions: [{ emotion: "joy", pitch: 2 }],
      lexicon: [{ word: "Marta", saidAs: "MAR-ta" }],
    });
  });

  test.each<[string, NarrationInput, string]>([
    ["an unknown voice", { narratorVoice: "flite:hal" }, 'There is no voice "flite:hal"; choose'],
    [
      "a rate out of bounds",
      { voiceModifications: { rate: 9 } },
      "voiceModifications.rate is above 2",
    ],
    ["a pitch that is not a number", { voiceModifications: { pitch: NaN } }, "pitch"],
    ["a title that is too long", { title: "x".repeat(201) }, "title is longer than 200 characters"],
    [
      "a lexicon without a word",
      { voiceModifications: { lexicon: [{ word: " ", saidAs: "x" }] } },
      "voiceModifications.lexicon.0.word is empty",
    ],
  ])("with %s is refused and not stored", async (_name, input, message) => {
    const making = app.given.narration({ owner: "ada", ...input });

    await expect(making).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    await expect(making).rejects.toThrow(message);
    expect(await app.superuser("SELECT FROM instances.user_story_narrations")).toEqual([]);
  });

  test("is refused for a draft, an archived and a missing story, each with its reason", async () => {
    const draft = await app.given.story({ author: "ada" });
    const story = await app.given.story({ author: "ada", publish: true });
    const archived = await app.services.stories.archive("ada", story);

    await expect(service().create(ada, { storyId: draft.id })).rejects.toMatchObject({
      code: "CONFLICT",
      message: `“${draft.title}” is a draft; publish it before narrating it.`,
    });
    await expect(service().create(ada, { storyId: archived.id })).rejects.toMatchObject({
      code: "CONFLICT",
      message: `“${story.title}” is archived and takes no new narrations.`,
    });
    await expect(service().create(ada, { storyId: 999_999 })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "There is no such story.",
    });
  });
});

describe("changing a narration", () => {
  test("sets given members, keeps absent members and clears null members", async () => {
    const narration = await app.given.narration({ owner: "ada", title: "Mine" });

    const recast = await service().update(ada, narration, {
      narratorVoice: "flite:rms",
      cast: [{ characterId: "marta", voice: "flite:slt-deep" }],
    });
    const cleared = await service().update(ada, recast, { title: null });

    expect(recast).toMatchObject({ title: "Mine", narratorVoiceName: "Robert", version: 2 });
    expect(recast.voiceCast[0]).toMatchObject({ voice: "flite:slt-deep", isAutomatic: false });
    expect(recast.voiceCast[1]).toMatchObject({ isAutomatic: true });
    expect(recast.voiceCast[1]?.voice).not.toBe("flite:rms");
    expect(cleared).toMatchObject({ title: null, narratorVoiceName: "Robert" });
  });

  test("to another narrator's voice casts again, but keeps the voices the owner chose", async () => {
    const narration = await app.given.narration({ owner: "ada" });
    const [chosen] = narration.voiceCast;
    const cast = [{ characterId: chosen?.characterId ?? "", voice: "flite:slt-deep" }];
    const mine = await service().update(ada, narration, { cast });
    const taken = mine.voiceCast[1]?.voice ?? "";

    const recast = await service().update(ada, mine, { narratorVoice: taken });

    expect(recast.voiceCast[0]).toEqual(mine.voiceCast[0]);
    expect(recast.voiceCast.map(({ voice }) => voice)).not.toContain(taken);
  });

  test.each<[string, NarrationInput, string]>([
    [
      "an unknown character",
      { cast: [{ characterId: "hal", voice: "flite:rms" }] },
      "no character",
    ],
    ["an unknown voice", { cast: [{ characterId: "marta", voice: "rms" }] }, 'no voice "rms"'],
    ["an unknown narrator's voice", { narratorVoice: "nobody" }, 'no voice "nobody"'],
    [
      "modifications for an unknown character",
      { voiceModifications: { characters: [{ characterId: "hal", rate: 1.1 }] } },
      'has no character "hal"',
    ],
    [
      "one character twice",
      { voiceModifications: { characters: [{ characterId: "marta" }, { characterId: "marta" }] } },
      "lists the same item twice",
    ],
    ["a title with a control character", { title: "\u0007" }, "control character"],
  ])("with %s is refused and changes nothing", async (_name, input, message) => {
    const narration = await app.given.narration({ owner: "ada" });

    const changing = service().update(ada, narration, { title: "Lost", ...input });

    await expect(changing).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    await expect(changing).rejects.toThrow(message);
    expect(await app.given.reread(narration)).toEqual(narration);
  });

  test("at an old version is a conflict that contains the current narration", async () => {
    const narration = await app.given.narration({ owner: "ada" });
    const newer = await service().update(ada, narration, { title: "Newer" });

    const stale = service().update(ada, narration, { title: "Older" });

    await expect(stale).rejects.toMatchObject({
      code: "CONFLICT",
      current: { title: "Newer", version: newer.version },
    });
  });

  test("twenty times at the same time succeeds once", async () => {
    const narration = await app.given.narration({ owner: "ada" });

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        service().update(ada, narration, { title: `Title ${n}` }),
      ),
    );

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await app.given.reread(narration)).version).toBe(narration.version + 1);
  });

  test("of another user fails as if the narration did not exist", async () => {
    const narration = await app.given.narration({ owner: "ada", publish: "public" });
    await app.given.user("ben");
    const ben = ownerOf("ben");
    const missing = { code: "NOT_FOUND", message: "You have no such narration." };

    await expect(service().update(ben, narration, {})).rejects.toMatchObject(missing);
    await expect(
      service().updateSegments(ben, narration, [{ index: 0, text: "x" }]),
    ).rejects.toMatchObject(missing);
    await expect(app.services.publishing.publish(ben, narration, "public")).rejects.toMatchObject(
      missing,
    );
    await expect(app.services.publishing.unpublish(ben, narration)).rejects.toMatchObject(missing);
    await expect(service().delete(ben, narration)).rejects.toMatchObject(missing);
    expect(await app.given.reread(narration)).toEqual(narration);
  });
});

describe("editing segments", () => {
  test("changes the named segments and keeps the others", async () => {
    const narration = await app.given.narration({ owner: "ada" });
    const before = await app.given.script(narration);

    const edited = await service().updateSegments(ada, narration, [
      { index: 1, text: " You came! ", emotion: "JOY", intensity: 0.9, voice: "flite:rms" },
      { index: 3, speakerId: null, pauseAfterMs: 400, prosody: { rate: 0.8 } },
    ]);

    const after = await app.given.script(narration);
    expect(after[1]).toMatchObject({
      text: "You came!",
      emotion: "joy",
      voice: "flite:rms",
      isEdited: true,
    });
    expect(after[3]).toMatchObject({ speakerId: null, pauseAfterMs: 400, prosody: { rate: 0.8 } });
    expect(after.filter((_, index) => index !== 1 && index !== 3)).toEqual(
      before.filter((_, index) => index !== 1 && index !== 3),
    );
    expect(edited).toMatchObject({ version: narration.version + 1 });
    expect(edited.scriptHash).not.toBe(narration.scriptHash);
  });

  test("and resetting them restores the analysis' text and the old script hash", async () => {
    const narration = await app.given.narration({ owner: "ada" });
    const before = await app.given.script(narration);
    const edited = await service().updateSegments(ada, narration, [
      { index: 1, text: "Mine.", voice: "flite:rms", pauseAfterMs: 10 },
    ]);

    const reset = await service().updateSegments(ada, edited, [{ index: 1, reset: true }]);

    expect(await app.given.script(narration)).toEqual(before);
    expect(reset.scriptHash).toBe(narration.scriptHash);
  });

  test.each([
    ["out of range", [{ index: 999, text: "x" }], "has no segment 999; its script has"],
    ["below zero", [{ index: -1, text: "x" }], "index is negative"],
    [
      "of one segment twice",
      [
        { index: 1, text: "x" },
        { index: 1, text: "y" },
      ],
      "Segment 1 is edited twice",
    ],
    ["with an unknown voice", [{ index: 1, voice: "flite:hal" }], 'There is no voice "flite:hal"'],
    ["with an unknown speaker", [{ index: 1, speakerId: "hal" }], 'has no character "hal"'],
    [
      "with a control character in the emotion",
      [{ index: 1, emotion: "jo\u0007y" }],
      "control character",
    ],
    ["to an empty text", [{ index: 1, text: "  " }], "text is empty"],
    ["with a text that is too long", [{ index: 1, text: "x".repeat(2001) }], "longer than 2000"],
    ["without a change", [{ index: 1 }], "The edit of segment 1 changes nothing"],
    ["above intensity 1", [{ index: 1, intensity: 1.5 }], "intensity is above 1"],
    ["with a reset and a text", [{ index: 1, reset: true, text: "x" }], "reset"],
    ["without any edit", [], "edits is empty"],
  ])("%s is refused, and none of the edits is kept", async (_name, edits, message) => {
    const narration = await app.given.narration({ owner: "ada" });
    const before = await app.given.script(narration);
    const good = edits.length > 0 ? [{ index: 0, text: "Good." }] : [];

    const editing = service().updateSegments(ada, narration, [...good, ...edits]);

    await expect(editing).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    await expect(editing).rejects.toThrow(message);
    expect(await app.given.script(narration)).toEqual(before);
    expect(await app.given.reread(narration)).toEqual(narration);
  });

  test("is refused if the narration has no script", async () => {
    const story = await app.given.story({ publish: true });
    const narration = await app.given.narration({ owner: "ada", story });

    const editing = service().updateSegments(ada, narration, [{ index: 0, text: "x" }]);

    await expect(editing).rejects.toThrow(`This narration has no segment 0; its script has 0.`);
  });
});

test.each([
  ["voice", { voice: "flite:nobody" }],
  ["speakerId", { speakerId: "nobody" }],
])("the error for a bad %s names the edit and the field", async (field, values) => {
  const narration = await app.given.narration({
    owner: "ada",
    story: await app.given.story({ text: "One.\n\nTwo.", analyse: true }),
  });
  const edits = [
    { index: 0, text: "Good." },
    { index: 1, ...values },
  ];

  await expect(service().updateSegments(ada, narration, edits)).rejects.toMatchObject({
    inputPath: ["edits", "1", field],
  });
});
