import { type TestApp, testApp } from "../../../support/app.js";
import { narrated, textsOf } from "../narrated.js";
import { Studio } from "../studio.js";

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app);
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

const deactivate = () =>
  app.superuser("UPDATE platform.users SET is_active = false WHERE id = 'ada'");

/** What the queue does with an error that no retry helps. */
async function runOrGiveUp(order: Parameters<Studio["renders"]["run"]>[0]): Promise<string> {
  return studio.renders.run(order).catch((error: unknown) => {
    const { message } = error as Error;
    return studio.renders.giveUp(order, { message, errorId: "e-1" });
  });
}

const statusOf = async () =>
  (
    await app.superuser(
      "SELECT status, failure ->> 'message' AS reason FROM instances.user_story_narrations",
    )
  )[0];
const BARRED = { status: "failed", reason: expect.stringContaining("account is deactivated") };

test("a queued render of a deactivated user ends and speaks nothing", async () => {
  const order = await studio.request(await narrated(app));
  await deactivate();

  await runOrGiveUp(order);

  expect(studio.said).toEqual([]);
  expect(await statusOf()).toEqual(BARRED);
  expect(await app.superuser("SELECT FROM platform.renders_under_way")).toEqual([]);
});

test("a running render stops soon after its owner is deactivated", async () => {
  const narration = await narrated(app);
  const texts = await textsOf(app, narration);
  const order = await studio.request(narration);
  studio.beforeSpeaking = async ({ text }) => {
    if (text === texts[1]) await deactivate();
  };

  await runOrGiveUp(order);
  for (const next of studio.orders.filter((each) => each.attempt > 1)) await runOrGiveUp(next);

  expect(texts.length).toBeGreaterThan(4);
  // The run can notice while the second segment is still spoken.
  expect(studio.said.length).toBeLessThanOrEqual(2);
  expect(await statusOf()).toEqual(BARRED);
});

test("a lost render of a deactivated user does not stop the search for others", async () => {
  for (const owner of ["ada", "ben"]) {
    const { id } = await narrated(app, owner);
    await app.superuser(
      "INSERT INTO instances.user_narration_renders (user_id, narration_id, attempt, total, started_at) VALUES ($1, $2, 1, 1, now())",
      [owner, id],
    );
    await app.superuser("INSERT INTO platform.renders_under_way VALUES ($1, $2, 1)", [owner, id]);
  }
  await deactivate();

  const { renders } = await app.requeueLost();

  expect(renders).toBe(2);
});
