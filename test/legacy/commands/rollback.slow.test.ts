import { ownerOf } from "../../../src/instances/index.js";
import { userStore } from "../../../src/platform/users/user.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { type Commands, commandsOf, ourServices } from "../command-context.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

const NEW = "new-user";

let legacy: LegacyTestDatabase;
let app: TestApp;
let migrate: Commands;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { users: ["u1", "u2"] });
  for (const segments of [["One."], ["Two."]]) await oldNarration(legacy, { segments });
  app = await testApp({ database: legacy });
  migrate = commandsOf(legacy, () => Promise.resolve(ourServices(app)));
  await migrate.text("backfill");
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

test("rows that ours made after a rollback reach the old application, and rows that it deleted go", async () => {
  await migrate.text("rollback");
  await app.database.write(NEW, (tx) => userStore.ensure(tx, { subject: NEW }));
  const { stories, narrations } = app.services;
  const draft = await stories.create(NEW, { title: "Of ours", content: "The river rose again." });
  const story = await stories.publish(NEW, draft);
  const narration = await narrations.create(ownerOf(NEW), { storyId: story.id });
  await legacy.old("DELETE FROM story_narrations WHERE id = 1");

  await migrate.text("expand");
  await migrate.text("backfill");
  const report = await migrate.text("verify", "--repair");

  expect(report).toContain("Nothing differs");
  expect(await migrate.text("verify")).toContain("Nothing differs");
  expect(await legacy.old("SELECT id FROM users WHERE id = $1", [NEW])).toEqual([{ id: NEW }]);
  expect(
    await legacy.old("SELECT title, is_published FROM stories WHERE id = $1", [story.id]),
  ).toEqual([{ title: "Of ours", is_published: true }]);
  expect(await legacy.old("SELECT id FROM story_narrations ORDER BY id")).toEqual([
    { id: 2 },
    { id: Number(narration.id) },
  ]);
  expect(
    await legacy.superuser("SELECT id::int FROM instances.user_story_narrations ORDER BY id"),
  ).toEqual([{ id: 2 }, { id: Number(narration.id) }]);
});

test("a person who registered after a rollback writes a story after expand, before the repair", async () => {
  await migrate.text("rollback");
  await app.database.write(NEW, (tx) => userStore.ensure(tx, { subject: NEW }));
  await migrate.text("expand");

  const { id } = await app.services.stories.create(NEW, { title: "Of ours", content: "Again." });

  expect(await legacy.old("SELECT author_id FROM stories WHERE id = $1", [id])).toEqual([
    { author_id: NEW },
  ]);
});

test("a TRUNCATE after expand takes nothing that ours made meanwhile", async () => {
  await migrate.text("rollback");
  await app.database.write(NEW, (tx) => userStore.ensure(tx, { subject: NEW }));
  const { stories, narrations } = app.services;
  const draft = await stories.create(NEW, { title: "Of ours", content: "The river rose again." });
  const story = await stories.publish(NEW, draft);
  const { id } = await narrations.create(ownerOf(NEW), { storyId: story.id });
  await migrate.text("expand");

  await legacy.old("TRUNCATE users CASCADE");

  const left = await legacy.superuser(
    `SELECT u.id AS "user", s.id AS story, n.id AS narration FROM platform.users u
     JOIN reference.stories s ON s.original_author_id = u.id
     JOIN instances.user_story_narrations n ON n.user_id = u.id AND n.reference_story_id = s.id
     WHERE u.erased_at IS NULL AND s.visibility = 'public'`,
  );
  expect(left).toEqual([{ user: NEW, story: story.id, narration: id }]);
});

test("a slug that ours chose after a rollback is no difference, and the legacy row decides the rest", async () => {
  const [draft] = await legacy.old<{ id: number }>(
    `INSERT INTO stories (title, content, category, upload_type, author_id)
     VALUES ('Draft', 'Nobody knows.', 'tale', 'text', 'u1') RETURNING id`,
  );
  await migrate.text("rollback");
  const wanted = { id: draft?.id ?? 0, version: 1 };
  const { slug } = await app.services.stories.publish("u1", wanted);

  await migrate.text("expand");
  await migrate.text("backfill");
  await migrate.text("verify", "--repair");

  expect(await migrate.text("verify")).toContain("Nothing differs");
  const after = await legacy.superuser(
    "SELECT slug, visibility FROM reference.stories WHERE id = $1",
    [draft?.id],
  );
  expect(after).toEqual([{ slug, visibility: "draft" }]);
});
