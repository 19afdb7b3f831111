import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import type { Answer } from "../harness/answer.js";
import { EDIT_SEGMENTS, UPDATE_NARRATION } from "../harness/documents.js";

const TEXT =
  "Capt. Vane rang some\u00ADwhere.\n\n“Who is there?” asked Lt. Hale.\n\nThe wind rose.";
const SPOKEN = [
  "Captain Vane rang somewhere.",
  "“Who is there?”",
  "asked Lieutenant Hale.",
  "The wind rose.",
];
const QUERY = `query ($id: ID!, $first: Int) { narration(by: { id: $id }) {
  segments(first: $first) { edges { node { text spokenText } } } } }`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ referenceCacheBytes: 0 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const idOf = ({ id }: NarrationEntity) => toGlobalId("UserStoryNarration", id);
const spokenIn = (answer: Answer) =>
  answer.list("narration.segments.edges.*.node.spokenText").map((text) => String(text).trim());

async function read(narration: NarrationEntity, reader = "ada", first = 9): Promise<Answer> {
  const answer = await app.as(reader).query(QUERY, { id: idOf(narration), first });
  expect(answer.errors).toEqual([]);
  return answer;
}

async function change(narration: NarrationEntity, document: string, more: object): Promise<void> {
  const { version } = await app.given.reread(narration);
  const input = { id: idOf(narration), version, ...more };
  const answer = await app.as("ada").query(document, { input });
  expect(answer.body).toContain('"userErrors":[]');
}

async function narrated(publish?: "public"): Promise<NarrationEntity> {
  const story = await app.given.story({ text: TEXT, analyse: true });
  return app.given.narration({ owner: "ada", story, ...(publish ? { publish } : {}) });
}

test("a segment tells what its voice gets, with as many statements for one segment as for all", async () => {
  const narration = await narrated();

  const one = await read(narration, "ada", 1);
  const all = await read(narration);

  expect(spokenIn(all)).toEqual(SPOKEN);
  expect(all.sql.statements.map(({ path }) => path)).toEqual(
    one.sql.statements.map(({ path }) => path),
  );
});

test("other people read the same of a published narration", async () => {
  const narration = await narrated("public");

  expect(spokenIn(await read(narration, "ben"))).toEqual(SPOKEN);
});

test("the owner's own text is read anew, and words of the lexicon stay as they are written", async () => {
  const narration = await narrated();

  await change(narration, EDIT_SEGMENTS, {
    edits: [{ index: 3, text: "Dr. Hale saw the gar\u00ADden." }],
  });
  await change(narration, UPDATE_NARRATION, {
    voiceModifications: { lexicon: [{ word: "Capt", saidAs: "skipper" }] },
  });

  const [first, , , last] = spokenIn(await read(narration));
  expect(first).toBe("Capt. Vane rang somewhere.");
  expect(last).toContain("Hale saw the garden.");
});
