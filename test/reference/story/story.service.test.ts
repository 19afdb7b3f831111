import { ownerOf } from "../../../src/instances/index.js";
import { storyStore } from "../../../src/reference/index.js";
import { storyListStore } from "../../../src/reference/story/listing/story-list.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { BRIDGE, ORCHARD, textNamed } from "../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ poolSize: 20 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const analyses = () =>
  app.superuser("SELECT content_hash, status FROM reference.story_analyses ORDER BY id");
const jobs = () => app.superuser("SELECT name, data FROM jobs.job ORDER BY created_on");

describe("a new story", () => {
  test("is a draft with default values and a word count", async () => {
    const story = await app.given.story({ author: "ada", title: " The High River " });

    const [text] = await app.database.read({ viewer: "ada" }, (tx) =>
      storyStore.textsByHash(tx, [story.contentHash ?? ""]),
    );
    expect(story).toMatchObject({
      title: "The High River",
      visibility: "draft",
      category: "fiction",
      language: "en",
      version: 1,
      originalAuthorId: "ada",
      publishedAt: null,
    });
    expect(text).toMatchObject({ content: BRIDGE, wordCount: 60 });
    expect(await jobs()).toEqual([]);
  });

  test("takes its title from the text file, unless the author gives a title", async () => {
    await app.given.user("ada");
    const file = { fileName: "x.txt", bytes: Buffer.from("Pears\n\nIt was autumn.") };

    const { imports } = app.services;
    const named = await imports.importFile(ownerOf("ada"), file);
    const renamed = await imports.importFile(ownerOf("ada"), file, { title: "Apples" });

    expect([named.title, renamed.title]).toEqual(["Pears", "Apples"]);
    expect(renamed.contentHash).toBe(named.contentHash);
  });

  test.each([
    ["title", { title: " " }, "title is empty"],
    ["title", { title: "x".repeat(201) }, "title is longer than 200 characters"],
    ["language", { language: "english" }, "language is not a language tag"],
    ["ageRating", { ageRating: "toddler" as never }, "ageRating is not one of general"],
    [
      "coverImageUrl",
      { coverImageUrl: "http://x.example/a.png" },
      "coverImageUrl is not an https URL",
    ],
    ["license", { license: "mine" as never }, "license is not one of"],
    ["tags", { tags: Array.from({ length: 21 }, String) }, "tags has more than 20"],
  ])(
    "with a bad %s is refused with the field's name, and nothing is stored",
    async (field, input, message) => {
      const making = app.given.story({ author: "ada", ...input });

      await expect(making).rejects.toMatchObject({ code: "BAD_USER_INPUT", inputPath: [field] });
      await expect(making).rejects.toThrow(message);
      expect(await app.superuser("SELECT FROM reference.story_texts")).toEqual([]);
    },
  );

  test("stores each tag once, in lower case", async () => {
    const story = await app.given.story({ tags: ["Sea", "sea ", "Night"] });

    expect(story.tags).toEqual(["sea", "night"]);
  });
});

describe("publishing", () => {
  test("makes the story public, requests its analysis and uses the plain slug", async () => {
    const draft = await app.given.story({ author: "ada", title: "L’Été à Orléans!" });

    const story = await app.services.stories.publish("ada", draft);

    expect(story).toMatchObject({ visibility: "public", slug: "lete-a-orleans", version: 2 });
    expect(story.publishedAt).toBeInstanceOf(Date);
    expect(await analyses()).toEqual([{ content_hash: story.contentHash, status: "pending" }]);
    expect(await jobs()).toHaveLength(1);
  });

  test("a draft without text is refused", async () => {
    const draft = await app.given.story({ author: "ada", text: null });

    await expect(app.services.stories.publish("ada", draft)).rejects.toMatchObject({
      code: "CONFLICT",
      message: `“${draft.title}” has no text yet; write one before publishing it.`,
      current: { id: draft.id },
    });
  });

  test("lets the author find the public story by its text and language", async () => {
    const text = { content: "The bell rang.", language: "en" };
    const story = await app.given.story({ author: "ada", text: text.content });
    const found = (author: string, language = "en") =>
      app.services.stories.publishedOf(author, { ...text, language });
    const draft = await found("ada");

    await app.services.stories.publish("ada", story);

    expect(draft).toBeNull();
    expect((await found("ada"))?.id).toBe(story.id);
    expect(await found("ada", "de")).toBeNull();
    expect(await found("ben")).toBeNull();
  });

  test("a public story again changes nothing and requests no second analysis", async () => {
    const story = await app.given.story({ author: "ada", publish: true });

    const again = await app.services.stories.publish("ada", story);

    expect(again).toEqual(story);
    expect(await jobs()).toHaveLength(1);
  });

  test("a public story again retries a failed analysis", async () => {
    const story = await app.given.story({ author: "ada", publish: true });
    const [row] = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
    await app.analyses.fail(row?.id ?? 0, "The analyser gave up.");

    await app.services.stories.publish("ada", story);

    expect(await analyses()).toEqual([{ content_hash: story.contentHash, status: "pending" }]);
    expect(await jobs()).toHaveLength(2);
  });

  test("two stories with one title at the same time gives one of them the plain slug", async () => {
    const drafts = await Promise.all(
      ["ada", "ben"].map((author) =>
        app.given.story({ author, title: "Twins", text: textNamed(author) }),
      ),
    );

    const stories = await Promise.all(
      drafts.map((draft) => app.services.stories.publish(draft.originalAuthorId ?? "", draft)),
    );

    const slugs = stories.map(({ slug }) => slug).sort();
    expect(slugs[0]).toBe("twins");
    expect(slugs[1]).toMatch(/^twins-[0-9a-f]{10}$/);
  });

  test("a story again after archiving and a new title keeps its slug", async () => {
    const story = await app.given.story({ author: "ada", title: "First", publish: true });
    const renamed = await app.services.stories.update("ada", story, { title: "Second" });
    const archived = await app.services.stories.archive("ada", renamed);

    const again = await app.services.stories.publish("ada", archived);

    expect(again).toMatchObject({ slug: "first", title: "Second", publishedAt: story.publishedAt });
  });

  test("commits the story, the analysis and the job together or not at all", async () => {
    const draft = await app.given.story({ author: "ada" });
    await app.superuser("REVOKE INSERT ON jobs.job FROM fabula_app");
    await app.superuser("REVOKE INSERT ON ALL TABLES IN SCHEMA jobs FROM fabula_app");

    const publishing = app.services.stories.publish("ada", draft);

    await expect(publishing).rejects.toThrow("permission denied");
    await app.superuser("GRANT INSERT ON ALL TABLES IN SCHEMA jobs TO fabula_app");
    expect(await analyses()).toEqual([]);
    expect(await jobs()).toEqual([]);
    const [after] = await app.superuser("SELECT visibility, version FROM reference.stories");
    expect(after).toEqual({ visibility: "draft", version: 1 });
  });
});

describe("changing", () => {
  test("a public story's text requests an analysis of the new text", async () => {
    const story = await app.given.story({ author: "ada", publish: true });

    const updated = await app.services.stories.update("ada", story, { content: ORCHARD });

    expect(updated.contentHash).not.toBe(story.contentHash);
    expect(await analyses()).toEqual([
      { content_hash: story.contentHash, status: "pending" },
      { content_hash: updated.contentHash, status: "pending" },
    ]);
    expect(await jobs()).toHaveLength(2);
  });

  test("a draft requests no analysis, keeps absent fields and clears null fields", async () => {
    const draft = await app.given.story({ author: "ada", genre: "Fable", summary: "Pears." });

    const updated = await app.services.stories.update("ada", draft, { genre: null });

    expect(updated).toMatchObject({
      genre: null,
      summary: "Pears.",
      title: draft.title,
      version: 2,
    });
    expect(await jobs()).toEqual([]);
  });

  test("a stale version is a conflict with the current story", async () => {
    const draft = await app.given.story({ author: "ada" });
    await app.services.stories.update("ada", draft, { title: "Newer" });

    const stale = app.services.stories.update("ada", draft, { title: "Older" });

    await expect(stale).rejects.toMatchObject({
      code: "CONFLICT",
      message: `“Newer” is at version 2, you read version 1; read it again and repeat your change.`,
      current: { title: "Newer", version: 2 },
    });
  });

  test("the same version twenty times at the same time succeeds once", async () => {
    const draft = await app.given.story({ author: "ada" });

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        app.services.stories.update("ada", draft, { title: `Title ${n}` }),
      ),
    );

    const lost = results.filter(({ status }) => status === "rejected");
    expect(lost).toHaveLength(19);
    for (const { reason } of lost as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: "CONFLICT", current: { version: 2 } });
    }
  });

  test("another author's public story is forbidden", async () => {
    const story = await app.given.story({ author: "ada", publish: true });
    await app.given.user("ben");
    const { stories } = app.services;
    const forbidden = { code: "FORBIDDEN" };

    await expect(stories.update("ben", story, { title: "Mine" })).rejects.toMatchObject(forbidden);
    await expect(stories.publish("ben", story)).rejects.toMatchObject(forbidden);
    await expect(stories.archive("ben", story)).rejects.toMatchObject(forbidden);
  });

  test("the text to an invalid text leaves the story unchanged", async () => {
    const story = await app.given.story({ author: "ada", publish: true });

    for (const content of ["", " \n", "A\0B", "\ud800", "x".repeat(2_000_001)]) {
      const changing = app.services.stories.update("ada", story, { title: "Lost", content });
      await expect(changing).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    }

    const [after] = await app.superuser("SELECT title, version FROM reference.stories");
    expect(after).toEqual({ title: story.title, version: story.version });
  });
});

describe("archiving", () => {
  test("removes a story from the public list but keeps it readable", async () => {
    const story = await app.given.story({ author: "ada", publish: true });

    await app.services.stories.archive("ada", story);

    await app.database.read({ viewer: "ben" }, async (tx) => {
      expect(await storyListStore.publicCount(tx, {})).toBe(0);
      expect(await storyStore.byIds(tx, [story.id])).toHaveLength(1);
      expect(await storyStore.textsByHash(tx, [story.contentHash ?? ""])).toHaveLength(1);
    });
  });

  test("twice changes nothing, and a draft is a conflict", async () => {
    const story = await app.given.story({ author: "ada", publish: true });
    const archived = await app.services.stories.archive("ada", story);
    const draft = await app.given.story({ author: "ada" });

    expect(await app.services.stories.archive("ada", archived)).toEqual(archived);
    await expect(app.services.stories.archive("ada", draft)).rejects.toMatchObject({
      code: "CONFLICT",
      message: `“${draft.title}” is a draft; only a public story can be archived.`,
    });
  });

  test("makes every change a conflict until the story is published again", async () => {
    const story = await app.given.story({ author: "ada", publish: true });
    const archived = await app.services.stories.archive("ada", story);

    const changing = app.services.stories.update("ada", archived, { title: "New" });
    await expect(changing).rejects.toMatchObject({ code: "CONFLICT", current: { id: story.id } });

    const again = await app.services.stories.publish("ada", archived);
    await app.services.stories.update("ada", again, { title: "New" });
  });
});
