import { buildSchema, isInputObjectType, isNonNullType } from "graphql";
import { readFileSync } from "node:fs";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { EDIT_SEGMENTS, NARRATION_PROGRESS } from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

type Values = Readonly<Record<string, unknown>>;
type Subject = "story" | "narration";

interface Unchanging {
  readonly on: Subject;
  /** Several inputs of this mutation. Each is sent twice. */
  readonly inputs: readonly Values[];
}

const voice = (name: string): string => toGlobalId("Voice", `flite:${name}`);

/** What every mutation with a version can be asked twice. The second time, it changes nothing. */
const UNCHANGING: Readonly<Record<string, Unchanging>> = {
  updateStory: {
    on: "story",
    inputs: [
      {},
      { title: "The Low River", tags: ["River", "bridge"], summary: "A bridge.", mood: "calm" },
      {
        content: "The bridge was old.\n\nNobody crossed it.",
        language: "en-GB",
        ageRating: "TEEN",
      },
      { summary: null, mood: null, coverImageUrl: null },
    ],
  },
  publishStory: { on: "story", inputs: [{}] },
  archiveStory: { on: "story", inputs: [{}] },
  reanalyzeStory: { on: "story", inputs: [{}, { analyzer: "EMBEDDED" }] },
  updateNarration: {
    on: "narration",
    inputs: [
      {},
      { title: "Mine", narratorVoice: voice("rms") },
      { voiceModifications: { rate: 0.9, pitch: null, emotions: [{ emotion: "joy", rate: 1.1 }] } },
      { voiceModifications: { lexicon: [{ word: "Marta", saidAs: "Marter" }], emotions: [] } },
      { modify: { rate: 1.1, lexicon: [{ word: "river", saidAs: "rivver" }] } },
      { modify: { rate: null, removeEmotions: ["joy"], removeLexicon: ["River", "nothing"] } },
      { modify: {} },
      { title: null, cast: [], voiceModifications: null },
    ],
  },
  updateNarrationSegments: {
    on: "narration",
    inputs: [
      { edits: [{ index: 0, text: "New words.", intensity: 0.3, prosody: { rate: 0.9 } }] },
      {
        edits: [
          { index: 0, prosody: {} },
          { index: 1, emotion: "joy", pauseAfterMs: 300 },
        ],
      },
      {
        edits: [
          { index: 0, reset: true },
          { index: 1, reset: true },
        ],
      },
    ],
  },
  publishNarration: {
    on: "narration",
    inputs: [{ visibility: "PUBLIC" }, { visibility: "UNLISTED" }],
  },
  unpublishNarration: { on: "narration", inputs: [{}] },
  rebaseNarration: { on: "narration", inputs: [{}, { dryRun: true }] },
  dismissUnplacedEdits: { on: "narration", inputs: [{}] },
};

/**
 * Deletions leave nothing that has a version. renderNarration never moves a version: rendering.test.ts. The others
 * change the script at every call.
 */
const OTHERS = [
  "deleteNarration",
  "renderNarration",
  "deleteStory",
  "insertNarrationSegments",
  "splitNarrationSegment",
  "joinNarrationSegments",
  "deleteNarrationSegments",
];

const documentOf = (mutation: string, on: Subject): string => {
  const input = `${mutation.slice(0, 1).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${input}!) { ${mutation}(input: $input) {
    ${on} { id version updatedAt } userErrors { code message path } } }`;
};

test("every mutation that takes a version is tried here", () => {
  const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
  const versioned = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(
    ({ args: [input] }) =>
      isNonNullType(input?.type) &&
      isInputObjectType(input.type.ofType) &&
      "version" in input.type.ofType.getFields(),
  );

  const tried = [...Object.keys(UNCHANGING), ...OTHERS];
  expect(versioned.map(({ name }) => name).toSorted()).toEqual(tried.toSorted());
});

const NAMED = { story: "ReferenceStory", narration: "UserStoryNarration" } as const;

const given = async (on: Subject): Promise<{ id: string | number; version: number }> => {
  const story = await app.given.story({ author: "ada", analyse: true });
  return on === "story" ? story : app.given.narration({ owner: "ada", story });
};

test.each(Object.entries(UNCHANGING))(
  "a second %s with the same input keeps the version and the date",
  async (mutation, { on, inputs }) => {
    const { id, version } = await given(on);
    const send = async (values: Values, from: number) => {
      const input = { id: toGlobalId(NAMED[on], id), version: from, ...values };
      const answer = await app.as("ada").query(documentOf(mutation, on), { input });
      expect(answer.at(`${mutation}.userErrors`)).toEqual([]);
      return answer.at(`${mutation}.${on}`) as { version: number; updatedAt: string };
    };

    let last = version;
    for (const values of inputs) {
      const once = await send(values, last);
      const twice = await send(values, once.version);
      expect(twice).toEqual(once);
      last = once.version;
    }
  },
);

test("an empty change keeps the first version", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const input = { id: toGlobalId("UserStoryNarration", narration.id), version: 1 };

  const answer = await app.as("ada").query(documentOf("updateNarration", "narration"), { input });

  expect(answer.at("updateNarration.narration.version")).toBe(1);
});

test("a segment that is sent as it was read keeps the version, and is not an edited one", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const script = await app.given.script(narration);
  const edits = script.map(({ position, text, emotion }) => ({
    ...{ index: position, text, emotion },
  }));

  const input = { id: toGlobalId("UserStoryNarration", narration.id), version: 1, edits };
  const answer = await app
    .as("ada")
    .query(documentOf("updateNarrationSegments", "narration"), { input });

  expect(answer.at("updateNarrationSegments.userErrors")).toEqual([]);
  expect(answer.at("updateNarrationSegments.narration.version")).toBe(1);
  expect(await app.given.script(narration)).toEqual(script);
});

test("a narration that is changed and changed back is published as before", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });
  const id = toGlobalId("UserStoryNarration", narration.id);
  const change = async (mutation: string, values: Values, version: number) => {
    const input = { id, version, ...values };
    const answer = await app.as("ada").query(documentOf(mutation, "narration"), { input });
    return answer.number(`${mutation}.narration.version`);
  };
  const edit = (values: Values, version: number) =>
    change("updateNarrationSegments", { edits: [{ index: 0, ...values }] }, version);

  const edited = await edit({ text: "Other words." }, narration.version);
  const back = await edit({ reset: true }, edited);
  const published = await change("publishNarration", { visibility: "PUBLIC" }, back);

  expect([edited, back]).toEqual([narration.version + 1, narration.version + 2]);
  expect(published).toBe(back);
  expect((await app.given.reread(narration)).edition).toBe(narration.edition);
});

describe("a narration that waits for its script", () => {
  test("can be edited with the version that its owner read before the script arrived", async () => {
    const story = await app.given.story({ publish: true });
    const narration = await app.given.narration({ owner: "ada", story });
    await app.analyse(story);

    const input = {
      ...{ id: toGlobalId("UserStoryNarration", narration.id), version: narration.version },
      edits: [{ index: 0, text: "First edit." }],
    };
    const answer = await app.as("ada").query(EDIT_SEGMENTS, { input });

    expect(answer.at("updateNarrationSegments.userErrors")).toEqual([]);
    expect((await app.given.script(narration))[0]?.text).toBe("First edit.");
  });

  test("is followed until its script arrives", async () => {
    const story = await app.given.story({ publish: true });
    const { id } = await app.given.narration({ owner: "ada", story });
    const events = app
      .as("ada")
      .subscribe(
        "subscription ($id: ID!) { narrationProgress(id: $id) { version segments { totalCount } } }",
        { id: toGlobalId("UserStoryNarration", id) },
      );

    const counts: number[] = [];
    for await (const event of events) {
      counts.push(event.number("narrationProgress.segments.totalCount"));
      if (counts.length === 1) await app.analyse(story);
    }

    expect(counts).toEqual([0, expect.any(Number)]);
    expect(counts[1]).toBeGreaterThan(5);
  });

  test("is followed no longer than its first state once the script is there", async () => {
    const { id } = await app.given.narration({ owner: "ada" });

    const events = await app
      .as("ada")
      .follow(NARRATION_PROGRESS, { id: toGlobalId("UserStoryNarration", id) });

    expect(events).toHaveLength(1);
  });
});
