import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { TEXT } from "../../instances/rendering/narrated.js";
import { Studio } from "../../instances/rendering/studio.js";

const SCRIPT = `query ($id: ID!, $filter: NarrationSegmentFilter, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { ... on UserStoryNarration {
    segments(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount nodes { index isStale isEdited } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }`;

let app: ApiApp;
let studio: Studio;
beforeAll(async () => {
  app = await apiApp({ referenceCacheBytes: 0 });
});
beforeEach(async () => {
  studio = await Studio.open(app);
});
afterEach(() => studio.close());
afterEach(() => app.clean());
afterAll(() => app.close());

/** A narration with six segments. */
const narrated = async (publish?: "public"): Promise<NarrationEntity> => {
  const story = await app.given.story({ text: TEXT, analyse: true });
  return app.given.narration({ owner: "ada", story, ...(publish ? { publish } : {}) });
};

const idOf = ({ id }: NarrationEntity): string => toGlobalId("UserStoryNarration", id);

const edit = async (narration: NarrationEntity, ...indexes: readonly number[]): Promise<void> => {
  const { userId } = narration;
  const now = await app.given.reread(narration);
  const edits = indexes.map((index) => ({ index, text: `Another text ${index}.` }));
  await app.services.narrations.updateSegments(ownerOf(userId), now, edits);
};

const listed = async (
  narration: NarrationEntity,
  filter: object | null,
  { as = "ada", ...paging }: { readonly as?: string; readonly [argument: string]: unknown } = {},
) => {
  const answer = await app.as(as).query(SCRIPT, { id: idOf(narration), filter, ...paging });
  expect(answer.errors).toEqual([]);
  return {
    answer,
    count: answer.number("node.segments.totalCount"),
    indexes: answer.list("node.segments.nodes.*.index"),
  };
};

test("a script can be read by index range, kind and speaker, by everyone who may read the script", async () => {
  const narration = await narrated("public");
  const script = await app.given.script(narration);
  const speakerId = script.find((each) => each.speakerId !== null)?.speakerId ?? "";
  const speaker = toGlobalId("StoryCharacter", `${narration.analysisId}.${speakerId}`);
  const where = (isMatch: (segment: (typeof script)[number]) => boolean) => {
    const indexes = script.filter(isMatch).map(({ position }) => position);
    return { indexes, count: indexes.length };
  };

  for (const as of ["ada", "ben"]) {
    for (const [filter, wanted] of [
      [null, where(() => true)],
      [{}, where(() => true)],
      [{ fromIndex: 2 }, where(({ position }) => position >= 2)],
      [{ toIndex: 2 }, where(({ position }) => position <= 2)],
      [{ fromIndex: 1, toIndex: 1 }, where(({ position }) => position === 1)],
      [{ fromIndex: 3, toIndex: 2 }, where(() => false)],
      [{ kinds: ["DIALOGUE"] }, where(({ kind }) => kind === "dialogue")],
      [{ kinds: [] }, where(() => true)],
      [{ speakerId: speaker }, where((each) => each.speakerId === speakerId)],
      [{ isEdited: false, isStale: false }, where(() => true)],
      [{ isEdited: true }, where(() => false)],
      [{ isStale: true }, where(() => false)],
    ] as const) {
      const { answer: _answer, ...found } = await listed(narration, filter, { as });

      expect([filter, found]).toEqual([filter, wanted]);
    }
  }
});

test("a character of another story speaks no segment, and an id of another type is refused", async () => {
  const narration = await narrated();
  const elsewhere = toGlobalId("StoryCharacter", "1.x");

  expect(await listed(narration, { speakerId: elsewhere })).toMatchObject({
    indexes: [],
    count: 0,
  });
  const answer = await app
    .as("ada")
    .query(SCRIPT, { id: idOf(narration), filter: { speakerId: idOf(narration) } });
  expect(answer.errors[0]?.message).toContain("filter.speakerId is the id of a UserStoryNarration");
});

test("the owner finds the edited and the stale segments, page by page from either end", async () => {
  const narration = await narrated();
  await studio.render(narration);
  await edit(narration, 0, 2, 3);

  const all = (await listed(narration, null)).answer;
  const stale = all
    .list("node.segments.nodes")
    .filter((each) => (each as { isStale: boolean }).isStale)
    .map((each) => (each as { index: number }).index);
  const page = await listed(narration, { isStale: true }, { first: 2 });
  const after = page.answer.text("node.segments.pageInfo.endCursor");
  const end = await listed(narration, { isStale: true }, { last: 1 });
  const before = end.answer.text("node.segments.pageInfo.startCursor");

  expect(stale).toEqual([0, 2, 3]);
  expect(page).toMatchObject({ indexes: [0, 2], count: 3 });
  expect(page.answer.at("node.segments.pageInfo.hasNextPage")).toBe(true);
  expect(await listed(narration, { isStale: true }, { after })).toMatchObject({ indexes: [3] });
  expect(end).toMatchObject({ indexes: [3], count: 3 });
  expect(await listed(narration, { isStale: true }, { last: 1, before })).toMatchObject({
    indexes: [2],
  });
  expect(await listed(narration, { isStale: false })).toMatchObject({ indexes: [1, 4] });
  expect(await listed(narration, { isEdited: true, fromIndex: 1 })).toMatchObject({
    ...{ indexes: [2, 3], count: 2 },
  });
  expect(await listed(narration, { isStale: true, fromIndex: 1, toIndex: 2 })).toMatchObject({
    ...{ indexes: [2], count: 1 },
  });
});

test("nothing is stale before the first render", async () => {
  const narration = await narrated();
  await edit(narration, 1);

  expect(await listed(narration, { isStale: true })).toMatchObject({ indexes: [], count: 0 });
  expect(await listed(narration, { isStale: false })).toMatchObject({ count: 5 });
});

test("a cursor is valid only with its own filter", async () => {
  const narration = await narrated();
  const { answer } = await listed(narration, { fromIndex: 1 }, { first: 1 });

  const other = await app.as("ada").query(SCRIPT, {
    ...{ id: idOf(narration), filter: { fromIndex: 0 } },
    after: answer.text("node.segments.pageInfo.endCursor"),
  });

  expect(other.code).toBe("BAD_USER_INPUT");
});

test.each([
  ["the stale segments", { isStale: true }, 6],
  ["the segments of a kind", { kinds: ["NARRATION"] }, 3],
])(
  "%s of several narrations cost as many statements as those of one",
  async (_name, filter, count) => {
    for (const index of [0, 1, 2]) {
      const narration = await narrated();
      await studio.render(narration);
      if (index > 0) await edit(narration, index);
    }
    const query = `query ($first: Int!, $filter: NarrationSegmentFilter) { viewer { narrations(first: $first) {
    nodes { segments(filter: $filter) { totalCount nodes { text } } } } } }`;
    const read = async (first: number) => {
      const answer = await app.as("ada").query(query, { first, filter });
      expect(answer.errors).toEqual([]);
      const paths = answer.sql.statements.map(({ path }) => path).sort();
      return paths.filter((path) => path.includes("segments"));
    };

    const several = await read(3);

    expect(several).toEqual(await read(1));
    expect(several).toHaveLength(count);
  },
);

test("a story's segments can be read by index range", async () => {
  const narration = await narrated();
  const query = `query ($id: ID!, $from: Int, $to: Int) { node(id: $id) { ... on StoryAnalysis {
    segments(last: 2, fromIndex: $from, toIndex: $to) { totalCount nodes { index } } } } }`;
  const id = toGlobalId("StoryAnalysis", narration.analysisId ?? 0);

  const answer = await app.anonymous().query(query, { id, from: 1, to: 3 });

  expect(answer.at("node.segments")).toEqual({
    totalCount: 3,
    nodes: [{ index: 2 }, { index: 3 }],
  });
});
