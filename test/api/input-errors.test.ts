import { buildSchema, getNamedType, isInputObjectType } from "graphql";
import { readFileSync } from "node:fs";
import { type GlobalIdType, toGlobalId } from "../../src/graphql/relay/global-id.js";
import {
  CONSENT_STATEMENT,
  type NarrationEntity,
  VoiceSubject,
  ownerOf,
} from "../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import { ID_PLACES, type KnownIds } from "./harness/id-places.js";

let app: ApiApp;
let narration: NarrationEntity;
let known: KnownIds;

beforeAll(async () => {
  app = await apiApp();
  const story = await app.given.story({ analyse: true });
  narration = await app.given.narration({ owner: "ada", story });
  const [member] = narration.voiceCast;
  const analysis = narration.analysisId ?? 0;
  known = {
    story: toGlobalId("ReferenceStory", story.id),
    analysis: toGlobalId("StoryAnalysis", analysis),
    ownNarration: toGlobalId("UserStoryNarration", narration.id),
    character: toGlobalId("StoryCharacter", `${analysis}.${member?.characterId ?? ""}`),
    voice: toGlobalId("Voice", "flite:slt"),
    template: toGlobalId("VoiceModulationTemplate", await app.given.neutralTemplateId()),
    upload: unknown("Upload"),
    segment: toGlobalId("StorySegment", `${analysis}.0`),
  };
  await app.services.consents.grant(ownerOf(subjectOf("ada")), {
    subject: VoiceSubject.Self,
    statementVersion: CONSENT_STATEMENT.version,
  });
});
afterAll(() => app.close());

/** The raw ids of no row. */
const UNKNOWN = {
  ReferenceStory: 1_999_000_000,
  StoryCharacter: "1999000000.nobody",
  StorySegment: "1999000000.0",
  VoiceModulationTemplate: 1_999_000_000,
  Voice: "flite:nobody",
  UserStoryNarration: "7999000000",
  UserVoiceSample: "7999000000",
  UserEmotionVoice: "7999000000",
  Upload: "7999000000",
} satisfies Partial<Record<GlobalIdType, string | number>>;

const unknown = (type: keyof typeof UNKNOWN): string => toGlobalId(type, UNKNOWN[type]);

const errorsOf = async (mutation: string, input: object) => {
  const type = `${mutation.slice(0, 1).toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await app
    .as("ada")
    .query(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code message path } } }`,
      { input },
    );
  return answer.at(`${mutation}.userErrors`) as {
    readonly code: string;
    readonly message: string;
    readonly path: readonly string[];
  }[];
};

const LONG = "x".repeat(201);
const WRONG_ID = "wrong";

/** For each mutation an input in which many fields are wrong, with the paths of these fields. */
const WRONG: Readonly<Record<string, readonly [input: () => object, paths: readonly string[]]>> = {
  createStory: [
    () => ({
      title: LONG,
      content: " ",
      ageRating: "TEEN",
      coverImageUrl: "ftp://a",
      tags: ["a", ""],
    }),
    ["content", "coverImageUrl", "tags.1", "title"],
  ],
  updateStory: [
    () => ({ id: WRONG_ID, version: 1, title: null, content: null, summary: "", language: "?" }),
    ["content", "id", "language", "summary", "title"],
  ],
  importStory: [
    () => ({ fileName: "a.txt", dataBase64: "%", title: LONG, encoding: "klingon", genre: LONG }),
    ["dataBase64", "encoding", "genre", "title"],
  ],
  updateProfile: [
    () => ({ displayName: LONG, preferredLanguage: "English" }),
    ["displayName", "preferredLanguage"],
  ],
  createNarration: [
    () => ({
      ...{ storyId: known.story, title: LONG, narratorVoice: WRONG_ID, idempotencyKey: "" },
      voiceModifications: {
        ...{ rate: 9, lexicon: [{ word: "", saidAs: LONG }] },
        characters: [{ characterId: known.character }, { characterId: WRONG_ID, pitch: 99 }],
      },
    }),
    [
      "idempotencyKey",
      "narratorVoice",
      "title",
      "voiceModifications.characters.1.characterId",
      "voiceModifications.characters.1.pitch",
      "voiceModifications.lexicon.0.saidAs",
      "voiceModifications.lexicon.0.word",
      "voiceModifications.rate",
    ],
  ],
  forkNarration: [
    () => ({ id: WRONG_ID, title: LONG, idempotencyKey: "" }),
    ["id", "idempotencyKey", "title"],
  ],
  updateNarration: [
    () => ({
      ...{ id: known.ownNarration, version: narration.version, narratorVoice: null },
      cast: [
        { characterId: unknown("StoryCharacter"), voice: known.voice },
        { characterId: known.character, voice: unknown("Voice") },
      ],
      voiceModifications: { gain: 99, emotions: [{ emotion: "joy", pauses: -1 }] },
      modify: {
        ...{ pitch: 99, characters: null, emotions: [{ emotion: "hangry" }] },
        ...{ lexicon: [{ word: " ", saidAs: "a" }], removeCharacters: [WRONG_ID] },
      },
    }),
    [
      "cast.0.characterId",
      "cast.1.voice",
      "modify",
      "modify.characters",
      "modify.emotions.0.emotion",
      "modify.lexicon.0.word",
      "modify.pitch",
      "modify.removeCharacters.0",
      "narratorVoice",
      "voiceModifications.emotions.0.pauses",
      "voiceModifications.gain",
    ],
  ],
  updateNarrationSegments: [
    () => ({
      ...{ id: known.ownNarration, version: narration.version },
      edits: [
        { index: 0, text: " " },
        { index: 0, voice: unknown("Voice") },
        { index: 9_999, text: "Nowhere." },
        { index: 2, reset: true, intensity: 2 },
        { index: 3, speakerId: unknown("StoryCharacter"), pauseAfterMs: -1 },
        { index: 4 },
        { index: 5, text: null },
      ],
    }),
    [
      "edits.0.text",
      "edits.1.index",
      "edits.1.voice",
      "edits.2.index",
      "edits.3.intensity",
      "edits.3.reset",
      "edits.4.pauseAfterMs",
      "edits.4.speakerId",
      "edits.5",
      "edits.6.text",
    ],
  ],
  insertNarrationSegments: [
    () => ({
      ...{ id: known.ownNarration, version: narration.version, afterIndex: 9_999 },
      segments: [{ text: " ", voice: unknown("Voice"), speakerId: unknown("StoryCharacter") }],
    }),
    ["afterIndex", "segments.0.speakerId", "segments.0.text", "segments.0.voice"],
  ],
  deleteNarrationSegments: [
    () => ({ id: known.ownNarration, version: narration.version, indexes: [-1, 0, 9_999] }),
    ["indexes.0", "indexes.2"],
  ],
  renderNarration: [
    () => ({ id: WRONG_ID, version: 1, idempotencyKey: "" }),
    ["id", "idempotencyKey"],
  ],
  previewVoice: [
    () => ({
      voice: unknown("Voice"),
      text: LONG.repeat(2),
      intensity: 2,
      modification: { rate: 9 },
    }),
    ["intensity", "modification.rate", "text", "voice"],
  ],
  createUpload: [
    () => ({ purpose: "VOICE_SAMPLE", sizeBytes: -1, contentType: "image/png" }),
    ["contentType", "sizeBytes"],
  ],
  addVoiceSample: [
    () => ({ templateId: WRONG_ID, uploadId: WRONG_ID, transcript: "…" }),
    ["templateId", "transcript", "uploadId"],
  ],
  saveListeningPosition: [
    () => ({
      ...{ storyId: WRONG_ID, segmentId: WRONG_ID, narrationId: WRONG_ID },
      ...{ offsetMs: -1, listenedAt: "1999-12-31T00:00:00Z" },
    }),
    ["listenedAt", "narrationId", "offsetMs", "segmentId", "storyId"],
  ],
  trainEmotionVoice: [
    () => ({ templateIds: [known.template, WRONG_ID], displayName: " ", provider: "nobody" }),
    ["displayName", "provider", "templateIds.1"],
  ],
};

test.each(Object.entries(WRONG))(
  "%s names every wrong field at once",
  async (mutation, [input, paths]) => {
    const errors = await errorsOf(mutation, input());

    expect(errors.map(({ path }) => path.join(".")).toSorted()).toEqual(paths);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["BAD_USER_INPUT"]));
  },
);

test("every mutation with several fields that can be wrong is tried here", () => {
  const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
  const ofInput = (name: string) => {
    const type = getNamedType(schema.getMutationType()?.getFields()[name]?.args[0]?.type);
    return isInputObjectType(type) ? Object.values(type.getFields()) : [];
  };
  const canBeWrong = (name: string) =>
    ofInput(name).filter(({ type }) => !/^(Int|Boolean|\w*Visibility)!?$/.test(String(type)));

  const several = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter(
    (name) => canBeWrong(name).length > 1 && !NOT_TRIED.has(name),
  );
  expect(Object.keys(WRONG)).toEqual(expect.arrayContaining(several));
});

/** These have one field that can be wrong alone. The others are closed lists, or must fit together. */
const NOT_TRIED = new Set([
  "grantVoiceConsent",
  "revokeVoiceConsent",
  "rebaseNarration",
  "reanalyzeStory",
]);

test("text that cannot be stored is named in every field", async () => {
  const errors = await errorsOf("createStory", { title: "a\0", content: "b\0", tags: ["c\0"] });

  const paths = errors.map(({ path }) => path.join("."));
  expect(paths.toSorted()).toEqual(["content", "tags.0", "title"]);
});

test("a query with several wrong arguments fails with one error that names them all", async () => {
  const answer = await app
    .anonymous()
    .query('{ stories(first: 101, after: "x", before: "y") { totalCount } }');

  expect(answer.errors).toHaveLength(1);
  expect(answer.errors[0]?.extensions).toMatchObject({
    code: "BAD_USER_INPUT",
    problems: [{ path: ["first"] }, { path: ["after"] }, { path: ["before"] }],
  });
});

const TYPE_OF_FIELD: Readonly<Record<string, keyof typeof UNKNOWN>> = {
  storyId: "ReferenceStory",
  characterId: "StoryCharacter",
  speakerId: "StoryCharacter",
  segmentId: "StorySegment",
  narrationId: "UserStoryNarration",
  templateId: "VoiceModulationTemplate",
  templateIds: "VoiceModulationTemplate",
  uploadId: "Upload",
  voice: "Voice",
  voiceId: "Voice",
  narratorVoice: "Voice",
};

function unknownIdFor(input: string, field: string): string {
  if (field !== "id") return unknown(TYPE_OF_FIELD[field] ?? "ReferenceStory");
  if (input.includes("Story")) return unknown("ReferenceStory");
  if (input.includes("Sample")) return unknown("UserVoiceSample");
  return input.includes("Voice") ? unknown("UserEmotionVoice") : unknown("UserStoryNarration");
}

test.each(
  Object.keys(ID_PLACES).filter((place) =>
    /^(?!NarrationBy|StoryBy|StoryFilter)\w+Input\./.test(place),
  ),
)("an unknown id in %s is named", async (place) => {
  const [input = "", field = ""] = place.split(".");
  const { document, variables } = ID_PLACES[place] ?? { document: "", variables: () => ({}) };

  const answer = await app.as("ada").query(document, variables(unknownIdFor(input, field), known));

  const [payload] = Object.values(answer.data as Record<string, { userErrors: unknown }>);
  expect(payload?.userErrors).toEqual([
    {
      code: expect.stringMatching(/^(NOT_FOUND|BAD_USER_INPUT)$/),
      message: expect.any(String),
      path: expect.arrayContaining([field]),
    },
  ]);
});

test("a conflict names the field that brought the id", async () => {
  const stale = await errorsOf("updateNarration", { id: known.ownNarration, version: 99 });
  const draft = await app.given.story({ author: "ada" });
  const storyId = toGlobalId("ReferenceStory", draft.id);
  const early = await errorsOf("createNarration", { storyId });
  const wrong = await errorsOf("archiveStory", { id: storyId, version: draft.version });

  expect([stale, early, wrong].flat()).toMatchObject([
    { code: "CONFLICT", path: ["id"] },
    { code: "CONFLICT", path: ["storyId"] },
    { code: "CONFLICT", path: ["id"] },
  ]);
});
