import {
  CONSENT_STATEMENT,
  type NarrationEntity,
  type NarrationSegmentEntity,
  VoiceSubject,
  ownerOf,
  shareTokenHashOf,
} from "../../../../src/instances/index.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../../src/platform/database/connection/metered-client.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { givenPersonalVoice } from "../../../support/personal-voice.js";
import { ORCHARD } from "../../../support/texts.js";

const ada = ownerOf("ada");
const ben = ownerOf("ben");
const cleo = ownerOf("cleo");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  for (const name of ["ada", "ben", "cleo"]) await app.given.user(name);
});
afterEach(() => app.clean());
afterAll(() => app.close());

const of = ({ id }: NarrationEntity) => ({ source: { narrationId: id } });
const fork = (who: typeof ada, parent: NarrationEntity, title?: string) =>
  app.services.forks.fork(who, { ...of(parent), title });

/** What a copy has of a script. */
const wordsOf = (script: readonly NarrationSegmentEntity[]) =>
  script.map(({ userId: _user, narrationId: _id, ...segment }) => segment);

/** A public narration by Ada, with a changed cast, delivery and script. */
async function given(publish: "public" | "unlisted" = "public"): Promise<NarrationEntity> {
  const { narrations, publishing } = app.services;
  const made = await app.given.narration({ owner: "ada", title: "Ada tells" });
  const characterId = made.voiceCast[0]?.characterId ?? "";
  const changed = await narrations.update(ada, made, {
    cast: [{ characterId, voice: "flite:slt-deep" }],
    voiceModifications: { rate: 0.9, lexicon: [{ word: "Marta", saidAs: "Mahta" }] },
  });
  const edited = await narrations.updateSegments(ada, changed, [
    { index: 0, text: "Ada's own words.", pauseAfterMs: 400 },
    { index: 1, voice: "flite:rms" },
  ]);
  return publishing.publish(ada, edited, publish);
}

test("a copy of a public narration has its script, cast and delivery, and neither sound nor renders", async () => {
  const parent = await given();

  const copy = await fork(ben, parent);

  const { voiceCast, voiceModifications, narratorVoice, segmentCount, analysisId } = parent;
  expect(copy).toMatchObject({
    ...{ voiceCast, voiceModifications, narratorVoice, segmentCount, analysisId },
    ...{ userId: "ben", title: "Ada tells", status: "draft", visibility: "private", audio: null },
  });
  expect(wordsOf(await app.given.script(copy))).toEqual(wordsOf(await app.given.script(parent)));
  expect(await app.given.reread(parent)).toEqual(parent);
});

test("others copy the published state, and the owner copies the present one", async () => {
  const parent = await given();
  await app.services.narrations.updateSegments(ada, parent, [{ index: 0, text: "Newer words." }]);

  const [first] = await app.given.script(await fork(ben, parent));
  const [own] = await app.given.script(await fork(ada, parent, "Again"));

  expect(first?.text).toBe("Ada's own words.");
  expect(own).toMatchObject({ text: "Newer words.", isEdited: true });
});

test("a copy names its parent, and a copy of a copy also the first narration", async () => {
  const parent = await given();

  const first = await fork(ben, parent, "Ben tells");
  const published = await app.services.publishing.publish(ben, first, "public");
  const second = await fork(cleo, published);
  await app.services.narrations.delete(ada, parent);

  const adas = { narrationId: parent.id, narratorName: "Ada", title: "Ada tells" };
  expect(first.forkedFrom).toMatchObject({ ...adas, replacedVoices: [] });
  expect(first.forkedFrom).not.toHaveProperty("original");
  expect((await app.given.reread(second)).forkedFrom).toMatchObject({
    ...{ narrationId: first.id, narratorName: "Ben", title: "Ben tells" },
    original: adas,
  });
});

test("a private narration and one that is no longer published cannot be copied by others", async () => {
  const parent = await given();
  await app.services.publishing.unpublish(ada, parent);

  await expect(fork(ben, parent)).rejects.toMatchObject({
    ...{ code: "NOT_FOUND", inputPath: ["id"] },
  });
});

test("a narration that is unpublished at the same moment is copied whole or not found", async () => {
  let parent = await given();

  for (let round = 0; round < 8; round += 1) {
    const [copy, unpublished] = await Promise.allSettled([
      fork(ben, parent),
      app.services.publishing.unpublish(ada, parent),
    ]);
    if (copy.status === "fulfilled") {
      expect(await app.given.script(copy.value)).toHaveLength(parent.segmentCount);
    } else {
      expect(copy.reason).toMatchObject({ code: "NOT_FOUND" });
    }
    expect(unpublished.status).toBe("fulfilled");
    parent = await app.given.reread(parent);
    parent = await app.services.publishing.publish(ada, parent, "public");
  }
});

test("a reader by link copies an unlisted narration, as long as the link works", async () => {
  const parent = await given("unlisted");
  const source = { shareTokenHash: shareTokenHashOf(parent.shareToken ?? "") };

  const copy = await app.services.forks.fork(ben, { source });
  await app.services.publishing.unpublish(ada, parent);

  expect(copy.title).toBe("Ada tells");
  await expect(fork(ben, parent)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(app.services.forks.fork(ben, { source })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("an archived story takes no copies, and a narration that waits for its script has none", async () => {
  const parent = await given();
  const [story] = await app.superuser<{ id: number; version: number }>(
    "SELECT id, version FROM reference.stories WHERE id = $1",
    [parent.referenceStoryId],
  );
  const waiting = await app.given.narration({
    owner: "ada",
    story: await app.given.story({ text: ORCHARD, publish: true }),
  });
  await app.services.stories.archive("cleo", story ?? { id: 0, version: 0 });

  await expect(fork(ben, parent)).rejects.toMatchObject({ code: "CONFLICT", inputPath: ["id"] });
  await expect(fork(ada, waiting)).rejects.toThrow("has no script yet");
});

test("a narration of an outdated text can be copied, with its old script", async () => {
  const parent = await given();
  await app.services.stories.update(
    "cleo",
    { id: parent.referenceStoryId, version: 2 },
    { content: ORCHARD },
  );

  const copy = await fork(ben, parent);

  expect(copy).toMatchObject({ analysisId: parent.analysisId, segmentCount: parent.segmentCount });
});

test("the copy of a copied script can be undone and restored like any other script", async () => {
  const parent = await given();
  const copy = await fork(ben, parent);

  const edited = await app.services.narrations.updateSegments(ben, copy, [
    { index: 0, reset: true },
  ]);

  const [first] = await app.given.script(edited);
  expect(first).toMatchObject({ isEdited: false, pauseAfterMs: null });
  expect(edited.scriptHash).not.toBe(copy.scriptHash);
});

describe("personal voices", () => {
  async function personal(): Promise<NarrationEntity> {
    const agreed = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };
    const { id: consentId } = await app.services.consents.grant(ada, agreed);
    const voiceNamed = (displayName: string) =>
      givenPersonalVoice(app, "ada", { consentId, displayName });
    const { narrations, publishing } = app.services;
    const made = await app.given.narration({
      owner: "ada",
      narratorVoice: await voiceNamed("Ada"),
    });
    const characterId = made.voiceCast[0]?.characterId ?? "";
    const cast = await narrations.update(ada, made, {
      cast: [{ characterId, voice: await voiceNamed("Ada, deep") }],
    });
    const edited = await narrations.updateSegments(ada, cast, [
      { index: 1, voice: await voiceNamed("Ada, whispering") },
    ]);
    return publishing.publish(ada, edited, "public");
  }

  test.each(["ben", "ada"])("are in no copy of %s, which lists them by name", async (name) => {
    const parent = await personal();

    const copy = await fork(ownerOf(name), parent);

    expect(copy).toMatchObject({ narratorVoice: "flite:slt", narratorVoiceType: "ai" });
    expect(copy.voiceCast.map(({ characterId }) => characterId)).toEqual(
      parent.voiceCast.map(({ characterId }) => characterId),
    );
    expect(copy.voiceCast[0]).toMatchObject({ isAutomatic: true });
    const { characterName, voice } = copy.voiceCast[0] ?? {};
    expect(copy.forkedFrom?.replacedVoices).toEqual([
      { place: "narrator", voiceName: "Ada", characterName: null, voice: "flite:slt" },
      { place: "character", voiceName: "Ada, deep", characterName, voice },
      { place: "segments", voiceName: "Ada, whispering", characterName: null, voice: null },
    ]);
    const [row] = await app.superuser<{ all: string }>(
      `SELECT concat(n, (SELECT string_agg(g::text, '') FROM instances.user_narration_segments g
         WHERE g.narration_id = n.id)) AS all FROM instances.user_story_narrations n WHERE n.id = $1`,
      [copy.id],
    );
    expect(row?.all).not.toMatch(/:(own|published)-/);
  });
});

test("an edition of a copy names the origin, but not the voices that were replaced", async () => {
  const copy = await fork(ben, await given());
  await app.services.publishing.publish(ben, copy, "public");

  const [edition] = await app.superuser<{ lineage: object }>(
    `SELECT header -> 'forkedFrom' AS lineage FROM reference.published_narrations WHERE user_id = 'ben'`,
  );

  expect(edition?.lineage).toMatchObject({ narratorName: "Ada", title: "Ada tells" });
  expect(edition?.lineage).not.toHaveProperty("replacedVoices");
});

test("a copy of a long script sends as many statements as a copy of a short one", async () => {
  const countFor = async (segments: number) => {
    const text = Array.from({ length: segments }, (_, n) => `She counted to ${n}.`).join("\n\n");
    const story = await app.given.story({ text, analyse: true });
    const parent = await app.given.narration({ owner: "ada", story, publish: "public" });
    const meter = newSqlMeter();
    await meterClient(meter, null, () => fork(ben, parent));
    return meter.statements.length;
  };

  // The edition, an own row, the lock of the story's text, the story, the analysis, the voices of segments,
  // the narrator, the new row, its script, the hash of the script, and the row again.
  expect([await countFor(2), await countFor(300)]).toEqual([11, 11]);
});
