import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import type { SqlCost } from "../harness/answer.js";
import { grow } from "../harness/bulk.js";
import { NESTED_PAGE } from "../harness/documents.js";

/** Statements of the nested page that list rows by version, and read missing rows with one more. */
const LISTINGS_IN_PAGE = 3;
/** What the nested page saves if everything is kept: the statements for analyses and for templates. */
const KEPT_LISTS_IN_PAGE = 2;
/** Then the examples of the templates are read earlier than the other segments, so not with them. */
const EARLIER_IN_PAGE = 1;

let database: TestDatabase;
let cached: ApiApp;
let fresh: ApiApp;
beforeAll(async () => {
  database = await cloneDatabase();
  cached = await apiApp({ database });
  fresh = await apiApp({ database, referenceCacheBytes: 0 });
});
afterEach(() => cached.clean());
afterAll(async () => {
  await Promise.all([cached.close(), fresh.close()]);
  await database.drop();
});

const page = (app: ApiApp, first = 100) => app.as("ada").query(NESTED_PAGE, { first });

test("a warm page costs fewer statements than a page without the cache, a cold page one more for each kind of row", async () => {
  const { given } = cached;
  for (const [stories, narrations] of [
    [1, 1],
    [20, 100],
  ] as const) {
    const story = await given.story({ analyse: true });
    const narration = await given.narration({ owner: "ada", story });
    await grow(database, { storyId: story.id, narrationId: narration.id, stories, narrations });

    const without = (await page(fresh)).sql;
    const cold = (await page(cached)).sql;
    const warm = (await page(cached)).sql;

    expect(warm.count).toBe(without.count - KEPT_LISTS_IN_PAGE + EARLIER_IN_PAGE);
    expect(cold.count).toBe(without.count + LISTINGS_IN_PAGE);
    expect(warm.roundTrips).toBe(without.roundTrips);
    await cached.clean();
  }
});

test("a warm page of stories with their analyses and templates needs one statement, also before the end of the list", async () => {
  await cached.given.story({ text: ORCHARD, analyse: true });
  await cached.given.story({ analyse: true });
  await cached.given.story({ analyse: true });
  const query = `{ stories(first: 2) { edges { node {
    title analysis { summary } analysisStatus voiceModulationTemplates(first: 3) { edges { occurrences node { key } } }
  } } } }`;
  const cold = await cached.anonymous().query(query);
  const warm = await cached.anonymous().query(query);

  expect(warm.data).toEqual(cold.data);
  expect(warm.sql).toMatchObject({ count: 1, roundTrips: 1 });
});

test("a page of which the process keeps a part runs no statement more than a page of which it keeps nothing", async () => {
  const { given } = cached;
  const add = async (name: string) => {
    const story = await given.story({ text: `${BRIDGE}\n\nThen ${name} came.`, analyse: true });
    await given.narration({ owner: "ada", story });
  };
  await add("Ned");
  await page(cached);
  const parts: unknown[] = [];
  for (const names of [["Ida"], ["Kit", "Pia", "Sam"]]) {
    for (const name of names) await add(name);
    const started = await apiApp({ database });
    const [partly, cold] = [(await page(cached)).sql, (await page(started)).sql];
    await started.close();
    const rest = paths(cold);
    for (const path of paths(partly)) {
      expect(rest).toContain(path);
      rest.splice(rest.indexOf(path), 1);
    }
    parts.push(paths(partly));
  }
  expect(parts[1]).toEqual(parts[0]);
});

const paths = ({ statements }: SqlCost) => statements.map(({ path }) => path).sort();

test("a page whose analyses are kept but not its templates reads the examples of all stories at once", async () => {
  const { given } = cached;
  const query = (templates: string) => `{ stories(first: 9) { edges { node {
    title analysis { summary } ${templates}
  } } } }`;
  const withTemplates = query(
    "voiceModulationTemplates(first: 3) { edges { node { key } example { text } } }",
  );
  await given.story({ analyse: true });
  await cached.anonymous().query(withTemplates);
  await given.story({ text: ORCHARD, analyse: true });
  await cached.anonymous().query(query(""));

  const { sql } = await cached.anonymous().query(withTemplates);
  const examples = sql.statements.filter(({ path }) => path.endsWith("example"));

  expect(examples).toHaveLength(1);
});

test("the cache gives no draft and no archived story to anyone who may not see it", async () => {
  const { given } = cached;
  const draft = await given.story({ author: "ada", title: "Only Ada's" });
  const story = await given.story({ author: "ada", title: "Archived soon", publish: true });
  const list = "{ stories { edges { node { title } } } }";
  const own = "{ viewer { stories { edges { node { title } } } } }";
  await cached.as("ada").query(list);
  await cached.as("ada").query(own);

  await cached.services.stories.archive(subjectOf("ada"), story);

  const query = `query ($id: ID!) { node(id: $id) { ... on ReferenceStory { title } } }`;
  const read = await cached.as("ben").query(query, { id: toGlobalId("ReferenceStory", draft.id) });
  expect(read.data).toEqual({ node: null });
  expect((await cached.as("ben").query(list)).data).toEqual({ stories: { edges: [] } });
});
