import { type TestApp, testApp } from "../../support/app.js";
import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { backfillPairs, verifyPairNamed } from "./verification.js";
import { unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const verifyStories = () => verifyPairNamed(legacy, "stories");

test("every story of a generated database is here as expected", async () => {
  await legacy.generate({ seed: "1", narrations: 1_500 });
  await legacy.expand("Europe/Berlin");
  const before = await verifyStories();

  await backfillPairs(legacy, ["users", "templates", "stories", "analyses"]);

  expect(before).toMatchObject({ rows: 150, same: 0, wrong: 150 });
  expect(await verifyStories()).toMatchObject({ rows: 150, same: 150, wrong: 0, examples: [] });
});

const FULL_STORY = {
  ...{ title: " Untidy\tTitle ", content: "\uFEFFThe lamp\r\nwent out.\n", summary: " A night. " },
  ...{ category: " Fiction", genre: "fantasy", sub_genre: "dark", tags: ["River"] },
  ...{ emotional_tags: ["joy"], mood_category: "eerie", age_rating: "PG-13", reading_time: 3 },
  ...{ voice_sample_url: "audio://1", cover_image_url: "https://a.org/1.png", author_id: "ada" },
  ...{ narrator_voice: "alloy", narrator_voice_type: "ai", upload_type: "file" },
  ...{ original_audio_url: "audio://2", processing_status: "completed", status: " Published" },
  ...{ is_published: true, is_public: false, published_at: "2024-01-02", language: "EN-US" },
  ...{ copyright_info: "© Ada", license_type: "cc-by", is_adult_content: false },
  ...{ view_count: 7, likes: 2, created_at: "2024-01-01", updated_at: "2024-01-03" },
};

async function oldStory(values: Readonly<Record<string, unknown>>): Promise<void> {
  const columns = Object.keys(values);
  await legacy.old(
    `INSERT INTO stories (${columns.join(", ")}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(", ")})`,
    Object.values(values),
  );
}

const isWrong = async () => !(await verify(legacy.operator)).isEqual;

test("a wrong value in any column of a story or its text is noticed", async () => {
  await legacy.expand();
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  await oldStory(FULL_STORY);
  const story = {
    ...{
      table: "reference.stories",
      except: ["version", "row_version"],
      original: ["source", "legacy"],
    },
  };
  const text = { table: "reference.story_texts", except: ["created_at"] };

  const unnoticed = [
    ...(await unnoticedColumns(legacy, story, isWrong)),
    ...(await unnoticedColumns(legacy, text, isWrong)),
  ];

  expect(unnoticed).toEqual([]);
  expect(await verifyStories()).toMatchObject({ same: 1, wrong: 0 });
});

test("a text with wrong measures is measured again", async () => {
  await legacy.expand();
  await oldStory({ ...FULL_STORY, author_id: null });
  await verify(legacy.operator);
  await legacy.superuser("UPDATE reference.story_texts SET word_count = 9");

  const repaired = await verifyPairNamed(legacy, "texts", { repair: true });

  expect(repaired).toMatchObject({ rows: 1, same: 1, wrong: 0, repaired: 1 });
  expect(await legacy.superuser("SELECT word_count AS words FROM reference.story_texts")).toEqual([
    { words: 4 },
  ]);
});

test("a story without a text keeps everything else", async () => {
  await legacy.expand();
  await legacy.old("INSERT INTO users (id) VALUES ('ada')");
  const nested = JSON.stringify([{ name: "Mara", role: null }]);

  await oldStory({ ...FULL_STORY, content: null, extracted_characters: nested });
  await oldStory({ ...FULL_STORY, content: " ⁂ ", extracted_emotions: nested, tags: null });

  expect(await verifyStories()).toMatchObject({ same: 2, wrong: 0, examples: [] });
});

describe("with our application", () => {
  let app: TestApp;
  beforeEach(async () => {
    await legacy.expand("Europe/Berlin");
    app = await testApp({ database: legacy });
  });
  afterEach(() => app.close());

  test("stories that both applications write are equal on both sides", async () => {
    await legacy.old("INSERT INTO users (id) VALUES ('ada')");
    await oldStory(FULL_STORY);
    await app.given.story({
      author: "ada",
      title: "High River",
      language: "de-Latn-CH-1996",
      publish: true,
    });
    await app.given.story({ author: "ada", title: "Low River" });

    await legacy.superuser(
      "UPDATE reference.stories SET title = 'Tidy', license = 'CC0-1.0', version = version + 1 WHERE id = 1",
    );
    await legacy.old("UPDATE stories SET status = 'archived', likes = 9 WHERE id = 2");

    expect(await verifyStories()).toMatchObject({ rows: 3, same: 3, extra: 0, examples: [] });
  });
});
