import { type TestApp, testApp } from "./app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ worker: true });
});
afterEach(() => app.clean());
afterAll(() => app.close());

test("a story is published, analysed by the inline worker and narrated", async () => {
  const story = await app.given.story({ author: "ada", publish: true });

  const narration = await app.given.narration({ owner: "ben", story });
  await app.analysed(story);

  const script = await app.given.script(narration);
  expect(script.length).toBeGreaterThan(5);
});

test("clean deletes all rows of a test", async () => {
  await app.given.narration({ owner: "ada", publish: "public" });
  await app.given.voiceSample({ owner: "ada" });

  await app.clean();

  const [left] = await app.superuser(
    `SELECT (SELECT count(*)::int FROM reference.stories) AS stories,
       (SELECT count(*)::int FROM platform.users) AS users,
       (SELECT count(*)::int FROM instances.user_voice_samples) AS samples,
       (SELECT count(*)::int FROM reference.published_narrations) AS editions,
       (SELECT count(*)::int FROM jobs.job) AS jobs,
       (SELECT count(*)::int FROM reference.voice_modulation_templates) AS templates`,
  );

  expect(left).toEqual({ stories: 0, users: 0, samples: 0, editions: 0, jobs: 0, templates: 13 });
});
