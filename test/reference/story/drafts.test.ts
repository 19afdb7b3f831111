import type { Viewer } from "../../../src/platform/database/transactions/database.js";
import {
  type StoryEntity,
  StoryOrder,
  analysisStore,
  storyStore,
} from "../../../src/reference/index.js";
import { parseSearch } from "../../../src/platform/text/search.js";
import { storyListStore } from "../../../src/reference/story/listing/story-list.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const PAGE = { limit: 50 };

/** Returns everything that the stores return to `viewer` about a story and its text. */
async function readingOf(viewer: Viewer, story: StoryEntity) {
  const authorId = story.originalAuthorId ?? "";
  const hash = story.contentHash ?? "";
  return app.database.read({ viewer }, async (tx) => ({
    byId: (await storyStore.byIds(tx, [story.id])).length,
    bySlug: (await storyStore.bySlugs(tx, [story.slug])).length,
    authored: (
      await storyListStore.authoredPage(tx, {
        authorId,
        visibilities: ["draft", "public", "archived"],
        page: PAGE,
      })
    ).nodes.map(({ id }) => id),
    authoredCount: await storyListStore.authoredCount(tx, { authorId, visibilities: ["draft"] }),
    text: (await storyStore.textsByHash(tx, [hash])).length,
    analyses: (await analysisStore.readableByIds(tx, await everyAnalysisId())).length,
  }));
}

const everyAnalysisId = async (): Promise<number[]> => {
  const rows = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
  return rows.map(({ id }) => id);
};

const UNSEEN = { byId: 0, bySlug: 0, authored: [], authoredCount: 0, text: 0, analyses: 0 };

test("only the author can read a draft and its text", async () => {
  const draft = await app.given.story({ author: "ada" });

  expect(await readingOf("ben", draft)).toEqual(UNSEEN);
  expect(await readingOf(null, draft)).toEqual(UNSEEN);
  expect(await readingOf("ada", draft)).toEqual({
    byId: 1,
    bySlug: 1,
    authored: [draft.id],
    authoredCount: 1,
    text: 1,
    analyses: 0,
  });
});

test("only the author can read the analysis of a text that is now only in a draft", async () => {
  const draft = await app.given.story({ author: "ada" });
  const published = await app.given.story({ author: "ben", analyse: true });
  await app.services.stories.update("ben", published, { content: ORCHARD });

  expect(await readingOf("ben", draft)).toMatchObject({ text: 0, analyses: 0 });
  expect(await readingOf(null, draft)).toMatchObject({ text: 0, analyses: 0 });
  expect(await readingOf("ada", draft)).toMatchObject({ text: 1, analyses: 1 });
});

test("a text in two stories is readable through the public story and reveals nothing about the draft", async () => {
  const draft = await app.given.story({ author: "ada", title: "Mine" });
  const published = await app.given.story({ author: "ben", title: "Yours", analyse: true });

  expect(published.contentHash).toBe(draft.contentHash);
  for (const viewer of ["ben", "cleo", null]) {
    expect(await readingOf(viewer, draft)).toEqual({ ...UNSEEN, text: 1, analyses: 1 });
  }
  expect(await readingOf("cleo", published)).toMatchObject({ byId: 1, text: 1, analyses: 1 });
});

test("a draft is in no public list, search or count", async () => {
  await app.given.story({ author: "ada", title: "A Secret Heron" });

  const shelf = await app.database.read({ viewer: "ben" }, async (tx) => ({
    page: await storyListStore.publicPage(tx, { orderBy: StoryOrder.Recent, page: PAGE }),
    found: await storyListStore.publicCount(tx, { search: parseSearch("heron") }),
    count: await storyListStore.publicCount(tx, {}),
  }));

  expect(shelf).toMatchObject({ page: { nodes: [] }, found: 0, count: 0 });
});

test("two drafts with one title never share a slug, and no draft has the plain slug", async () => {
  const first = await app.given.story({ author: "ada", title: "The Pear Thief" });
  const second = await app.given.story({ author: "ben", title: "The Pear Thief" });

  const published = await app.services.stories.publish("ben", second);

  expect(first.slug).toMatch(/^the-pear-thief-[0-9a-f]{10}$/);
  expect(published.slug).toBe("the-pear-thief");
});

test("another user cannot change, publish, archive or narrate a draft", async () => {
  const draft = await app.given.story({ author: "ada" });
  await app.given.user("ben");
  const { stories } = app.services;
  const missing = { code: "NOT_FOUND", message: "There is no such story." };

  await expect(stories.update("ben", draft, { title: "Taken" })).rejects.toMatchObject(missing);
  await expect(stories.publish("ben", draft)).rejects.toMatchObject(missing);
  await expect(stories.archive("ben", draft)).rejects.toMatchObject(missing);
  await expect(app.given.narration({ owner: "ben", story: draft })).rejects.toMatchObject(missing);
});

test("the database prevents writing a story in another author's name", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  await app.given.user("ben");

  const changed = app.database.write("ben", (tx) =>
    tx.query<[unknown[], number]>("UPDATE reference.stories SET title = 'Taken' WHERE id = $1", [
      story.id,
    ]),
  );
  const forged = app.database.write("ben", (tx) =>
    storyStore.insert(tx, "ada", { slug: "forged", title: "Forged", category: "fiction" }),
  );

  expect((await changed)[1]).toBe(0);
  await expect(forged).rejects.toThrow("row-level security");
});

test("a text without a story cannot be read by its hash", async () => {
  const published = await app.given.story({ author: "ben", text: BRIDGE, publish: true });
  const hash = published.contentHash ?? "";
  await app.services.stories.update("ben", published, { content: ORCHARD });

  const texts = await app.database.read({ viewer: "ben" }, (tx) =>
    storyStore.textsByHash(tx, [hash]),
  );

  expect(texts).toEqual([]);
});
