import { oneAtATime } from "../../src/platform/database/start/one-at-a-time.js";
import { NarrationStatus } from "../../src/instances/index.js";
import { DEMO_LOCK, seedDemo, seedNarrations } from "../../src/seed/seed.js";
import { seedStories } from "../../src/seed/stories.js";
import { type TestApp, testApp } from "../support/app.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";

let app: TestApp;
let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  const nothing = { storiesPerDay: 0, storyBytesPerDay: 0, rendersUnderWay: 0 };
  app = await testApp({ database, worker: true, quotas: { ...nothing, paidCharactersPerDay: 0 } });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test("processes that start at once write the demo data once, without quota", async () => {
  const said: string[] = [];
  const start = () =>
    seedDemo(
      app.services,
      (line) => said.push(line),
      (work) => oneAtATime(database.appUrl, DEMO_LOCK, work),
    );

  await Promise.all([start(), start(), start()]);

  expect(said).toEqual(["Writing the demo stories and narrations"]);

  const [made] = await app.superuser(
    `SELECT (SELECT count(*)::int FROM reference.stories) AS stories,
       (SELECT count(*)::int FROM instances.user_story_narrations WHERE status <> $1) AS renders,
       (SELECT count(*)::int FROM platform.user_usage) AS usage`,
    [NarrationStatus.Draft],
  );
  const renders = seedNarrations.filter(({ isRendered }) => isRendered).length;
  expect(made).toEqual({ stories: seedStories.length, renders, usage: 0 });
});

test("Ada has a narration that Ben's story has left behind", async () => {
  await seedDemo(app.services, () => undefined);

  const [outdated] = await app.superuser(
    `SELECT n.title, (SELECT count(*)::int FROM instances.user_narration_segments s
       WHERE s.user_id = n.user_id AND s.narration_id = n.id AND s.is_edited) AS edits
     FROM instances.user_story_narrations n
     JOIN reference.stories s ON s.id = n.reference_story_id
     JOIN reference.story_analyses a ON a.id = n.analysis_id
     WHERE a.content_hash <> s.content_hash`,
  );
  expect(outdated).toEqual({ title: "Heard from the masthead", edits: 2 });
});
