import { NarrationStatus } from "../../src/instances/index.js";
import { seedDemo, seedNarrations } from "../../src/seed/seed.js";
import { seedStories } from "../../src/seed/stories.js";
import { type TestApp, testApp } from "../support/app.js";

let app: TestApp;
beforeAll(async () => {
  const nothing = { storiesPerDay: 0, storyBytesPerDay: 0, rendersUnderWay: 0 };
  app = await testApp({ worker: true, quotas: { ...nothing, paidCharactersPerDay: 0 } });
});
afterAll(() => app.close());

test("the demo data has no quota and uses none of it", async () => {
  await seedDemo(app.services, () => undefined);

  const [made] = await app.superuser(
    `SELECT (SELECT count(*)::int FROM reference.stories) AS stories,
       (SELECT count(*)::int FROM instances.user_story_narrations WHERE status <> $1) AS renders,
       (SELECT count(*)::int FROM platform.user_usage) AS usage`,
    [NarrationStatus.Draft],
  );
  const renders = seedNarrations.filter(({ isRendered }) => isRendered).length;
  expect(made).toEqual({ stories: seedStories.length, renders, usage: 0 });
});
