import { ownerOf } from "../../src/instances/index.js";
import { type TestApp, testApp } from "../support/app.js";
import { BRIDGE, ORCHARD } from "../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface Listed {
  readonly title_key: string;
  readonly listeners: number;
  readonly author_words: string;
  readonly facets: string;
}

/** Returns the listed stories. Checks that they are as a new listing would make them. */
async function listed(): Promise<Listed[]> {
  const rows = (sql: string) => app.superuser<Listed>(`SELECT l.* FROM ${sql} l ORDER BY l.id`);
  const found = await rows("reference.listed_stories");
  expect(found).toEqual(await rows("reference.listings(ARRAY(SELECT id FROM reference.stories))"));
  return found;
}

const listen = (user: string, story: number): Promise<object[]> =>
  app.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, position, updated_at)
     VALUES ($1, $2, 0, now()) ON CONFLICT (user_id, reference_story_id) DO UPDATE SET position = 1`,
    [user, story],
  );

test("a story is listed while it is public", async () => {
  const draft = await app.given.story({ author: "ada", title: "The “Éclair”-Thief!" });
  const before = await listed();
  const story = await app.services.stories.publish("ada", draft);
  const published = await listed();
  const changed = await app.services.stories.update("ada", story, {
    title: "Straße",
    content: ORCHARD,
    genre: "Mystery",
    language: "EN_us",
  });
  const after = await listed();
  await app.services.stories.archive("ada", changed);

  expect(before).toEqual([]);
  expect(published).toMatchObject([{ title_key: "the eclair thief" }]);
  expect(after).toMatchObject([{ title_key: "strasse" }]);
  expect(after[0]?.facets).toContain("'genre mystery' 'language en'");
  expect(await listed()).toEqual([]);
});

test("a story is found by the names of its author, also after the name changes", async () => {
  await app.given.story({ author: "ada", authorName: "Ada Hale", publish: true });
  const before = await listed();
  await app.superuser("UPDATE platform.users SET display_name = 'Countess' WHERE id = 'ada'");
  const renamed = await listed();
  await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ada'");
  const erased = await listed();

  expect(before[0]?.author_words).toBe("'ada':1,3 'hale':2");
  expect(renamed[0]?.author_words).toBe("'ada':1 'countess':3 'hale':2");
  expect(erased[0]?.author_words).toBe("'ada':1 'hale':2");
});

test("a story that becomes public while its author takes another name has the new name", async () => {
  for (let round = 0; round < 12; round += 1) {
    const draft = await app.given.story({ author: "ada", text: BRIDGE });

    await Promise.all([
      app.services.stories.publish("ada", draft),
      app.services.profiles.update("ada", { displayName: `Ada ${round}` }),
    ]);

    expect((await listed()).at(-1)?.author_words).toContain(`'${round}'`);
  }
});

test("a story has sound while a public narration has sound", async () => {
  const story = await app.given.story({ analyse: true });
  const narration = await app.given.narration({ owner: "ben", story, publish: "public" });
  const sound = async (): Promise<boolean | undefined> =>
    (await listed())[0]?.facets.includes("'audio yes'");
  const silent = await sound();
  await app.superuser("UPDATE reference.published_narrations SET audio_blob_key = 'blob'");
  const audible = await sound();
  await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ben'");
  const erased = await sound();
  await app.superuser("UPDATE platform.users SET erased_at = NULL WHERE id = 'ben'");
  const back = await sound();
  await app.services.publishing.unpublish(ownerOf("ben"), narration);

  expect([silent, audible, erased, back]).toEqual([false, true, false, true]);
  expect(await sound()).toBe(false);
});

test("each person counts once among the listeners of a story, until the position is gone", async () => {
  for (const name of ["ben", "cleo", "dora"]) await app.given.user(name);
  const heard = await app.given.story({ author: "ada", text: BRIDGE, publish: true });
  await app.given.story({ author: "ada", text: ORCHARD, publish: true });
  for (const name of ["ben", "cleo", "dora", "ben"]) await listen(name, heard.id);
  const before = await listed();
  await app.superuser("DELETE FROM instances.listening_positions WHERE user_id = 'dora'");

  expect(before.map(({ listeners }) => listeners)).toEqual([3, 0]);
  expect((await listed()).map(({ listeners }) => listeners)).toEqual([2, 0]);
});

test("an archived story keeps its listeners until it is public again", async () => {
  await app.given.user("ben");
  await app.given.user("cleo");
  const story = await app.given.story({ author: "ada", publish: true });
  await listen("ben", story.id);
  const archived = await app.services.stories.archive("ada", story);
  await listen("cleo", story.id);
  await app.services.stories.publish("ada", archived);

  expect(await listed()).toMatchObject([{ listeners: 2 }]);
});

test("a deleted story leaves nothing behind", async () => {
  await app.given.user("ben");
  const story = await app.given.story({ author: "ada", publish: true });
  await listen("ben", story.id);

  await app.superuser("DELETE FROM instances.listening_positions");
  await app.superuser("DELETE FROM reference.stories");

  expect(await listed()).toEqual([]);
  expect(await app.superuser("SELECT FROM reference.story_listeners")).toEqual([]);
});
