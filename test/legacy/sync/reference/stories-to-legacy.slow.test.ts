import { ownerOf } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
let app: TestApp;
beforeEach(async () => {
  legacy = await expandedDatabase();
  app = await testApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const old = (columns: string) => legacy.old(`SELECT ${columns} FROM stories ORDER BY id`);
const present = async (id: number) => {
  const [story] = await legacy.superuser<{ version: number; visibility: string }>(
    "SELECT version, visibility FROM reference.stories WHERE id = $1",
    [id],
  );
  return { id, version: story?.version ?? 0 };
};
/** What the mapping of the legacy rows says that ours are. */
const mapped = (columns: string) =>
  legacy.superuser(
    `SELECT ${columns} FROM public.stories l, LATERAL legacy_sync.map_story(l, 'UTC') s ORDER BY s.id`,
  );

test("a story of ours is a story of the old application, which goes on counting its ids", async () => {
  await legacy.old(
    "INSERT INTO stories (title, category, upload_type) VALUES ('Old', 'fiction', 'text')",
  );

  const story = await app.given.story({
    ...{ author: "ada", title: "High River", text: "The river rose.", summary: "A flood." },
    ...{ tags: ["Flood"], ageRating: "adult", language: "de-CH", license: "CC-BY-4.0" },
  });

  expect(story.id).toBe(2);
  expect(
    await old(
      `id, title, content, summary, tags, age_rating, is_adult_content AS adult, language, license_type AS license,
       author_id AS author, status, is_published, is_public, published_at, upload_type, processing_status AS state, view_count`,
    ),
  ).toMatchObject([
    { id: 1 },
    {
      ...{
        id: 2,
        title: "High River",
        content: "The river rose.",
        summary: "A flood.",
        tags: ["flood"],
      },
      ...{
        age_rating: "adult",
        adult: true,
        language: "de-CH",
        license: "CC-BY-4.0",
        author: "ada",
      },
      ...{ status: "draft", is_published: false, is_public: false, published_at: null },
      ...{ upload_type: "text", state: "completed", view_count: 0 },
    },
  ]);
  await legacy.old(
    "INSERT INTO stories (title, category, upload_type) VALUES ('Older', 'fiction', 'text')",
  );
  expect(await old("id")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

test("publishing, changing and archiving a story reach the old application", async () => {
  const { services } = app;
  const draft = await app.given.story({
    author: "ada",
    title: "High River",
    text: "The river rose.",
  });

  const published = await services.stories.publish("ada", draft);
  const flags = "status, is_published, is_public, published_at IS NOT NULL AS dated";
  const asPublic = await old(flags);
  const changed = await services.stories.update("ada", published, {
    content: "It fell.",
    genre: "drama",
  });
  const asChanged = await old("content, genre, status");
  await services.stories.archive("ada", changed);

  expect(asPublic).toEqual([
    { status: "published", is_published: true, is_public: true, dated: true },
  ]);
  expect(asChanged).toEqual([{ content: "It fell.", genre: "drama", status: "published" }]);
  expect(await old(flags)).toEqual([
    { status: "archived", is_published: false, is_public: false, dated: true },
  ]);
});

test("only the columns that change are written, so the old values keep their form", async () => {
  await app.given.user("ada");
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, content, status, is_published, is_public, tags,
       age_rating, language, cover_image_url, mood_category, view_count)
     VALUES (' Old  ', 'fiction', 'voice', 'ada', E'One.\\r\\nTwo. ', ' Published', true, false, '{River,NULL}',
       'PG-13', 'English', '/covers/7.jpg', ' warm ', 7)`,
  );
  const columns = `title, content, status, is_published, is_public, tags, age_rating, language, cover_image_url,
    mood_category, upload_type, view_count`;
  const [before] = await old(columns);

  await app.services.stories.update("ada", await present(1), { genre: "drama" });

  expect(await old(columns)).toEqual([before]);
  expect(await old("genre")).toEqual([{ genre: "drama" }]);
});

test("archiving a story of the old application changes its flags, and a draft keeps its status", async () => {
  await app.given.user("ada");
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, author_id, content, status, is_published)
     VALUES ('A', 'fiction', 'text', 'ada', 'One.', 'published', true),
       ('B', 'fiction', 'text', 'ada', 'Two.', 'analyzed', false)`,
  );

  await app.services.stories.archive("ada", await present(1));
  await app.services.stories.update("ada", await present(2), { title: "C" });

  expect(await old("title, status, is_published, is_public")).toEqual([
    { title: "A", status: "archived", is_published: false, is_public: false },
    { title: "C", status: "analyzed", is_published: false, is_public: false },
  ]);
});

test("a language tag that is too long for the old column survives a change by the old application", async () => {
  await app.given.story({ author: "ada", language: "sl-nedis-rozaj" });

  await legacy.old("UPDATE stories SET genre = 'drama'");

  expect(await old("language")).toEqual([{ language: "sl-nedis" }]);
  expect(await legacy.superuser("SELECT language, genre FROM reference.stories")).toEqual([
    { language: "sl-nedis-rozaj", genre: "drama" },
  ]);
});

test("our rows are what the mapping makes of the rows that we wrote", async () => {
  await legacy.generate({ seed: "3", narrations: 200 });
  await legacy.superuser("INSERT INTO platform.users (id) VALUES ('ada') ON CONFLICT DO NOTHING");
  const columns = `s.id, s.title, s.summary, s.content_hash, s.original_author_id, s.visibility, s.category, s.genre,
    s.sub_genre, s.tags, s.emotional_tags, s.mood, s.age_rating, s.is_adult, s.language, s.cover_image_url, s.license,
    s.copyright_notice, s.published_at, s.created_at, s.updated_at`;

  await legacy.superuser(
    `UPDATE reference.stories SET title = 'Again', summary = NULL, tags = '{a,b}', age_rating = 'teen', is_adult = false,
       language = 'fr', license = 'CC0-1.0', cover_image_url = NULL, updated_at = now(),
       visibility = CASE WHEN visibility = 'public' THEN 'archived' WHEN content_hash IS NULL THEN 'draft' ELSE 'public' END,
       published_at = CASE WHEN content_hash IS NOT NULL THEN coalesce(published_at, now()) END`,
  );
  const ours = await legacy.superuser(`SELECT ${columns} FROM reference.stories s ORDER BY s.id`);

  expect(ours.length).toBeGreaterThan(15);
  expect(await mapped(columns)).toEqual(ours);
  await legacy.superuser("SELECT legacy_sync.repair_stories(id::text) FROM public.stories");
  expect(
    await legacy.superuser(`SELECT ${columns} FROM reference.stories s ORDER BY s.id`),
  ).toEqual(ours);
});

test("one change is written once, and does not come back", async () => {
  const story = await app.given.story({ author: "ada" });

  await app.services.stories.update("ada", story, { genre: "drama" });
  const [version] = await legacy.superuser("SELECT version FROM reference.stories");
  await legacy.old("UPDATE stories SET genre = 'noir'");

  expect(version).toEqual({ version: story.version + 1 });
  expect(await legacy.superuser("SELECT version, genre FROM reference.stories")).toEqual([
    { version: story.version + 2, genre: "noir" },
  ]);
});

test("a story that is deleted here is deleted there, with the author's narrations", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await app.given.narration({ owner: "ada", story });

  const at = { id: story.id, version: story.version, deletesOwnNarrations: true };
  const outcome = await app.services.storyDeletion.delete(ownerOf("ada"), at);

  expect(outcome).toBe("deleted");
  expect(await old("id")).toEqual([]);
  expect(await legacy.old("SELECT FROM story_narrations")).toEqual([]);
  expect(await legacy.superuser("SELECT FROM reference.stories")).toEqual([]);
});

test("a story that loses its author here loses the author there", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await app.given.narration({ owner: "ben", story });

  const at = { id: story.id, version: story.version, deletesOwnNarrations: false };
  const outcome = await app.services.storyDeletion.delete(ownerOf("ada"), at);

  expect(outcome).toBe("archived_without_author");
  expect(await old("id, author_id, status")).toEqual([
    { id: story.id, author_id: null, status: "archived" },
  ]);
});
