import { RowCache, type VersionedRow } from "../../src/platform/database/reading/row-cache.js";
import type { Tx } from "../../src/platform/database/transactions/database.js";
import { StoryOrder, type StoryEntity, referenceLoaders } from "../../src/reference/index.js";
import { type TestApp, testApp } from "../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

/**
 * Reads the first public story with an empty cache. Runs `meanwhile` after the statement that lists the
 * stories, and before the statement that reads them.
 */
async function readFirst(cache: RowCache, meanwhile: () => Promise<unknown>) {
  const changing = (tx: Tx): Tx => {
    const query = async (sql: string, values?: unknown[]): Promise<unknown> => {
      const rows = await tx.query<unknown>(sql, values);
      if (sql.includes("LIMIT")) await meanwhile();
      return rows;
    };
    return Object.create(tx, { query: { value: query } }) as Tx;
  };
  const { stories } = referenceLoaders(
    (work) => app.database.read({ viewer: null }, (tx) => work(changing(tx))),
    cache,
  );
  return stories.publicPage({ orderBy: StoryOrder.Oldest, page: { limit: 1 } });
}

const versionOf = async ({ id }: StoryEntity): Promise<VersionedRow> => {
  const [row] = await app.superuser<VersionedRow>(
    `SELECT id, row_version::text AS "rowVersion" FROM reference.stories WHERE id = $1`,
    [id],
  );
  if (!row) throw new Error("The story does not exist.");
  return row;
};

test("a public story is kept", async () => {
  const cache = new RowCache(1_000_000);
  const story = await app.given.story({ publish: true });

  await readFirst(cache, () => Promise.resolve());

  expect(cache.find("StoryEntity", await versionOf(story))).toMatchObject({ id: story.id });
});

test("a story that is archived between its listing and its reading is not kept", async () => {
  const cache = new RowCache(1_000_000);
  const story = await app.given.story({ publish: true });

  await readFirst(cache, () =>
    app.superuser("UPDATE reference.stories SET visibility = 'archived' WHERE id = $1", [story.id]),
  );

  expect(cache.find("StoryEntity", await versionOf(story))).toBeUndefined();
});

test("a story that disappears between its listing and its reading does not end the list", async () => {
  const first = await app.given.story({ publish: true });
  await app.given.story({ publish: true });

  const page = await readFirst(new RowCache(1_000_000), () =>
    app.superuser("DELETE FROM reference.stories WHERE id = $1", [first.id]),
  );

  expect(page).toMatchObject({ nodes: [], hasNextPage: true });
});

test("a page of templates that is older than the last listing of its story is not kept", async () => {
  const cache = new RowCache(1_000_000);
  await app.given.story({ analyse: true });
  let afterStatement: (sql: string) => Promise<unknown> = () => Promise.resolve();
  const watched = (tx: Tx): Tx => {
    const query = async (sql: string, values?: unknown[]): Promise<unknown> => {
      const rows = await tx.query<unknown>(sql, values);
      await afterStatement(sql);
      return rows;
    };
    return Object.create(tx, { query: { value: query } }) as Tx;
  };
  const newRequest = () =>
    referenceLoaders(
      (work) => app.database.read({ viewer: null }, (tx) => work(watched(tx))),
      cache,
    );
  const listed = async ({ stories }: ReturnType<typeof newRequest>): Promise<StoryEntity> => {
    const page = await stories.publicPage({ orderBy: StoryOrder.Oldest, page: { limit: 1 } });
    const [story] = page.nodes;
    if (!story) throw new Error("There is no public story.");
    return story;
  };
  const namesIn = async (request: ReturnType<typeof newRequest>): Promise<readonly string[]> => {
    const templates = request.templates.ofStory(await listed(request));
    const page = await templates.page({ page: { limit: 100 } });
    return page.nodes.map(({ template }) => template.displayName);
  };

  const request = newRequest();
  await listed(request);
  afterStatement = async (sql) => {
    if (!sql.includes("story_modulation_occurrences")) return;
    afterStatement = () => Promise.resolve();
    await app.superuser("UPDATE reference.voice_modulation_templates SET is_active = false");
    await listed(request);
  };
  expect(await namesIn(request)).not.toEqual([]);

  expect(await namesIn(newRequest())).toEqual([]);
});
