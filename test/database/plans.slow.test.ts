import type pg from "pg";
import { type ApiApp, apiApp, subjectOf } from "../support/api.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { LONG_ANALYSIS, seedLarge } from "./large-rows.js";
import { type PlanCase, type PlanParents, planCases, queryOf } from "./plan-cases.js";
import {
  type WatchedStatement,
  explainEverything,
  faultsOf,
  largeTables,
  watchPlans,
} from "./watched-plans.js";

const VIEWER = subjectOf("ada");

let database: TestDatabase;
let parents: PlanParents;
let large: ReadonlySet<string>;
beforeAll(async () => {
  database = await cloneDatabase();
  await seedLarge(database, {
    viewer: VIEWER,
    users: 12_000,
    stories: 12_000,
    templates: 1_500,
    narrationsEach: 3,
    viewerNarrations: 5_000,
  });
  large = await largeTables(database);
  parents = await parentsIn(database);
});
afterAll(() => database.drop());

test("the tables that lists read are large", () => {
  expect([...large]).toEqual(
    expect.arrayContaining([
      "users",
      "stories",
      "story_analyses",
      "story_segments",
      "story_apparatus",
      "story_modulation_occurrences",
      "published_narrations",
      "published_narration_segments",
      "user_story_narrations",
      "user_narration_segments",
      "user_voice_samples",
      "user_emotion_voices",
    ]),
  );
});

// A prepared statement has one plan for all its values. Behind a pooler nothing is prepared, and each execution
// has a plan for its values.
describe.each([
  ["statements that are prepared", (url: string) => url],
  // Another address means that a pooler may be on the way.
  ["statements behind a pooler", (url: string) => url.replace("127.0.0.1", "localhost")],
])("with %s", (_name, direct) => {
  let app: ApiApp;
  let plans: () => Promise<WatchedStatement[]>;
  beforeAll(async () => {
    await explainEverything(database);
    const { appUrl } = database;
    app = await apiApp({
      database,
      urls: { databaseUrl: appUrl, directUrl: direct(appUrl) },
    });
    plans = watchPlans(poolOf(app));
  });
  afterAll(() => app.close());

  /** Reads a page or the count of a list as Ada. Returns the cursor of the last entry, and what is wrong. */
  const read = async (one: PlanCase, paging: string, selected: string) => {
    const query = queryOf(one, paging, selected);
    const answer = await app.as("ada").query(query, { ids: one.ids ?? [] });
    expect(answer.errors).toEqual([]);
    const statements = await plans();
    expect(statements).not.toEqual([]);
    const faults = statements.flatMap((statement) =>
      faultsOf(statement, large).map((fault) => `${paging || selected} ${fault}`),
    );
    return { cursor: /.*"endCursor":"([^"]+)"/.exec(answer.body)?.[1], faults };
  };

  const faultsOfCase = async (one: PlanCase): Promise<string[]> => {
    const { cursor, faults } = await read(one, "first: 10", PAGE);
    for (const paging of pagingsOf(one, cursor))
      faults.push(...(await read(one, paging, PAGE)).faults);
    // A count may skip rows, because it reads everything that it counts.
    const count = (await read(one, "", "totalCount")).faults.filter((it) => !it.includes("skips"));
    return one.countsMostRows ? faults : [...faults, ...count];
  };

  test("a list reads only what a page or a count needs", async () => {
    const faults: Record<string, string[]> = {};
    for (const [name, one] of planCases(parents)) {
      const found = await faultsOfCase(one);
      if (found.length > 0) faults[name] = found;
    }

    expect(faults).toEqual({});
  });
});

const PAGE = "edges { cursor node { __typename } } pageInfo { endCursor }";

const pagingsOf = ({ isTwoWay }: PlanCase, cursor = ""): string[] => [
  "first: 20",
  ...(isTwoWay ? ["last: 20"] : []),
  ...(cursor === "" ? [] : [`first: 20, after: "${cursor}"`]),
  ...(isTwoWay && cursor !== "" ? [`last: 20, before: "${cursor}"`] : []),
];

/** The pool of the app. TypeORM does not describe the pool in its types. */
const poolOf = ({ database: { dataSource } }: ApiApp): pg.Pool =>
  (dataSource.driver as unknown as { readonly master: pg.Pool }).master;

async function parentsIn({ superuser }: TestDatabase): Promise<PlanParents> {
  const ids = async <T>(sql: string): Promise<T[]> =>
    (await superuser<{ id: T }>(sql, [VIEWER])).map(({ id }) => id);
  const authors = await ids<string>(
    `SELECT u.public_id AS id FROM unnest(ARRAY[$1, 'user-1', 'user-900']) WITH ORDINALITY a (id, place)
     JOIN platform.users u USING (id) ORDER BY place`,
  );
  const [viewer = "", frequent = "", rare = ""] = authors;
  return {
    authors: { viewer, frequent, rare },
    longAnalysisId: LONG_ANALYSIS,
    storyIds: await ids(
      `SELECT id FROM reference.stories WHERE visibility = 'public' AND $1 <> ''
       ORDER BY published_at DESC LIMIT 20`,
    ),
    templateIds: await ids(
      `SELECT template_id AS id FROM (
         SELECT template_id, row_number() OVER (ORDER BY count(*) DESC, template_id) AS place
         FROM reference.story_modulation_occurrences WHERE $1 <> '' GROUP BY template_id) t
       WHERE place IN (1, 2, 5, 30, 200, 700, 1400)`,
    ),
    ownNarrationIds: await ids(
      `SELECT id FROM instances.user_story_narrations WHERE user_id = $1 ORDER BY id LIMIT 20`,
    ),
    editionIds: await ids(
      `SELECT narration_id AS id FROM reference.published_narrations
       WHERE user_id <> $1 AND visibility = 'public' AND segment_count > 20
       ORDER BY narration_id LIMIT 20`,
    ),
  };
}
