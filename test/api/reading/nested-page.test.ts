import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import type { Answer, SqlCost } from "../harness/answer.js";
import { grow } from "../harness/bulk.js";
import { NESTED_PAGE } from "../harness/documents.js";
import { type ServerLog, serverLog } from "../harness/server-log.js";

/** The levels of the nested page that read rows: a level needs the rows of the level above it. */
const LEVELS = 6;
const NARRATIONS_PATH = "stories.edges.node.userNarrations";

let database: TestDatabase;
let log: ServerLog;
let app: ApiApp;
beforeAll(async () => {
  database = await cloneDatabase();
  log = await serverLog(database);
  app = await apiApp({ database, referenceCacheBytes: 0 });
});
afterEach(() => app.clean());
afterAll(async () => {
  await app.close();
  await database.drop();
});

const page = (first = 100): Promise<Answer> => app.as("ada").query(NESTED_PAGE, { first });

/** Two fields read segments with one statement. The field that asks first gives its path. */
const SEGMENT_PATHS: readonly string[] = [
  "stories.edges.node.voiceModulationTemplates.edges.example",
  `${NARRATIONS_PATH}.edges.node.segments.edges.node.storySegment`,
];

const pathOf = ({ path }: SqlCost["statements"][number]): string =>
  SEGMENT_PATHS.includes(path) ? SEGMENT_PATHS.join(" or ") : path;

/**
 * Returns the paths and SQL texts of the statements, sorted. Replaces the keys of an IN list, because
 * the number of keys differs from page to page.
 */
const shapeOf = ({ statements }: SqlCost): string[] =>
  statements
    .map(
      (statement) =>
        `${pathOf(statement)}: ${statement.sql.replace(/IN \(\$\d+(, \$\d+)*\)/g, "IN (keys)")}`,
    )
    .sort();

async function world(stories: number, narrations: number): Promise<void> {
  const { given } = app;
  const story = await given.story({ analyse: true });
  const narration = await given.narration({ owner: "ada", story });
  await grow(database, { storyId: story.id, narrationId: narration.id, stories, narrations });
}

test("runs the same statements for 1 and 100 stories and 1 and 1000 narrations, cold and warm", async () => {
  await world(1, 1);
  const cold = await page();
  const warm = await page();
  await app.clean();
  await world(1, 1000);
  const manyNarrations = await page();
  await app.clean();
  await world(100, 1);
  const manyStories = await page();
  await app.clean();
  await world(100, 1000);
  const many = await page();

  expect(many.errors).toEqual([]);
  expect(many.list("stories.edges")).toHaveLength(100);
  const segments = "stories.edges.*.node.userNarrations.edges.*.node.segments.edges.*.node";
  expect(many.list(segments)).toHaveLength(100 * 3 * 4);
  expect(cold.list("stories.edges.*.node.userNarrations.edges")).toHaveLength(1);
  expect(cold.sql.count).toBe(cold.sql.statements.length);
  for (const answer of [warm, manyNarrations, manyStories, many]) {
    expect(shapeOf(answer.sql)).toEqual(shapeOf(cold.sql));
    expect(answer.sql.roundTrips).toBe(cold.sql.roundTrips);
  }
});

test("extensions.sql counts as many statements as PostgreSQL's log", async () => {
  await world(20, 5);
  await page();
  let answer: Answer | undefined;

  const logged = await log.during(async () => {
    answer = await page();
  });

  expect(logged).toHaveLength(answer?.sql.count ?? 0);
  expect(answer?.sql.count).toBeGreaterThan(5);
});

test("extensions.sql contains the path, rows and time of each statement in development", async () => {
  await world(3, 5);
  await givenPersonalVoice(app, subjectOf("ada"));

  const { sql } = await page();

  expect(new Set(sql.statements.map(pathOf))).toEqual(
    new Set([
      "stories",
      "stories.totalCount",
      "stories.edges.node.excerpt",
      "stories.edges.node.originalAuthor",
      "stories.edges.node.analysis",
      "stories.edges.node.voiceModulationTemplates",
      SEGMENT_PATHS.join(" or "),
      NARRATIONS_PATH,
      `${NARRATIONS_PATH}.edges.node.narrator`,
      // The viewer's personal voices, once for all voices of the page.
      `${NARRATIONS_PATH}.edges.node.narratorVoice`,
      `${NARRATIONS_PATH}.edges.node.cast`,
      `${NARRATIONS_PATH}.edges.node.cast.character`,
      `${NARRATIONS_PATH}.edges.node.segments`,
      // `speaker` needs no statement of its own: it is read together with `character`.
    ]),
  );
  // The statements of one level are sent together.
  expect(sql.roundTrips).toBeLessThanOrEqual(LEVELS);
  for (const { rows, timeMs } of sql.statements) {
    expect(rows).toBeGreaterThan(0);
    expect(timeMs).toBeGreaterThanOrEqual(0);
  }
});

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

test("reads at most 4 narrations of each story for userNarrations(first: 3)", async () => {
  await world(10, 1000);

  const { sql } = await page();

  const statement = sql.statements.find(({ path }) => path === NARRATIONS_PATH);
  expect(statement?.rows).toBe(10 * 4);
  const ids = await database.superuser<{ id: number }>("SELECT id FROM reference.stories");
  const owner = subjectOf("ada");
  const [row] = await app.database.read({ viewer: owner }, (tx) =>
    tx.query<{ "QUERY PLAN": { Plan: Plan }[] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement?.sql ?? ""}`,
      [owner, ids.map(({ id }) => id), 4],
    ),
  );
  const scans = row?.["QUERY PLAN"].flatMap(({ Plan }) => nodesOf(Plan)) ?? [];
  const reads = scans.filter((scan) => scan["Relation Name"] === "user_story_narrations");
  // PostgreSQL reports rows per loop. One loop reads one story.
  expect(reads.map((scan) => scan["Actual Rows"])).toEqual([4]);
  expect(reads.map((scan) => scan["Rows Removed by Filter"] ?? 0)).toEqual([0]);
});

test("aliases with different arguments return different, correct lists", async () => {
  await world(2, 10);
  const aliased = `query Aliases($after: String) { stories(first: 2) { edges { node {
    newest: userNarrations(first: 2) { pageInfo { hasNextPage endCursor } edges { node { title status } } }
    next: userNarrations(first: 3, after: $after) { edges { node { title status } } }
    queued: userNarrations(first: 4, status: [QUEUED]) { totalCount edges { node { title status } } }
    drafts: userNarrations(first: 1, status: [DRAFT]) { totalCount edges { node { status } } }
  } } } }`;
  const first = await app.as("ada").query(aliased);

  // A cursor is not bound to one story. The cursor of one story's list works in the list of every story.
  const after = first.text("stories.edges.1.node.newest.pageInfo.endCursor");
  const answer = await app.as("ada").query(aliased, { after });

  const titles = (alias: string) => answer.list(`stories.edges.1.node.${alias}.edges.*.node.title`);
  expect(titles("newest")).toEqual(["Copy 1", "Copy 2"]);
  expect(titles("next")).toEqual(["Copy 3", "Copy 4", "Copy 5"]);
  expect(titles("queued")).toEqual(["Copy 2", "Copy 4", "Copy 6", "Copy 8"]);
  expect(answer.list("stories.edges.*.node.queued.totalCount")).toEqual([5, 5]);
  expect(answer.list("stories.edges.*.node.drafts.totalCount")).toEqual([5, 5]);
  expect(answer.list("stories.edges.*.node.drafts.edges.*.node.status")).toEqual([
    "DRAFT",
    "DRAFT",
  ]);
  const loads = answer.sql.statements.filter(({ path }) => !path.endsWith("totalCount"));
  expect(loads.filter(({ path }) => /newest|next|queued|drafts/.test(path))).toHaveLength(4);
});

test("answers in production contain no SQL", async () => {
  const production = await apiApp({ isProduction: true });

  const answer = await production.as("ada").query(NESTED_PAGE, { first: 3 });
  await production.close();

  const { extensions, ...rest } = answer.json;
  expect(rest).toEqual({ data: { stories: { totalCount: 0, edges: [] } } });
  expect(Object.keys(extensions ?? {})).toEqual(["cost"]);
});
