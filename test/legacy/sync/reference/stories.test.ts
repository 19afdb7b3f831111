import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await legacy.old("INSERT INTO users (id) VALUES ('ada'), ('ben')");
});
afterEach(() => legacy.drop());

type Values = Readonly<Record<string, unknown>>;

/** The old application adds a story. Returns the id. */
async function oldStory(values: Values = {}): Promise<number> {
  const row: Values = {
    ...{ title: "The Ferry", category: "fiction", upload_type: "text", author_id: "ada" },
    ...{ content: "The lamp went out.", is_published: true, status: "published", ...values },
  };
  const columns = Object.keys(row);
  const [story] = await legacy.old<{ id: number }>(
    `INSERT INTO stories (${columns.join(", ")}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(", ")})
     RETURNING id`,
    Object.values(row),
  );
  return story?.id ?? 0;
}

const ours = (columns: string) =>
  legacy.superuser(`SELECT ${columns} FROM reference.stories s
    LEFT JOIN reference.story_texts t USING (content_hash) ORDER BY s.id`);
const refused = () =>
  legacy.superuser("SELECT * FROM legacy_sync.quarantine WHERE source_table = 'stories'");
const backfill = (after: string | null, size: number) =>
  legacy.superuser("SELECT * FROM legacy_sync.backfill_stories($1, $2)", [after, size]);

/** Runs the work while the triggers of the old tables are off, as before expand. */
async function before(work: () => Promise<unknown>): Promise<void> {
  await legacy.superuser("ALTER TABLE stories DISABLE TRIGGER USER");
  await work();
  await legacy.superuser("ALTER TABLE stories ENABLE TRIGGER USER");
}

test("a story of the old application is a story of ours at once, with its id", async () => {
  const id = await oldStory({
    ...{
      summary: " A night. ",
      genre: "fantasy",
      mood_category: "eerie",
      cover_image_url: "https://a.b/c.png",
    },
    ...{ copyright_info: "© Ada", view_count: 7, likes: 2, tags: ["River", null, "river", " "] },
  });

  expect(
    await ours(
      `s.id, s.title, s.summary, t.content, s.original_author_id AS author, s.visibility, s.genre, s.mood, s.tags,
       s.language, s.cover_image_url AS cover, s.license, s.copyright_notice AS notice, s.version,
       s.source->'legacy'->'viewCount' AS views, s.source->'legacy'->'tags' AS "oldTags"`,
    ),
  ).toEqual([
    {
      ...{
        id,
        title: "The Ferry",
        summary: "A night.",
        content: "The lamp went out.",
        author: "ada",
      },
      ...{
        visibility: "public",
        genre: "fantasy",
        mood: "eerie",
        tags: ["river"],
        language: "en-US",
      },
      ...{
        cover: "https://a.b/c.png",
        license: "all_rights_reserved",
        notice: "© Ada",
        version: 1,
      },
      ...{ views: 7, oldTags: ["River", null, "river", " "] },
    },
  ]);
  expect(await refused()).toEqual([]);
});

test.each([
  ["published", true, "text", "public"],
  [" Published", true, "text", "public"],
  [null, true, "text", "public"],
  ["analyzed", true, "text", "public"],
  ["draft", true, "text", "draft"],
  ["published", true, " \n ", "draft"],
  ["published", true, null, "draft"],
  ["published", false, "text", "draft"],
  ["published", null, "text", "draft"],
  ["archived", true, "text", "archived"],
  [" ARCHIVED ", false, "text", "archived"],
  ["archived", true, null, "draft"],
])(
  "status %j, is_published %j and content %j make a story %s",
  async (status, is_published, content, visibility) => {
    await oldStory({ status, is_published, content, is_public: true });

    expect(await ours("s.visibility")).toEqual([{ visibility }]);
  },
);

test("a published story without a date of publication takes the date of its last change", async () => {
  await oldStory({
    published_at: null,
    updated_at: "2024-05-01 10:00",
    created_at: "2024-04-01 10:00",
  });
  await oldStory({ published_at: "2024-04-02", updated_at: "2024-05-01", created_at: null });
  await oldStory({ published_at: null, updated_at: null, created_at: null });
  await oldStory({ published_at: "2024-04-02", status: "draft" });

  expect(await ours("s.published_at")).toEqual([
    { published_at: new Date("2024-05-01T10:00:00Z") },
    { published_at: new Date("2024-04-02T00:00:00Z") },
    { published_at: new Date(0) },
    { published_at: null },
  ]);
});

test("a text is stored in its stored form, once, and is listed to be measured", async () => {
  await oldStory({ content: "\ufeffOne.\r\rTwo.\r\nThree. cafÃ© " });
  await oldStory({ content: "One.\n\nTwo.\nThree. cafÃ©" });

  expect(await ours("t.content")).toEqual([
    { content: "One.\n\nTwo.\nThree. cafÃ©" },
    { content: "One.\n\nTwo.\nThree. cafÃ©" },
  ]);
  const [{ hash } = { hash: "" }] = await legacy.superuser<{ hash: string }>(
    "SELECT content_hash AS hash FROM reference.story_texts",
  );
  expect(await legacy.superuser("SELECT * FROM legacy_sync.texts_to_measure")).toEqual([
    { content_hash: hash },
  ]);
});

test("values that ours cannot hold become the nearest value, and stay readable", async () => {
  await oldStory({
    ...{
      title: " \n",
      category: " ",
      age_rating: "PG-13",
      license_type: "cc-by",
      language: "English",
    },
    ...{ cover_image_url: "/covers/7.jpg", content: "…" },
  });
  await oldStory({
    ...{ title: "Night\tand day", age_rating: "weird", license_type: "mine", language: "pt_BR" },
    ...{ is_adult_content: true },
  });

  expect(
    await ours(
      `s.title, s.category, s.age_rating AS age, s.is_adult, s.license, s.language, s.cover_image_url AS cover,
       s.source->'legacy'->>'coverImageUrl' AS "oldCover", s.source->'legacy'->>'content' AS "oldContent"`,
    ),
  ).toEqual([
    {
      ...{
        title: "Untitled",
        category: "fiction",
        age: "teen",
        is_adult: false,
        license: "CC-BY-4.0",
      },
      ...{ language: "en", cover: null, oldCover: "/covers/7.jpg", oldContent: "…" },
    },
    {
      ...{ title: "Night and day", category: "fiction", age: "adult", is_adult: true },
      ...{
        license: "all_rights_reserved",
        language: "pt-BR",
        cover: null,
        oldCover: null,
        oldContent: null,
      },
    },
  ]);
});

test("a slug has characters that nobody can guess, and stays when the title changes", async () => {
  await oldStory({ title: "Ærø in Wintér & Ada’s key" });
  await oldStory({ title: "日本" });
  const [first, second] = await ours("s.slug");
  await legacy.old("UPDATE stories SET title = 'Other'");

  expect(first).toEqual({ slug: expect.stringMatching(/^r-in-winter-adas-key-[0-9a-f]{10}$/) });
  expect(second).toEqual({ slug: expect.stringMatching(/^story-[0-9a-f]{10}$/) });
  expect(await ours("s.slug, s.title")).toEqual([
    { ...first, title: "Other" },
    { ...second, title: "Other" },
  ]);
});

test("a change that readers see makes a new version, and a counter does not", async () => {
  await oldStory();
  await legacy.old("UPDATE stories SET view_count = view_count + 1");
  const counted = await ours("s.version, s.source->'legacy'->'viewCount' AS views");
  await legacy.old("UPDATE stories SET content = 'A new text.', updated_at = '2030-01-01'");

  expect(counted).toEqual([{ version: 1, views: 1 }]);
  expect(await ours("s.version, t.content, s.updated_at")).toEqual([
    { version: 2, content: "A new text.", updated_at: new Date("2030-01-01T00:00:00Z") },
  ]);
});

test("the backfill takes stories in pages, and writes nothing twice", async () => {
  await before(async () => {
    for (const title of ["A", "B", "C"]) await oldStory({ title });
  });

  const pages = [
    await backfill(null, 2),
    await backfill("2", 2),
    await backfill("3", 2),
    await backfill(null, 2),
  ];

  expect(pages.flat()).toEqual([
    { last_key: "2", taken: 2, written: 2 },
    { last_key: "3", taken: 1, written: 1 },
    { last_key: null, taken: 0, written: 0 },
    { last_key: "2", taken: 2, written: 0 },
  ]);
  expect(await ours("s.title, t.content")).toEqual(
    ["A", "B", "C"].map((title) => ({ title, content: "The lamp went out." })),
  );
});

test("the backfill makes the same rows as the trigger", async () => {
  await legacy.superuser("ALTER TABLE users DISABLE TRIGGER USER");
  await before(() => legacy.generate({ seed: "7", narrations: 300 }));
  await legacy.superuser("ALTER TABLE users ENABLE TRIGGER USER");
  await legacy.superuser("SELECT legacy_sync.backfill_users(NULL, 1000)");
  const rows = "to_jsonb(s) - 'row_version' AS story, t.word_count, t.reading_time_seconds";
  await backfill(null, 1000);
  const backfilled = await ours(rows);

  await legacy.superuser(
    `DELETE FROM instances.user_story_narrations; DELETE FROM legacy_sync.id_map;
     DELETE FROM reference.story_analyses; DELETE FROM reference.stories; DELETE FROM reference.story_texts`,
  );
  await legacy.old("UPDATE stories SET id = id");

  expect(backfilled).toHaveLength(30);
  expect(await ours(rows)).toEqual(backfilled);
  expect(await refused()).toEqual([]);
});

test("a story that cannot be inserted goes into quarantine, and the rest of its page does not", async () => {
  await legacy.superuser(
    "ALTER TABLE reference.stories ADD CONSTRAINT good CHECK (title <> 'Bad')",
  );
  await before(async () => {
    for (const title of ["Good", "Bad", "Better"]) await oldStory({ title });
  });

  const [page] = await backfill(null, 10);
  const quarantined = await refused();
  await legacy.superuser("ALTER TABLE reference.stories DROP CONSTRAINT good");
  await legacy.superuser("SELECT legacy_sync.repair_stories('2')");

  expect(page).toEqual({ last_key: "3", taken: 3, written: 2 });
  expect(quarantined).toMatchObject([
    { source_table: "stories", source_id: "2", user_id: "ada", reason: "not_allowed" },
  ]);
  expect(await ours("s.title")).toEqual([{ title: "Good" }, { title: "Bad" }, { title: "Better" }]);
  expect(await refused()).toEqual([]);
});

test("an old statement succeeds although its story cannot be mapped", async () => {
  await legacy.superuser(
    "ALTER TABLE reference.stories ADD CONSTRAINT good CHECK (title <> 'Bad')",
  );

  await oldStory({ title: "Bad" });

  expect(await ours("s.id")).toEqual([]);
  expect(await refused()).toMatchObject([{ source_table: "stories", reason: "not_allowed" }]);
});

test("a story that comes before its author brings the author along", async () => {
  await legacy.superuser("DELETE FROM platform.users WHERE id = 'ben'");

  await oldStory({ author_id: "ben" });

  expect(await ours("s.original_author_id AS author")).toEqual([{ author: "ben" }]);
  expect(await refused()).toEqual([]);
});

test("a text of any script is a text, whatever the locale of the database", async () => {
  const asked = async (text: string) =>
    (await legacy.superuser<{ is: boolean }>("SELECT legacy_sync.has_letter($1) AS is", [text]))[0]
      ?.is;

  expect(await Promise.all(["река", "نهر", "川", "ποτάμι", "7"].map(asked))).toEqual(
    Array.from({ length: 5 }, () => true),
  );
  expect(await asked("… — 🌊 !")).toBe(false);
});

test("a story without a date of its own keeps the first date that it got", async () => {
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, created_at, updated_at)
     VALUES ('Undated', 'tale', 'text', NULL, '2024-01-01')`,
  );

  await legacy.old("UPDATE stories SET updated_at = '2025-01-01', view_count = 3");

  expect(
    await legacy.superuser(
      "SELECT created_at::date::text AS created, updated_at::date::text AS updated FROM reference.stories",
    ),
  ).toEqual([{ created: "2024-01-01", updated: "2025-01-01" }]);
});
