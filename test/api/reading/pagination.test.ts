import fc from "fast-check";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { textNamed } from "../../support/texts.js";
import type { Answer } from "../harness/answer.js";

const STORIES = `query Stories($first: Int, $after: String, $last: Int, $before: String,
    $filter: StoryFilter, $search: String, $orderBy: StoryOrder) {
  stories(first: $first, after: $after, last: $last, before: $before, filter: $filter, search: $search, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { title } }
  }
}`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const titlesOf = (answer: Answer) => answer.list("stories.edges.*.node.title").map(String);

interface Shelved {
  readonly title: string;
  /** An SQL expression of type timestamptz. */
  readonly publishedAt: string;
  readonly genre?: string;
}

/**
 * Inserts public stories directly with SQL, so that the test knows the times of publishing. All stories
 * have one text.
 */
async function shelve(stories: readonly Shelved[]): Promise<void> {
  const { contentHash, originalAuthorId } = await app.given.story({ text: textNamed("any") });
  for (const { title, publishedAt, genre = "fable" } of stories) {
    await app.superuser(
      `INSERT INTO reference.stories (slug, title, content_hash, original_author_id, visibility, category, genre, tags, published_at)
       VALUES (md5(random()::text), $1, $2, $3, 'public', 'fiction', $4, '{short}', ${publishedAt})`,
      [title, contentHash, originalAuthorId, genre],
    );
  }
}

const numbered = (count: number, publishedAt: (index: number) => string): Shelved[] =>
  Array.from({ length: count }, (_, index) => ({
    title: `Story ${String(index).padStart(2, "0")}`,
    publishedAt: publishedAt(index),
    genre: index % 2 === 0 ? "fable" : "mystery",
  }));

/** Reads a list page by page, from its start or its end, until pageInfo reports no more entries. */
async function walked(
  size: number,
  variables: object = {},
  {
    backward = false,
    between = () => Promise.resolve(),
  }: { backward?: boolean; between?: () => Promise<void> } = {},
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const answer = await app.anonymous().query(STORIES, { ...variables, ...page });
    expect(answer.errors).toEqual([]);
    const titles = titlesOf(answer);
    if (backward) seen.unshift(...titles);
    else seen.push(...titles);
    const [more, end] = backward
      ? ["stories.pageInfo.hasPreviousPage", "stories.pageInfo.startCursor"]
      : ["stories.pageInfo.hasNextPage", "stories.pageInfo.endCursor"];
    if (answer.at(more) !== true) return seen;
    cursor = answer.text(end);
    await between();
  }
}

const TIMES: [name: string, publishedAt: (index: number) => string][] = [
  ["different times", (index) => `timestamptz '2026-01-01' + ${index} * interval '1 day'`],
  ["the same time", () => "timestamptz '2026-01-01 00:00:00.123456'"],
  [
    "times that differ by a microsecond",
    (index) => `timestamptz '2026-01-01' + ${index} * interval '1 microsecond'`,
  ],
];

test.each(TIMES)(
  "rows with %s appear exactly once, from either end",
  async (_name, publishedAt) => {
    await shelve(numbered(11, publishedAt));
    const all = titlesOf(await app.anonymous().query(STORIES, { first: 100 }));

    expect([...all].sort()).toEqual(numbered(11, publishedAt).map(({ title }) => title));
    expect(await walked(3)).toEqual(all);
    expect(await walked(3, {}, { backward: true })).toEqual(all);
    expect(await walked(11)).toEqual(all);
    expect(await walked(4, { orderBy: "OLDEST" })).toEqual([...all].reverse());
    expect(await walked(4, { orderBy: "TITLE" })).toEqual([...all].sort());
  },
);

test("rows added or removed between pages cause no duplicate and no missing row", async () => {
  await shelve(numbered(9, (index) => `timestamptz '2026-01-01' + ${index} * interval '1 day'`));
  const before = await walked(100);
  let round = 0;

  const seen = await walked(
    2,
    {},
    {
      between: async () => {
        round += 1;
        await shelve([{ title: `New ${round}`, publishedAt: "now()" }]);
        await app.superuser(
          "UPDATE reference.stories SET visibility = 'archived' WHERE title = 'Story 08'",
        );
      },
    },
  );

  expect(seen).toEqual(before);
});

test("filters and search apply to every page and to the count", async () => {
  await shelve(numbered(10, (index) => `timestamptz '2026-01-01' + ${index} * interval '1 day'`));
  await shelve([{ title: "The Heron and the Eel", publishedAt: "now()", genre: "mystery" }]);

  const mysteries = await walked(2, { filter: { genre: ["mystery"] } });
  const found = await app
    .anonymous()
    .query(STORIES, { search: "heron eel", filter: { genre: ["mystery"] } });
  const none = await app.anonymous().query(STORIES, { search: "heron -eel" });
  const odd = await app.anonymous().query(STORIES, { search: `"'); & | ! :* <->` });

  expect(mysteries).toHaveLength(6);
  expect(titlesOf(found)).toEqual(["The Heron and the Eel"]);
  expect(found.at("stories.totalCount")).toBe(1);
  expect(none.at("stories.totalCount")).toBe(0);
  expect(odd.errors).toEqual([]);
});

test("a cursor is valid only for its own list, order and filter", async () => {
  await shelve(numbered(4, (index) => `timestamptz '2026-01-01' + ${index} * interval '1 day'`));
  const page = await app.anonymous().query(STORIES, { first: 2 });
  const after = page.text("stories.pageInfo.endCursor");

  for (const other of [
    { orderBy: "TITLE" },
    { filter: { genre: ["fable"] } },
    { search: "Story" },
  ]) {
    const answer = await app.anonymous().query(STORIES, { first: 2, after, ...other });

    expect(answer.code).toBe("BAD_USER_INPUT");
    expect(answer.errors[0]?.message).toContain("Start again without after");
  }
  const elsewhere = await app
    .anonymous()
    .query("query ($after: String) { voices(after: $after) { totalCount } }", { after });
  expect(elsewhere.code).toBe("BAD_USER_INPUT");
});

test("each list of segments continues after a cursor, without a gap and without a repetition", async () => {
  const story = await app.given.story({ analyse: true });
  const narration = await app.given.narration({ owner: "ada", story, publish: "public" });
  const fields = "pageInfo { hasNextPage endCursor } edges { node { index } }";
  const script = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on UserStoryNarration {
    segments(first: $first, after: $after) { ${fields} } } } }`;
  const analysis = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on StoryAnalysis {
    segments(first: $first, after: $after) { ${fields} } } } }`;
  const narrationId = toGlobalId("UserStoryNarration", narration.id);
  const analysisId = toGlobalId("StoryAnalysis", narration.analysisId ?? 0);

  for (const [reader, query, id] of [
    ["ada", script, narrationId],
    ["ben", script, narrationId],
    ["ben", analysis, analysisId],
  ] as const) {
    const read = (variables: object) => app.as(reader).query(query, { id, ...variables });
    const all = (await read({ first: 100 })).list("node.segments.edges.*.node.index");
    const found: unknown[] = [];
    let after: unknown = null;
    do {
      const page = await read({ first: 2, after });
      found.push(...page.list("node.segments.edges.*.node.index"));
      after = page.at("node.segments.pageInfo.hasNextPage")
        ? page.at("node.segments.pageInfo.endCursor")
        : null;
    } while (after !== null && found.length <= all.length);
    expect(all.length).toBeGreaterThan(4);
    expect(found).toEqual(all);
  }
});

test("first and last together are refused", async () => {
  const answer = await app.anonymous().query(STORIES, { first: 2, last: 2 });

  expect(answer.code).toBe("BAD_USER_INPUT");
});

/** Modified cursors: a flipped bit, a shorter or longer cursor, or random text. */
const mutated = (cursor: string): fc.Arbitrary<string> => {
  const bytes = Buffer.from(cursor, "base64url");
  const index = fc.nat(bytes.length - 1);
  return fc.oneof(
    fc.tuple(index, fc.nat(7)).map(([at, bit]) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      return copy.toString("base64url");
    }),
    index.map((at) => cursor.slice(0, at)),
    fc.base64String().map((more) => `${cursor}${more}a`),
    fc.string({ maxLength: 200 }),
    fc.base64String(),
    fc
      .uint8Array({ minLength: 16, maxLength: 99 })
      .map((random) => Buffer.from(random).toString("base64url")),
  );
};

test("2000 modified cursors never cause a server error and never return another user's rows", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  for (const owner of ["ada", "ada", "ben", "ben"]) {
    await app.given.narration({ owner, story, title: `Of ${owner}` });
  }
  const lists = Array.from({ length: 10 }, (_, index) => {
    const paging = ["after: $c", "before: $c", "first: 1, after: $c", "last: 1, before: $c"][
      index % 4
    ];
    return `l${index}: ${index < 8 ? "narrations" : "stories"}(${paging ?? ""}${index}) { edges { node { title } } }`;
  });
  const query = `query Cursors(${lists.map((_, index) => `$c${index}: String`).join(", ")}) {
    viewer { ${lists.join(" ")} } }`;
  const real = await app
    .as("ben")
    .query("{ viewer { narrations(first: 1) { pageInfo { endCursor } } } }");
  const one = mutated(real.text("viewer.narrations.pageInfo.endCursor"));

  const statuses = new Set<unknown>();
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 10, maxLength: 10 }), async (cursors) => {
      const variables = Object.fromEntries(cursors.map((cursor, index) => [`c${index}`, cursor]));
      const answer = await app.as("ben").query(query, variables);

      expect(answer.status).toBe(200);
      expect(answer.body).not.toContain("Of ada");
      expect(answer.body).not.toContain(subjectOf("ada"));
      for (const { extensions } of answer.errors) statuses.add(extensions["code"]);
    }),
    { numRuns: 200 },
  );
  expect([...statuses]).toEqual(["BAD_USER_INPUT"]);
});
