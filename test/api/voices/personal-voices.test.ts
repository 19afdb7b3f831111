import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../../src/instances/index.js";
import { fromGlobalId, toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const VOICES = `query ($first: Int, $after: String, $filter: VoiceFilter) {
  voices(first: $first, after: $after, filter: $filter) { totalCount pageInfo { endCursor hasNextPage }
    edges { node { id displayName kind provider languages isAvailable sampleUrl } } } }`;

const CREATE = `mutation ($input: CreateNarrationInput!) { createNarration(input: $input) {
  narration { id version narratorVoiceType narratorVoice { id displayName kind isAvailable }
    cast { characterName voice { id kind } } }
  userErrors { code message path } } }`;

const VOICE_OF = "narratorVoice { id displayName kind isAvailable provider languages }";

async function consentOf(name: string): Promise<string> {
  await app.given.user(name);
  const { id } = await app.services.consents.grant(ownerOf(subjectOf(name)), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  return id;
}

async function givenVoice(name: string, displayName = "Ada's voice"): Promise<string> {
  const voice = await givenPersonalVoice(app, subjectOf(name), {
    consentId: await consentOf(name),
    displayName,
  });
  return toGlobalId("Voice", voice);
}

const listed = async (name: string | null, variables: object = { first: 100 }) =>
  (await (name === null ? app.anonymous() : app.as(name)).query(VOICES, variables)).list(
    "voices.edges.*.node",
  ) as { readonly id: string; readonly kind: string }[];

test("the list has the catalogue first, then the viewer's own voices, for their owner alone", async () => {
  const id = await givenVoice("ada");

  const own = (await listed("ada")).at(-1);

  expect(own).toEqual({
    ...{ id, displayName: "Ada's voice", kind: "ADAPTED", provider: "flite" },
    ...{ languages: ["en"], isAvailable: true, sampleUrl: null },
  });
  for (const other of ["ben", null]) {
    expect((await listed(other)).map(({ kind }) => kind)).not.toContain("ADAPTED");
  }
});

test("a viewer has their voices, and no other user has any to show", async () => {
  const id = await givenVoice("ada");
  const { publicId } = await app.given.user("ada");
  const read = `query ($id: ID!) { viewer { voices(first: 5) { totalCount edges { node { id } } } }
    node(id: $id) { ... on User { voices(first: 5) { totalCount } } } }`;
  const variables = { id: toGlobalId("User", publicId) };

  const own = await app.as("ada").query(read, variables);
  const other = await app.as("ben").query(read, variables);

  expect(own.at("viewer.voices")).toEqual({ totalCount: 1, edges: [{ node: { id } }] });
  expect(other.at("node")).toEqual({ voices: null });
});

test("pages go on after a voice that was deleted meanwhile", async () => {
  await consentOf("ada");
  for (const name of ["One", "Two", "Three"]) {
    await givenPersonalVoice(app, subjectOf("ada"), { displayName: name });
  }
  const filter = { kind: ["ADAPTED"] };
  const first = await app.as("ada").query(VOICES, { first: 2, filter });
  await app.superuser("DELETE FROM instances.user_voices WHERE display_name = 'Two'");

  const second = await app
    .as("ada")
    .query(VOICES, { first: 2, filter, after: first.at("voices.pageInfo.endCursor") });

  expect(second.list("voices.edges.*.node")).toMatchObject([{ displayName: "Three" }]);
  expect(second.at("voices.pageInfo.hasNextPage")).toBe(false);
});

test("node returns a personal voice to its owner alone", async () => {
  const id = await givenVoice("ada");
  const read = `query ($id: ID!) { node(id: $id) { id ... on Voice { displayName } } }`;

  expect((await app.as("ada").query(read, { id })).at("node")).toMatchObject({ id });
  expect((await app.as("ben").query(read, { id })).at("node")).toBeNull();
  expect((await app.anonymous().query(read, { id })).at("node")).toBeNull();
});

test("a narration in one's own voice says so, and the automatic cast has other voices", async () => {
  const id = await givenVoice("ada");
  const story = await app.given.story({ analyse: true });
  const storyId = toGlobalId("ReferenceStory", story.id);

  const made = await app.as("ada").query(CREATE, { input: { storyId, narratorVoice: id } });

  expect(made.at("createNarration")).toMatchObject({
    narration: {
      narratorVoiceType: "USER",
      narratorVoice: { id, displayName: "Ada's voice", kind: "ADAPTED", isAvailable: true },
    },
    userErrors: [],
  });
  const kinds = made.list("createNarration.narration.cast.*.voice.kind");
  expect(new Set(kinds)).toEqual(new Set(["CATALOGUE"]));
});

test("the kind of the narrator's voice follows every change of the voice", async () => {
  const own = await givenVoice("ada");
  const { id, version } = await app.given.narration({ owner: "ada" });
  const change = async (narratorVoice: string, at: number) => {
    const answer = await app.as("ada").query(
      `mutation ($input: UpdateNarrationInput!) { updateNarration(input: $input) {
         narration { version narratorVoiceType } userErrors { message } } }`,
      { input: { id: toGlobalId("UserStoryNarration", id), version: at, narratorVoice } },
    );
    return answer.at("updateNarration.narration") as {
      readonly version: number;
      readonly narratorVoiceType: string;
    };
  };

  const toOwn = await change(own, version);
  const back = await change(toGlobalId("Voice", "flite:slt"), toOwn.version);

  expect([toOwn.narratorVoiceType, back.narratorVoiceType]).toEqual(["USER", "AI"]);
});

test("another's voice is an unknown voice as narrator, in a cast, in a segment and in a preview", async () => {
  const hers = await givenVoice("ada");
  const narration = await app.given.narration({ owner: "ben" });
  const random = toGlobalId("Voice", "flite:own-AAAAAAAAAAAAAAAAAAAAAA");
  const id = toGlobalId("UserStoryNarration", narration.id);
  const at = { id, version: narration.version };
  const character = `${narration.analysisId ?? 0}.${narration.voiceCast[0]?.characterId ?? ""}`;
  const characterId = toGlobalId("StoryCharacter", character);
  const attempts = (voice: string) => [
    app.as("ben").query(CREATE, {
      input: {
        storyId: toGlobalId("ReferenceStory", narration.referenceStoryId),
        narratorVoice: voice,
      },
    }),
    app
      .as("ben")
      .query(
        `mutation ($input: UpdateNarrationInput!) { updateNarration(input: $input) { userErrors { code message path } } }`,
        {
          input: {
            ...at,
            cast: [{ characterId, voice }],
          },
        },
      ),
    app.as("ben").query(
      `mutation ($input: UpdateNarrationSegmentsInput!) {
         updateNarrationSegments(input: $input) { userErrors { code message path } } }`,
      { input: { ...at, edits: [{ index: 0, voice }] } },
    ),
    app
      .as("ben")
      .query(
        `mutation ($input: PreviewVoiceInput!) { previewVoice(input: $input) { userErrors { code message path } } }`,
        { input: { voice } },
      ),
  ];
  const bodies = async (voice: string) =>
    (await Promise.all(attempts(voice))).map(({ body }) =>
      body.replaceAll(fromGlobalId(voice, "Voice", []), "X"),
    );

  const known = await bodies(hers);

  expect(known.map(withoutNumbers)).toEqual((await bodies(random)).map(withoutNumbers));
  for (const body of known) expect(body).toContain("There is no voice");
});

/** Leaves out what differs from answer to answer: times, costs and the budget. */
const withoutNumbers = (body: string): string => body.replace(/"extensions":.*$/s, "");

test("an edition shows others the name and the kind of a personal voice, and no usable id", async () => {
  const id = await givenVoice("ada");
  const voice = fromGlobalId(id, "Voice", []);
  const narration = await app.given.narration({
    owner: "ada",
    narratorVoice: voice,
    publish: "public",
  });
  const by = { id: toGlobalId("UserStoryNarration", narration.id) };
  const read = `query ($by: NarrationByInput!) { narration(by: $by) { narratorVoiceType ${VOICE_OF}
    segments(first: 50) { edges { node { voice { id displayName kind } } } } } }`;

  const answer = await app.as("ben").query(read, { by });

  expect(answer.body).not.toContain(id);
  expect(answer.body).not.toContain(voice);
  const shown = answer.at("narration.narratorVoice") as { readonly id: string };
  expect(answer.at("narration")).toMatchObject({
    narratorVoiceType: "USER",
    narratorVoice: {
      ...{ displayName: "Ada's voice", kind: "ADAPTED", provider: "flite" },
      ...{ isAvailable: false, languages: [] },
    },
  });
  const node = await app.as("ben").query("query ($id: ID!) { node(id: $id) { id } }", {
    id: shown.id,
  });
  expect(node.at("node")).toBeNull();
  const chosen = await app.as("ben").query(CREATE, {
    input: {
      storyId: toGlobalId("ReferenceStory", narration.referenceStoryId),
      narratorVoice: shown.id,
    },
  });
  expect(chosen.list("createNarration.userErrors")).toMatchObject([{ code: "BAD_USER_INPUT" }]);
  expect((await app.as("ada").query(read, { by })).at("narration.narratorVoice.id")).toBe(id);
  const stored = await app.superuser(
    `SELECT e.header::text AS text FROM reference.published_narrations e
     UNION ALL SELECT g.voice FROM reference.published_narration_segments g WHERE g.voice IS NOT NULL`,
  );
  expect(JSON.stringify(stored)).not.toContain(voice);
});

describe("a voice that is suspended or gone", () => {
  const RENDER = `mutation ($input: RenderNarrationInput!) { renderNarration(input: $input) {
    userErrors { code message } } }`;
  const READ = `query ($by: NarrationByInput!) { narration(by: $by) { title ${VOICE_OF}
    renderEstimate { unavailableVoices { displayName kind } } } }`;

  async function narrated() {
    const id = await givenVoice("ada");
    const narration = await app.given.narration({
      owner: "ada",
      narratorVoice: fromGlobalId(id, "Voice", []),
    });
    const global = toGlobalId("UserStoryNarration", narration.id);
    return {
      read: () => app.as("ada").query(READ, { by: { id: global } }),
      render: () =>
        app.as("ada").query(RENDER, { input: { id: global, version: narration.version } }),
    };
  }

  test("leaves a narration readable after the consent ended, and rendering says what to do", async () => {
    const { read, render } = await narrated();
    await app.services.consents.revoke(ownerOf(subjectOf("ada")), "keep");

    expect((await read()).at("narration")).toMatchObject({
      narratorVoice: { displayName: "Ada's voice", kind: "ADAPTED", isAvailable: false },
      renderEstimate: { unavailableVoices: [{ displayName: "Ada's voice", kind: "ADAPTED" }] },
    });
    expect((await render()).list("renderNarration.userErrors")).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("agree again with grantVoiceConsent") },
    ]);
  });

  test("leaves a narration readable after the voice was deleted", async () => {
    const { read, render } = await narrated();
    await app.superuser("DELETE FROM instances.user_emotion_voices");
    await app.superuser("DELETE FROM instances.user_voices");

    expect((await read()).at("narration.narratorVoice")).toMatchObject({
      ...{ displayName: "Ada's voice", kind: "ADAPTED", isAvailable: false },
    });
    expect((await render()).list("renderNarration.userErrors")).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("no longer available") },
    ]);
  });
});
