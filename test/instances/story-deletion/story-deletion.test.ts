import { ownerOf } from "../../../src/instances/index.js";
import type { StoryEntity } from "../../../src/reference/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { ORCHARD } from "../../support/texts.js";

const cleo = ownerOf("cleo");
const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  await app.given.user("cleo");
});
afterEach(() => app.clean());
afterAll(() => app.close());

const remove = ({ id, version }: StoryEntity, deletesOwnNarrations = false) =>
  app.services.storyDeletion.delete(cleo, { id, version, deletesOwnNarrations });

const countOf = async (table: string): Promise<number> =>
  (await app.superuser(`SELECT FROM ${table}`)).length;

const TABLES = ["stories", "story_texts", "story_analyses", "story_segments", "listed_stories"];
const countReference = async () =>
  Object.fromEntries(
    await Promise.all(TABLES.map(async (name) => [name, await countOf(`reference.${name}`)])),
  ) as Record<string, number>;

const NOTHING = Object.fromEntries(TABLES.map((name) => [name, 0]));

const find = async ({ id }: StoryEntity) =>
  (
    await app.superuser<Record<string, unknown>>("SELECT * FROM reference.stories WHERE id = $1", [
      id,
    ])
  )[0];

test("a draft goes with its text", async () => {
  expect(await remove(await app.given.story())).toBe("deleted");

  expect(await countReference()).toEqual(NOTHING);
});

test("a public story that nobody narrates goes with its analysis, and everybody's place in it", async () => {
  const story = await app.given.story({ analyse: true });
  await app.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, analysis_id, position, updated_at)
     SELECT 'ada', $1, id, 0, now() FROM reference.story_analyses`,
    [story.id],
  );

  expect(await remove(story)).toBe("deleted");

  expect(await countReference()).toEqual(NOTHING);
  expect(await countOf("instances.listening_positions")).toBe(0);
  expect(await countOf("reference.voice_modulation_templates")).toBeGreaterThan(1);
});

test("the earlier texts of a story go with the story", async () => {
  const first = await app.given.story({ analyse: true });
  const second = await app.services.stories.update("cleo", first, { content: ORCHARD });
  await app.analyse(second);
  const third = await app.services.stories.update("cleo", second, { content: "It rained." });
  const before = await countReference();

  expect(await remove(third)).toBe("deleted");

  expect(before).toMatchObject({ story_texts: 3 });
  expect(await countReference()).toEqual(NOTHING);
});

test("an earlier text stays for the places in another story that had the text", async () => {
  const first = await app.given.story({ author: "ada", analyse: true });
  const story = await app.given.story({ analyse: true });
  await app.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, analysis_id, position, updated_at)
     SELECT 'cleo', $1, id, 0, now() FROM reference.story_analyses`,
    [first.id],
  );
  const other = await app.services.stories.update("ada", first, { content: ORCHARD });

  expect(await remove(story)).toBe("deleted");
  const [kept] = await app.superuser("SELECT analysis_id FROM instances.listening_positions");
  await app.services.storyDeletion.delete(ada, {
    ...{ id: other.id, version: other.version, deletesOwnNarrations: true },
  });

  expect(kept).toMatchObject({ analysis_id: expect.any(Number) as number });
  expect(await countReference()).toEqual(NOTHING);
});

test("what another story with the same text needs stays", async () => {
  const story = await app.given.story({ analyse: true });
  const other = await app.given.story({ author: "ada", analyse: true });
  const before = await countReference();

  await remove(story);

  expect(await countReference()).toEqual({ ...before, stories: 1, listed_stories: 1 });
  expect(await app.given.narration({ owner: "ada", story: other })).toMatchObject({
    userId: "ada",
  });
});

test("an analysis that a narration was made from stays with its text", async () => {
  const story = await app.given.story({ analyse: true });
  const other = await app.given.story({ author: "ada", analyse: true });
  const narration = await app.given.narration({ owner: "ada", story: other });
  await app.services.stories.update("ada", other, { content: ORCHARD });

  expect(await remove(story)).toBe("deleted");

  const [kept] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.story_analyses WHERE content_hash = $1",
    [story.contentHash],
  );
  expect(kept?.id).toBe(narration.analysisId);
});

test.each(["private", "public"])(
  "a story with a %s narration by somebody else is archived and loses its author",
  async (visibility) => {
    const story = await app.given.story({ analyse: true, authorName: "Cleo the Elder" });
    const publish = visibility === "public" ? { publish: "public" as const } : {};
    const narration = await app.given.narration({ owner: "ada", story, ...publish });

    expect(await remove(story)).toBe("archived_without_author");

    expect(await find(story)).toMatchObject({
      ...{ visibility: "archived", original_author_id: null, author_name: null },
      ...{ cover_blob_key: null, version: story.version + 1 },
    });
    expect(await app.given.script(narration)).not.toEqual([]);
    await expect(remove(story)).rejects.toMatchObject({ code: "FORBIDDEN" });
  },
);

test("the author's own narrations go only if the author says so", async () => {
  const story = await app.given.story({ analyse: true });
  await app.given.narration({ owner: "cleo", story });
  const rendering = await app.given.narration({ owner: "cleo", story, publish: "public" });
  await app.services.rendering.request(cleo, rendering);

  const refused = remove(story);

  await expect(refused).rejects.toMatchObject({ code: "CONFLICT", current: { id: story.id } });
  await expect(refused).rejects.toThrow("You have 2 narrations of “The High River”");
  expect(await countOf("instances.user_story_narrations")).toBe(2);
  expect(await remove(story, true)).toBe("deleted");
  expect(await countOf("instances.user_story_narrations")).toBe(0);
  expect(await countOf("reference.published_narrations")).toBe(0);
  expect(await countOf("platform.renders_under_way")).toBe(0);
  expect(await countReference()).toEqual(NOTHING);
});

test("the author's own narrations stay while the story is archived for others", async () => {
  const story = await app.given.story({ analyse: true });
  await app.given.narration({ owner: "cleo", story });
  await app.given.narration({ owner: "ada", story });

  expect(await remove(story, true)).toBe("archived_without_author");

  expect(await countOf("instances.user_story_narrations")).toBe(2);
});

test("only the author deletes a story, at its present version", async () => {
  const story = await app.given.story({ publish: true });

  const others = app.services.storyDeletion.delete(ada, {
    ...{ id: story.id, version: story.version, deletesOwnNarrations: false },
  });
  const stale = remove(Object.assign({}, story, { version: 1 }));

  await expect(others).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(stale).rejects.toMatchObject({ code: "CONFLICT", current: { id: story.id } });
  expect(await countOf("reference.stories")).toBe(1);
});

test("nobody but the author learns whether others narrate a story", async () => {
  const story = await app.given.story({ analyse: true });
  await app.given.narration({ owner: "ada", story });
  const ask = (viewer: string | null) =>
    app.database.write(viewer, (tx) =>
      tx.query("SELECT reference.is_narrated_by_others($1) AS told", [story.id]),
    );

  await app.given.narration({ owner: "cleo", story, publish: "public" });
  const before = await countReference();

  expect(await ask("ada")).toEqual([{ told: null }]);
  expect(await ask(null)).toEqual([{ told: null }]);
  expect(await ask("cleo")).toEqual([{ told: true }]);
  expect(await countReference()).toEqual(before);
  expect(await countOf("instances.user_story_narrations")).toBe(2);
  expect(await countOf("reference.published_narrations")).toBe(1);
});

test("the functions that delete change no story of another author", async () => {
  const story = await app.given.story({ analyse: true });
  const before = await find(story);

  await app.database.write("ada", async (tx) => {
    await tx.query("SELECT reference.leave_story($1)", [story.id]);
    await tx.query("SELECT reference.delete_story($1)", [story.id]);
  });

  expect(await find(story)).toEqual(before);
});

test("the job of a deleted story's analysis ends", async () => {
  const story = await app.given.story({ publish: true });
  const [analysis] = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
  await remove(story);

  await expect(app.analyses.run(analysis?.id ?? 0)).resolves.toContain("Finished the job");
  await expect(app.analyses.fail(analysis?.id ?? 0, "Too late.")).resolves.toBeUndefined();
});

test("a text that is stored again at the same moment is there for the new story", async () => {
  for (let round = 0; round < 6; round += 1) {
    const story = await app.given.story();
    const [deleted, made] = await Promise.allSettled([
      remove(story),
      app.given.story({ author: "ada" }),
    ]);

    expect([deleted.status, made.status]).toEqual(["fulfilled", "fulfilled"]);
  }
});

test("a narration that is made at the same moment keeps the story", async () => {
  for (let round = 0; round < 6; round += 1) {
    const story = await app.given.story({ analyse: true });
    const [outcome, narration] = await Promise.allSettled([
      remove(story),
      app.services.narrations.create(ada, { storyId: story.id }),
    ]);

    if (narration.status === "fulfilled") {
      expect(outcome).toMatchObject({ value: "archived_without_author" });
      expect(await find(story)).toMatchObject({ visibility: "archived" });
    } else {
      expect(narration.reason).toMatchObject({ code: "NOT_FOUND" });
      expect(await find(story)).toBeUndefined();
    }
  }
});
