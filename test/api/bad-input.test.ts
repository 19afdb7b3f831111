import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { BRIDGE } from "../support/texts.js";
import type { Answer } from "./harness/answer.js";
import {
  ARCHIVE_STORY,
  CREATE_NARRATION,
  CREATE_STORY,
  EDIT_SEGMENTS,
  PUBLISH_STORY,
  UPDATE_NARRATION,
  UPDATE_STORY,
} from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const storyIdOf = (id: number) => toGlobalId("ReferenceStory", id);
const narrationIdOf = (id: string) => toGlobalId("UserStoryNarration", id);
const errorsOf = (answer: Answer, mutation: string) => answer.at(`${mutation}.userErrors`);

const IMPORT_STORY = `mutation Import($input: ImportStoryInput!) {
  importStory(input: $input) { story { title content } userErrors { code message path } }
}`;

const countOf = async (table: string): Promise<number> =>
  (await app.superuser(`SELECT FROM ${table}`)).length;

describe("a text", () => {
  const HALF = "half a pair: \uD83D.";

  test.each([
    ["empty", "", /empty/],
    ["blank", " \n\t\u2003\uFEFF", /empty/],
    ["with a NUL character", "a\0b", /NUL/],
    ["with half of a surrogate pair", HALF, /surrogate/],
    [
      "over the limit",
      "a".repeat(2_000_001),
      /2000001 characters; a story can have at most 2000000/,
    ],
  ])("that is %s is refused, and nothing is stored", async (_name, content, message) => {
    const answer = await app.as("ada").query(CREATE_STORY, { input: { title: "T", content } });

    expect(answer.errors).toEqual([]);
    expect(answer.at("createStory.story")).toBeNull();
    expect(errorsOf(answer, "createStory")).toEqual([
      { code: "BAD_USER_INPUT", message: expect.stringMatching(message), path: ["content"] },
    ]);
    expect(await countOf("reference.stories")).toBe(0);
    expect(await countOf("reference.story_texts")).toBe(0);
  });

  test("at the length limit is accepted", async () => {
    const content = "word ".repeat(400_000).slice(0, -1);

    const answer = await app.as("ada").query(CREATE_STORY, { input: { title: "T", content } });

    expect(errorsOf(answer, "createStory")).toEqual([]);
  });

  test.each([
    ["NUL", "a\\u0000b"],
    ["half of a surrogate pair", "\\uD83D."],
  ])("with %s in a GraphQL literal is refused", async (_name, escaped) => {
    const answer = await app.as("ada").query(`mutation { createStory(
      input: { title: "T", content: "${escaped}" }) { story { id } userErrors { code path } } }`);

    // Accept two codes. The GraphQL parser refuses some escapes itself, before the server checks the
    // text. Each code tells the caller the reason.
    expect(answer.body).toMatch(/BAD_USER_INPUT|GRAPHQL_PARSE_FAILED/);
    expect(await countOf("reference.stories")).toBe(0);
  });

  test("with NUL or half of a surrogate pair is refused in search, slug and title", async () => {
    const search = await app
      .as("ada")
      .query("query ($s: String) { stories(search: $s) { totalCount } }", { s: "a\0" });
    const slug = await app
      .as("ada")
      .query("query ($s: String) { story(by: { slug: $s }) { id } }", { s: HALF });
    const title = await app
      .as("ada")
      .query(CREATE_STORY, { input: { title: "a\0", content: BRIDGE } });

    expect([search.code, slug.code]).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
    expect(errorsOf(title, "createStory")).toMatchObject([{ path: ["title"] }]);
  });
});

describe("a file", () => {
  const imported = (bytes: Uint8Array | string, fileName = "story.txt") =>
    app.as("ada").query(IMPORT_STORY, {
      input: { fileName, dataBase64: Buffer.from(bytes).toString("base64") },
    });

  test.each([
    ["a PNG", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "is a picture"],
    ["a ZIP", Buffer.from("504b03041400000008000000210000000000", "hex"), "ZIP"],
    [
      "a PDF's bytes",
      Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3])]),
      "is a PDF",
    ],
    ["Latin-1", Buffer.from("caf\xe9", "latin1"), "not plain text in UTF-8"],
    ["cut UTF-8", Buffer.from("caf\u00e9").subarray(0, 4), "not plain text in UTF-8"],
    ["empty", Buffer.alloc(0), "is empty"],
  ])("that is %s is refused", async (_name, bytes, message) => {
    const answer = await imported(bytes);

    expect(errorsOf(answer, "importStory")).toEqual([
      {
        code: "BAD_USER_INPUT",
        message: expect.stringContaining(message),
        path: ["dataBase64"],
      },
    ]);
    expect(await countOf("reference.stories")).toBe(0);
  });

  test("that is plain text becomes a story", async () => {
    const answer = await imported(`The Ferry\r\n\r\n${BRIDGE}`);

    expect(answer.at("importStory.story")).toEqual({
      title: "The Ferry",
      content: `The Ferry\n\n${BRIDGE}`,
    });
  });

  test("that is not base64 is refused", async () => {
    const answer = await app
      .as("ada")
      .query(IMPORT_STORY, { input: { fileName: "a.txt", dataBase64: "%%%" } });

    expect(errorsOf(answer, "importStory")).toMatchObject([{ path: ["dataBase64"] }]);
  });
});

test("an unknown voice is refused", async () => {
  const story = await app.given.story({ analyse: true });

  for (const voice of [toGlobalId("Voice", "flite:nobody"), "nonsense", storyIdOf(story.id)]) {
    const answer = await app
      .as("ada")
      .query(CREATE_NARRATION, { input: { storyId: storyIdOf(story.id), narratorVoice: voice } });

    expect(errorsOf(answer, "createNarration")).toMatchObject([
      { code: "BAD_USER_INPUT", path: ["narratorVoice"] },
    ]);
  }
  expect(await countOf("instances.user_story_narrations")).toBe(0);
});

test("a user cannot change, publish, archive or narrate another user's draft", async () => {
  const draft = await app.given.story({ author: "ada" });
  const input = { id: storyIdOf(draft.id), version: 1 };
  const ben = app.as("ben");

  const answers = {
    updateStory: await ben.query(UPDATE_STORY, { input: { ...input, title: "Taken" } }),
    publishStory: await ben.query(PUBLISH_STORY, { input }),
    archiveStory: await ben.query(ARCHIVE_STORY, { input }),
    createNarration: await ben.query(CREATE_NARRATION, { input: { storyId: input.id } }),
  };

  for (const [mutation, answer] of Object.entries(answers)) {
    expect(errorsOf(answer, mutation)).toMatchObject([{ code: "NOT_FOUND" }]);
    expect(answer.body).not.toContain(draft.title);
  }
});

test("a user cannot change another user's public story", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const input = { id: storyIdOf(story.id), version: story.version, title: "Taken" };

  const answer = await app.as("ben").query(UPDATE_STORY, { input });

  expect(errorsOf(answer, "updateStory")).toMatchObject([{ code: "FORBIDDEN" }]);
});

test("a change with an old version returns the current story", async () => {
  const story = await app.given.story({ author: "ada" });
  const input = { id: storyIdOf(story.id), version: story.version };
  await app.as("ada").query(UPDATE_STORY, { input: { ...input, title: "First" } });

  const stale = await app.as("ada").query(UPDATE_STORY, { input: { ...input, title: "Second" } });

  expect(stale.at("updateStory")).toMatchObject({
    story: { title: "First", version: story.version + 1 },
    userErrors: [{ code: "CONFLICT", message: expect.stringContaining("read it again") }],
  });
});

test("an edit with an old version returns the current narration and changes no segment", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const input = { id: narrationIdOf(narration.id), version: narration.version };
  await app.as("ada").query(UPDATE_NARRATION, { input: { ...input, title: "First" } });

  const stale = await app
    .as("ada")
    .query(EDIT_SEGMENTS, { input: { ...input, edits: [{ index: 0, text: "Second." }] } });

  expect(stale.at("updateNarrationSegments")).toMatchObject({
    narration: { title: "First", version: narration.version + 1 },
    userErrors: [{ code: "CONFLICT" }],
  });
  expect(stale.body).not.toContain("Second.");
});

test("only one of four simultaneous changes with the same version is accepted", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const input = { id: narrationIdOf(narration.id), version: narration.version };

  const answers = await Promise.all(
    ["A", "B", "C", "D"].map((title) =>
      app.as("ada").query(UPDATE_NARRATION, { input: { ...input, title } }),
    ),
  );

  const failures = answers.filter((answer) => answer.list("updateNarration.userErrors").length > 0);
  expect(failures).toHaveLength(3);
});

test("one invalid edit among valid edits changes nothing", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const before = await app.given.script(narration);

  const answer = await app.as("ada").query(EDIT_SEGMENTS, {
    input: {
      id: narrationIdOf(narration.id),
      version: narration.version,
      edits: [
        { index: 0, text: "Good." },
        { index: 9_999, text: "Nowhere." },
      ],
    },
  });

  expect(errorsOf(answer, "updateNarrationSegments")).toMatchObject([{ code: "BAD_USER_INPUT" }]);
  expect(await app.given.script(narration)).toEqual(before);
});

test("an archived story refuses changes and new narrations with CONFLICT", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const id = storyIdOf(story.id);
  const archived = await app
    .as("ada")
    .query(ARCHIVE_STORY, { input: { id, version: story.version } });
  const version = archived.number("archiveStory.story.version");

  const change = await app.as("ada").query(UPDATE_STORY, { input: { id, version, title: "New" } });
  const narration = await app.as("ben").query(CREATE_NARRATION, { input: { storyId: id } });

  for (const [mutation, answer] of Object.entries({
    updateStory: change,
    createNarration: narration,
  })) {
    expect(errorsOf(answer, mutation)).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("archived") },
    ]);
  }
});

/** An id in the form of earlier versions, which anybody can make. */
const plainId = (type: string, raw: string): string =>
  Buffer.from(`${type}:${raw}`).toString("base64url");

describe("an id", () => {
  const BAD = [
    "",
    "1",
    "nonsense",
    toGlobalId("Voice", "flite:slt"),
    plainId("ReferenceStory", "1"),
    plainId("ReferenceStory", "2147483648"),
    plainId("ReferenceStory", "99999999999999999999999"),
    plainId("ReferenceStory", "-1"),
    plainId("ReferenceStory", "1.5"),
    plainId("ReferenceStory", "1'; DROP TABLE reference.stories; --"),
    `${plainId("Voice", "flite:slt")}=`,
    plainId("nonsense", "of sixteen bytes"),
    "x".repeat(5_000),
  ];

  test.each(BAD)("%s is refused as a story's id and finds no story", async (id) => {
    const mutation = await app.as("ada").query(PUBLISH_STORY, { input: { id, version: 1 } });
    const story = await app
      .anonymous()
      .query("query ($id: ID!) { story(by: { id: $id }) { id } }", { id });
    const node = await app
      .anonymous()
      .query("query ($id: ID!) { node(id: $id) { id ... on ReferenceStory { title } } }", { id });

    expect(errorsOf(mutation, "publishStory")).toMatchObject([
      { code: "BAD_USER_INPUT", path: ["id"] },
    ]);
    expect(story.code).toBe("BAD_USER_INPUT");
    expect(node.errors).toEqual([]);
  });

  test.each([
    ["UserStoryNarration", "9223372036854775808"],
    ["UserStoryNarration", "0x10"],
    ["NarrationSegment", "1"],
    ["UserVoiceSample", "99999999999999999999"],
    ["User", "not-a-uuid"],
    ["StoryAnalysis", "4294967296"],
  ] as const)("%s:%s finds no node", async (type, raw) => {
    const id = plainId(type, raw);

    const answer = await app.as("ada").query("query ($id: ID!) { node(id: $id) { id } }", { id });

    expect(answer.json.data).toEqual({ node: null });
  });
});

test.each([0, -1, 101, 1000])("first: %d is refused with the allowed range", async (first) => {
  const story = await app.given.story({ analyse: true });
  for (const query of [
    "query ($n: Int) { stories(first: $n) { totalCount } }",
    "query ($n: Int) { stories(last: $n) { totalCount } }",
    "query ($n: Int) { voices(first: $n) { totalCount } }",
    "query ($n: Int, $id: ID!) { story(by: { id: $id }) { userNarrations(first: $n) { totalCount } } }",
  ]) {
    const answer = await app.as("ada").query(query, { n: first, id: storyIdOf(story.id) });

    expect(answer.code).toBe("BAD_USER_INPUT");
    expect(answer.errors[0]?.message).toContain("between 1 and 100");
  }
});

test("GraphQL refuses numbers that are not an Int", async () => {
  const query = "query ($n: Int) { stories(first: $n) { totalCount } }";

  for (const n of [2 ** 31, 1.5, "1", Number.MAX_SAFE_INTEGER]) {
    const answer = await app.anonymous().query(query, { n });

    expect([answer.status, answer.code]).toEqual([200, "BAD_USER_INPUT"]);
  }
});

test("too many ids, aliases or tokens are refused with the limit", async () => {
  const ids = Array.from({ length: 101 }, () => storyIdOf(1));
  const nodes = await app
    .anonymous()
    .query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids });
  const aliases = Array.from({ length: 16 }, (_, index) => `a${index}: __typename`).join(" ");
  const aliased = await app.anonymous().query(`{ ${aliases} }`);
  const long = await app.anonymous().query(`{ ${"__typename ".repeat(1_001)} }`);

  expect(nodes.errors[0]?.message).toContain("at most 100");
  expect(aliased.errors[0]?.message).toContain("at most 15");
  expect(long.errors[0]?.message).toContain("1000 tokens");
  for (const answer of [aliased, long]) expect(answer.status).toBe(200);
});
