import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";
import type { NarrationEntity } from "../../src/instances/index.js";
import type { StoryEntity } from "../../src/reference/index.js";
import { givenPersonalVoice } from "../support/personal-voice.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import {
  ARCHIVE_STORY,
  CREATE_NARRATION,
  CREATE_STORY,
  DELETE_NARRATION,
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PROGRESS,
  PUBLISH_NARRATION,
  PUBLISH_STORY,
  UPDATE_NARRATION,
  UPDATE_STORY,
} from "./harness/documents.js";
import { selectEveryField } from "./harness/every-field.js";
import { ID_PLACES, type KnownIds } from "./harness/id-places.js";
import { seedRows } from "./harness/seeded-rows.js";

const schema = buildFabulaSchema();

/** The digits with which the ids of all rows begin. Nothing else in an answer has these digits. */
const DIGITS = "718281828";
const SEQUENCES = [
  ...["reference.stories_id_seq", "reference.story_analyses_id_seq"],
  "reference.voice_modulation_templates_id_seq",
  ...["narration_ids", "sample_ids", "voice_ids", "upload_ids", "consent_ids"].map(
    (name) => `instances.${name}`,
  ),
];

let app: ApiApp;
let ids: readonly string[];
beforeAll(async () => {
  app = await apiApp({ worker: true });
  for (const sequence of SEQUENCES) await app.superuser(`SELECT setval('${sequence}', ${DIGITS})`);
  ids = await seedRows(app);
}, 60_000);
afterAll(() => app.close());

/**
 * Returns the texts that somebody could read in an answer: the answer itself, the parts of its URLs, and each word
 * that may be base64, decoded.
 */
function readings(body: string): string[] {
  const words = body.match(/[\w+/=-]{8,}/g) ?? [];
  return [
    ...[body, body.replaceAll(/%([0-9A-F]{2})/gi, (_all, hex: string) => charOf(hex))],
    ...words.map((word) => Buffer.from(word, "base64url").toString("latin1")),
  ];
}

const charOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

const showsId = (body: string): boolean => readings(body).some((text) => text.includes(DIGITS));

const clients = () => [app.as("ada"), app.as("ben"), app.anonymous()];

test("the search finds ids as they are, in URLs and in base64", () => {
  expect(showsId(`{"id":"${Buffer.from(`Story:${DIGITS}`).toString("base64url")}"}`)).toBe(true);
  expect(showsId(`{"message":"There is no story ${DIGITS}9."}`)).toBe(true);
  expect(showsId(`{"url":"/a?for=x%37${DIGITS.slice(1)}"}`)).toBe(true);
  expect(showsId(`{"id":"718281827"}`)).toBe(false);
});

test("no field of any type shows an id that counts rows", async () => {
  const [story = "", , , rendered = ""] = ids.map((id) => JSON.stringify(id));
  const values = {
    ...{ ID: rendered, StoryByInput: `{ id: ${story} }` },
    NarrationByInput: `{ id: ${rendered} }`,
  };
  const { queries } = selectEveryField({ schema, ids, values });
  const pages = ["stories", "voices", "voiceModulationTemplates"].map(
    (list) => `{ ${list}(first: 2) { edges { cursor } pageInfo { startCursor endCursor } } }`,
  );

  const shown: string[] = [];
  for (const client of clients()) {
    for (const query of [...queries, ...pages]) {
      const { body, errors } = await client.query(query);
      expect(errors).toEqual([]);
      if (showsId(body)) shown.push(query);
    }
  }

  expect(shown).toEqual([]);
});

test("the files of a narration and their names show no id that counts rows", async () => {
  const answer = await app.as("ada").query(
    `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration {
      audio { mp3: url(format: MP3) vtt: captionsUrl(format: VTT) timingsUrl }
      segments(first: 3) { edges { node { audio { url } } } } } } }`,
    { id: ids[3] },
  );
  const { mp3, vtt, timingsUrl } = answer.at("node.audio") as Record<string, string>;
  const urls = [mp3, vtt, timingsUrl, ...answer.list("node.segments.edges.*.node.audio.url")];

  for (const url of urls) {
    const file = await fetch(new URL(String(url), app.url));
    expect(file.status).toBe(200);
    expect(showsId(JSON.stringify([...file.headers]))).toBe(false);
    expect(Buffer.from(await file.arrayBuffer()).includes(DIGITS)).toBe(false);
  }
});

async function idsOfBen(): Promise<KnownIds> {
  const own = await app.given.narration({ owner: "ben" });
  const analysis = own.analysisId ?? 0;
  return {
    story: toGlobalId("ReferenceStory", own.referenceStoryId),
    analysis: toGlobalId("StoryAnalysis", analysis),
    ownNarration: toGlobalId("UserStoryNarration", own.id),
    character: toGlobalId("StoryCharacter", `${analysis}.c1`),
    voice: toGlobalId("Voice", own.narratorVoice),
    template: toGlobalId("VoiceModulationTemplate", await app.given.neutralTemplateId()),
    upload: toGlobalId("Upload", DIGITS),
    segment: toGlobalId("StorySegment", `${analysis}.0`),
  };
}

test("no refusal of an operation on another's row shows an id that counts rows", async () => {
  const known = await idsOfBen();
  const missing = toGlobalId("ReferenceStory", DIGITS);
  const shown: string[] = [];

  for (const [place, { document, variables }] of Object.entries(ID_PLACES)) {
    if (document.startsWith("subscription")) continue;
    for (const id of [...ids, missing]) {
      const { body } = await app.as("ben").query(document, variables(id, known));
      if (showsId(body)) shown.push(place);
    }
  }

  expect(shown).toEqual([]);
});

/** Each operation twice with the same version, so that the second is a conflict. */
const changes = (
  draft: StoryEntity,
  story: StoryEntity,
  mine: NarrationEntity,
): readonly (readonly [string, object])[] => {
  const at = ({ id, version }: StoryEntity) => ({ id: toGlobalId("ReferenceStory", id), version });
  const narration = { id: toGlobalId("UserStoryNarration", mine.id), version: mine.version };
  return [
    [CREATE_STORY, { title: "T", content: "A story.", genre: "fable" }],
    [ARCHIVE_STORY, at(draft)],
    [CREATE_NARRATION, { storyId: at(draft).id }],
    [UPDATE_STORY, { ...at(draft), title: "Newer" }],
    [PUBLISH_STORY, at(draft)],
    [CREATE_NARRATION, { storyId: at(story).id, idempotencyKey: "once" }],
    [EDIT_SEGMENTS, { ...narration, edits: [{ index: 0, text: "New." }] }],
    [UPDATE_NARRATION, { ...narration, title: "Newer" }],
    [PUBLISH_NARRATION, { ...narration, visibility: "UNLISTED" }],
    [ARCHIVE_STORY, at(story)],
    [CREATE_NARRATION, { storyId: at(story).id }],
    [UPDATE_STORY, { ...at(story), title: "Newer" }],
    [DELETE_NARRATION, narration],
  ];
};

test("no answer to one's own changes, and no event, shows an id that counts rows", async () => {
  const draft = await app.given.story({ author: "ada" });
  const story = await app.given.story({ author: "ada", analyse: true });
  const mine = await app.given.narration({ owner: "ada", story });
  const personal = await givenPersonalVoice(app, subjectOf("ada"));
  const voiced = await app.given.narration({ owner: "ada", story, narratorVoice: personal });
  const bodies: string[] = [];

  for (const [document, input] of changes(draft, story, mine)) {
    const ask = async () => (await app.as("ada").query(document, { input })).body;
    bodies.push(await ask(), await ask());
  }
  const published = { id: toGlobalId("UserStoryNarration", voiced.id), version: voiced.version };
  await app.as("ada").query(PUBLISH_NARRATION, { input: { ...published, visibility: "PUBLIC" } });
  const events = [
    ...(await app.as("ada").follow(PROGRESS, { storyId: ids[0] })),
    ...(await app.as("ada").follow(NARRATION_PROGRESS, { id: ids[3] })),
  ];
  const seen = await app.as("ben").query(
    `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration {
      narratorVoice { id displayName } segments { edges { cursor node { id voice { id } } } } } } }`,
    { id: published.id },
  );

  expect(seen.text("node.narratorVoice.id")).not.toBe("");
  bodies.push(seen.body, ...events.map(({ body }) => body));
  expect(bodies.filter(showsId)).toEqual([]);
});
