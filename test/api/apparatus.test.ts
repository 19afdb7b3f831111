import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import type { Answer } from "./harness/answer.js";

const TEXT = "The 🐚 bell rang some\u00ADwhere.\n\n* * *\n\nMorn\u00ADing came.\n\n* * *\n\nNight.";
const QUERY = `query ($id: ID!, $first: Int, $after: String, $kinds: [ApparatusKind!]) { node(id: $id) { ... on StoryAnalysis {
  apparatus(first: $first, after: $after, kinds: $kinds) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { kind start end text said } } } } } }`;

let app: ApiApp;
let id: string;
beforeAll(async () => {
  app = await apiApp();
  await app.given.story({ text: TEXT, analyse: true });
  const [analysis] = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
  id = toGlobalId("StoryAnalysis", analysis?.id ?? 0);
});
afterAll(() => app.close());

const ask = async (query: string, variables: object): Promise<Answer> => {
  const answer = await app.as("ada").query(query, { id, ...variables });
  expect(answer.errors).toEqual([]);
  return answer;
};

test("an analysis lists what is not the story, with its place and its text", async () => {
  const answer = await ask(QUERY, {});

  expect(answer.at("node.apparatus.totalCount")).toBe(4);
  expect(answer.list("node.apparatus.edges.*.node")).toMatchObject([
    { kind: "CHARACTER", text: "\u00AD", said: "" },
    { kind: "SCENE_BREAK", text: "* * *", said: "" },
    { kind: "CHARACTER", text: "\u00AD", said: "" },
    { kind: "SCENE_BREAK", text: "* * *", said: "" },
  ]);
  const starts = answer.list("node.apparatus.edges.*.node.start").map(Number);
  const ends = answer.list("node.apparatus.edges.*.node.end").map(Number);
  expect(starts.map((start, index) => TEXT.slice(start, ends[index]))).toEqual(
    answer.list("node.apparatus.edges.*.node.text"),
  );
});

test("the list has pages and a filter of kinds", async () => {
  const kinds = ["SCENE_BREAK"];

  const first = await ask(QUERY, { kinds, first: 1 });
  const after = first.at("node.apparatus.pageInfo.endCursor");
  const second = await ask(QUERY, { kinds, first: 1, after });

  expect(first.at("node.apparatus.totalCount")).toBe(2);
  const starts = [first, second].map((page) => page.at("node.apparatus.edges.0.node.start"));
  expect(starts).toEqual([TEXT.indexOf("* * *"), TEXT.lastIndexOf("* * *")]);
  expect(first.at("node.apparatus.pageInfo.hasNextPage")).toBe(true);
  expect(second.at("node.apparatus.pageInfo.hasNextPage")).toBe(false);
});

test("a segment tells how it ends and what is spoken, with as many statements for one as for all", async () => {
  const query = `query ($id: ID!, $first: Int) { node(id: $id) { ... on StoryAnalysis {
    segments(first: $first) { edges { node { text spokenText breakAfter } } } } } }`;

  const one = await ask(query, { first: 1 });
  const all = await ask(query, { first: 9 });

  expect(all.list("node.segments.edges.*.node")).toEqual([
    {
      text: "The 🐚 bell rang some\u00ADwhere.",
      spokenText: "The 🐚 bell rang somewhere.",
      breakAfter: "SCENE",
    },
    { text: "Morn\u00ADing came.", spokenText: "Morning came.", breakAfter: "SCENE" },
    { text: "Night.", spokenText: "Night.", breakAfter: "PARAGRAPH" },
  ]);
  expect(all.sql.statements.map(({ path }) => path)).toEqual(
    one.sql.statements.map(({ path }) => path),
  );
});
