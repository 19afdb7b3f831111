import "reflect-metadata";
import {
  type FragmentDefinitionNode,
  Kind,
  getIntrospectionQuery,
  getOperationAST,
  parse,
} from "graphql";
import { estimateCost } from "../../../src/graphql/cost/estimate.js";
import { MAX_OPERATION_COST } from "../../../src/graphql/cost/ledger.js";
import { MAX_TOKENS } from "../../../src/graphql/limits.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { loadPlaygroundExamples } from "../../../src/http/playground/playground.examples.js";
import { playgroundTabs } from "../../../src/http/playground/playground.tabs.js";
import { NESTED_PAGE, READ_AUDIO } from "../../api/harness/documents.js";
import { sampleContext } from "../../http/playground/context.sample.js";

const schema = buildFabulaSchema();

function costOf(source: string, variables: Record<string, unknown> = {}, name?: string): number {
  const document = parse(source);
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error("The document has no such operation.");
  const fragments = document.definitions.filter(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  return estimateCost(schema, { operation, fragments: byName, variables }).requested;
}

test.each([
  ["a user", "{ viewer { id displayName } }", 2],
  ["a page of three stories", PAGE(3), 1 + 2 + 3 * 2],
  [
    "a page without selected entries",
    "{ stories(first: 3) { pageInfo { hasNextPage } } }",
    1 + 2 + 3 + 1,
  ],
  ["totalCount", "{ stories(first: 3) { totalCount } }", 1 + 2 + 3 + 10],
  ["a page of three nodes", "{ stories(first: 3) { nodes { title } } }", 1 + 2 + 3],
  [
    "a page of three nodes beside edges",
    "{ stories(first: 3) { nodes { title } edges { cursor node { originalAuthor { id } } } } }",
    1 + 2 + 3 * (1 + 3),
  ],
  [
    "the stale segments of a script, which are found by comparing the whole script",
    '{ narration(by: { id: "n" }) { segments(first: 3, filter: { isStale: true }) { nodes { text } } } }',
    1 + 1 + 1 + 100 + 2 + 3,
  ],
  [
    "the edited segments of a script",
    '{ narration(by: { id: "n" }) { segments(first: 3, filter: { isEdited: true, isStale: null }) { nodes { text } } } }',
    1 + 1 + 1 + 2 + 3,
  ],
  ["a story's text", '{ story(by: { slug: "s" }) { content } }', 1 + 1 + 100],
  ["introspection", getIntrospectionQuery(), 0],
  ["__typename", "{ __typename }", 0],
])("estimates the cost of %s", (_what, source, cost) => {
  expect(costOf(source)).toBe(cost);
});

function PAGE(first: number | string): string {
  return `{ stories(first: ${first}) { edges { node { title } } } }`;
}

describe("the page size is", () => {
  const page = "stories(first: $n) { edges { node { title } } }";

  test("the variable, the variable's default, or 20", () => {
    expect(costOf(`query ($n: Int) { ${page} }`, { n: 3 })).toBe(costOf(PAGE(3)));
    expect(costOf(`query ($n: Int = 7) { ${page} }`)).toBe(costOf(PAGE(7)));
    expect(costOf(`query ($n: Int) { ${page} }`)).toBe(costOf(PAGE(20)));
    expect(costOf(`query ($n: Int) { ${page} }`, { n: null })).toBe(costOf(PAGE("null")));
    expect(costOf(PAGE("null"))).toBe(costOf(PAGE(20)));
    expect(costOf("{ stories(last: 5) { edges { node { title } } } }")).toBe(costOf(PAGE(5)));
  });

  test("the maximum if the resolver will refuse the size", () => {
    for (const first of ["-1", "0", "101", "2147483647"]) {
      expect(costOf(PAGE(first))).toBe(costOf(PAGE(100)));
    }
  });

  test("the number of ids that nodes(ids:) looks up", () => {
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";

    expect(costOf(query, { ids: ["a", "b", "c"] })).toBe(2 + 3);
    expect(costOf(query, { ids: Array.from({ length: 5_000 }, () => "a") })).toBe(2 + 100);
    expect(costOf('{ nodes(ids: ["a", "b"]) { id } }')).toBe(2 + 2);
  });
});

test("the costs of nested pages multiply", () => {
  const cost =
    costOf(`{ stories(first: 10) { edges { node { userNarrations(first: 5) { edges { node {
    segments(first: 4) { edges { node { text } } } } } } } } } }`);

  const segments = 2 + 4 * 2;
  const narrations = 2 + 5 * (2 + segments);
  expect(cost).toBe(1 + 2 + 10 * (2 + narrations));
});

test("every alias counts, and so does every skipped field", () => {
  const one = costOf(PAGE(5)) - 1;

  expect(
    costOf(
      "{ a: stories(first: 5) { edges { node { id } } } b: stories(first: 5) { edges { node { id } } } }",
    ),
  ).toBe(1 + 2 * one);
  expect(costOf("{ stories(first: 5) @skip(if: true) { edges { node { id } } } }")).toBe(1 + one);
  expect(
    costOf("{ ... @include(if: false) { stories(first: 5) { edges { node { id } } } } }"),
  ).toBe(1 + one);
});

test("selections that are merged during execution count once", () => {
  const twice = `{ ...A ...B ... on Query { ...A } }
    fragment A on Query { stories(first: 5) { edges { node { id } } } }
    fragment B on Query { stories(first: 5) { edges { node { title originalAuthor { id } } } } }`;

  const once = "{ stories(first: 5) { edges { node { id title originalAuthor { id } } } } }";
  expect(costOf(twice)).toBe(costOf(once));
});

test("for an interface, the most expensive type counts", () => {
  const story = "... on ReferenceStory { originalAuthor { id } content }";
  const user = "... on User { stories(first: 10) { edges { node { id } } } }";

  expect(costOf(`{ node(id: "x") { id ${story} ${user} } }`)).toBe(1 + 1 + 1 + Math.max(101, 22));
});

test("only the operation that runs is counted", () => {
  const source = `query Small { viewer { id } } query Large ${PAGE(100)}`;

  expect(costOf(source, {}, "Small")).toBe(2);
  expect(costOf(source, {}, "Large")).toBe(203);
});

test("each event of a subscription has a fixed cost, and so does a mutation", () => {
  expect(costOf('subscription { narrationProgress(id: "x") { status } }')).toBe(1 + 5 + 1);
  const publish = 'mutation { publishStory(input: { id: "x", version: 1 }) { story { id } } }';
  expect(costOf(publish)).toBe(1 + 100 + 1 + 1);
});

test("fragments that combine exponentially are estimated in few steps", () => {
  const levels = 60;
  const doubling = Array.from(
    { length: levels },
    (_, at) => `fragment F${at} on ReferenceStory { ...F${at + 1} ... on Node { ...F${at + 1} } }`,
  ).join(" ");
  const nested = `{ story(by: { slug: "s" }) { ...F0 } } ${doubling}
    fragment F${levels} on ReferenceStory { originalAuthor { id } }`;

  expect(costOf(nested)).toBe(3);
});

test("a fragment that contains itself exceeds every limit", () => {
  const cyclic = `{ viewer { ...U } }
    fragment U on User { stories { edges { node { originalAuthor { ...U } } } } }`;

  expect(costOf(cyclic)).toBe(Number.MAX_SAFE_INTEGER);
});

test("a small document with huge nested pages is far beyond the limit", () => {
  const open = "stories(first:100){edges{node{voiceModulationTemplates(first:100){edges{node{";
  const attack = `{${open.repeat(2)}id${"}".repeat(12)}}`;

  expect(attack.length).toBeLessThan(200);
  expect(costOf(attack)).toBeGreaterThan(10 ** 8);
});

test("an operation with invalid variables costs nothing, because it does not run", () => {
  expect(costOf("query ($n: Int!) { stories(first: $n) { totalCount } }", { n: "many" })).toBe(0);
});

describe("the limit allows", () => {
  test("the nested page of 100 stories", () => {
    expect(costOf(NESTED_PAGE, { first: 100 })).toBeLessThanOrEqual(MAX_OPERATION_COST);
  });

  test("a narration with the words of 100 segments", () => {
    expect(costOf(READ_AUDIO, { id: "x" })).toBeLessThanOrEqual(MAX_OPERATION_COST / 2);
  });

  test("ten times every operation of the playground", async () => {
    const tabs = playgroundTabs(await loadPlaygroundExamples(), sampleContext);
    const costs = tabs.flatMap(({ query, variables }) =>
      parse(query, { maxTokens: MAX_TOKENS }).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? costOf(query, variables, definition.name?.value)
          : [],
      ),
    );

    expect(costs.length).toBeGreaterThan(12);
    expect(Math.max(...costs)).toBeLessThan(MAX_OPERATION_COST / 10);
    expect(Math.min(...costs)).toBeGreaterThan(0);
  });
});
