import {
  CONSENT_STATEMENT,
  type NarrationEntity,
  VoiceSubject,
  ownerOf,
} from "../../../../src/instances/index.js";
import { type EditionEntity, editionStore } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { givenPersonalVoice } from "../../../support/personal-voice.js";

const ada = ownerOf("ada");

let app: TestApp;
/** Ada's personal voices: of the narrator, of a character, and of one segment. */
let narrator: string;
let character: string;
let segment: string;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  const agreed = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };
  const { id: consentId } = await app.services.consents.grant(ada, agreed);
  const voiceNamed = (displayName: string, about: object = {}) =>
    givenPersonalVoice(app, "ada", { consentId, displayName, ...about });
  narrator = await voiceNamed("Ada");
  character = await voiceNamed("Ada, cloned", { provider: "elevenlabs", kind: "cloned" });
  segment = await voiceNamed("Ada, whispering");
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** Makes a narration with all three voices. */
async function narrated(): Promise<NarrationEntity> {
  const { narrations } = app.services;
  const narration = await app.given.narration({ owner: "ada", narratorVoice: narrator });
  const characterId = narration.voiceCast[0]?.characterId ?? "";
  const cast = await narrations.update(ada, narration, {
    cast: [{ characterId, voice: character }],
  });
  return narrations.updateSegments(ada, cast, [{ index: 1, voice: segment }]);
}

interface Published {
  readonly header: EditionEntity["header"];
  readonly segmentVoices: readonly (string | null)[];
}

/** Publishes the narration. Returns what Ben reads. */
async function publish(narration: NarrationEntity): Promise<Published> {
  await app.services.publishing.publish(ada, narration, "public");
  return app.database.read({ viewer: "ben" }, async (tx) => {
    const [edition] = await editionStore.publicByNarrationIds(tx, [narration.id]);
    const pages = await editionStore.segmentPages(tx, [narration.id], { page: { limit: 100 } });
    if (!edition) throw new Error("Ben finds no edition.");
    const segments = pages.get(narration.id)?.nodes ?? [];
    return { header: edition.header, segmentVoices: segments.map(({ voice }) => voice) };
  });
}

test("an edition has no id of a personal voice, of the narrator, a character or a segment", async () => {
  const narration = await narrated();

  const published = JSON.stringify(await publish(narration));

  for (const voice of [narrator, character, segment]) expect(published).not.toContain(voice);
  const rows = JSON.stringify(
    await app.superuser(
      `SELECT to_jsonb(e) AS row FROM reference.published_narrations e
       UNION ALL SELECT to_jsonb(g) FROM reference.published_narration_segments g`,
    ),
  );
  for (const voice of [narrator, character, segment]) expect(rows).not.toContain(voice);
});

test("an edition tells its personal voices apart, each with its name and kind", async () => {
  const { header, segmentVoices } = await publish(await narrated());

  const nameOf = (voice: string | null | undefined) =>
    header.personalVoices?.find((each) => each.voice === voice);
  expect(new Set(header.personalVoices?.map(({ voice }) => voice)).size).toBe(3);
  expect(nameOf(header.narratorVoice)).toMatchObject({ displayName: "Ada", kind: "adapted" });
  expect(nameOf(header.voiceCast[0]?.voice)).toMatchObject({
    ...{ displayName: "Ada, cloned", kind: "cloned" },
  });
  expect(nameOf(segmentVoices[1])).toMatchObject({
    ...{ displayName: "Ada, whispering", kind: "adapted" },
  });
});

test("publishing again without a change makes no new edition, and a change keeps the ids of the voices", async () => {
  const narration = await narrated();
  const first = await publish(narration);
  const published = await app.given.reread(narration);

  const unchanged = await app.services.publishing.publish(ada, published, "public");
  const renamed = await app.services.narrations.update(ada, published, { title: "Renamed" });
  const second = await publish(renamed);

  expect(unchanged.version).toBe(published.version);
  expect(second.header.personalVoices).toEqual(first.header.personalVoices);
});

test("an edition has a renamed voice's new name, and a deleted voice's stored name", async () => {
  const narration = await narrated();
  await app.superuser("DELETE FROM instances.user_emotion_voices");
  await app.superuser("DELETE FROM instances.user_voices WHERE voice <> $1", [narrator]);
  await app.superuser("UPDATE instances.user_voices SET display_name = 'Ada Lovelace'");

  const { header } = await publish(narration);

  expect(header.personalVoices?.map(({ displayName }) => displayName)).toEqual([
    ...["Ada Lovelace", "Ada, cloned", "A personal voice"],
  ]);
});
