import { ownerOf } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { holdRow, untilBlocked } from "../../../support/blocked.js";
import { underWayStore } from "../../../../src/instances/rendering/under-way.store.js";
import { narrated } from "../narrated.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const jobs = () =>
  app.superuser<{ data: object }>(
    "SELECT data, group_id, priority > 0 AS is_short FROM jobs.job WHERE name = 'render-narration'",
  );

test("renders of two owners that lost their jobs are queued again, once each", async () => {
  for (const owner of ["ada", "ben"]) {
    const narration = await narrated(app, owner);
    await app.services.rendering.request(ownerOf(owner), narration);
  }
  const before = await jobs();
  await app.superuser("DELETE FROM jobs.job");
  const held = await holdRow(
    app.testDatabase,
    "SELECT FROM instances.user_story_narrations FOR UPDATE",
  );

  // Both workers have found the lost renders when they wait for the lock.
  const requeued = [app.requeueLost(), app.requeueLost()];
  await untilBlocked(app.testDatabase, 2);
  await held.release();
  const lost = await Promise.all(requeued);

  const byText = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(before).toHaveLength(2);
  expect(lost.reduce((sum, { renders }) => sum + renders, 0)).toBe(2);
  expect(byText(await jobs())).toEqual(byText(before));
});

test("a cancelled render is not queued again", async () => {
  const narration = await narrated(app);
  const queued = await app.services.rendering.request(ownerOf("ada"), narration);
  await app.services.rendering.cancel(ownerOf("ada"), queued.id);
  await app.superuser("DELETE FROM jobs.job");

  await app.requeueLost();

  expect(await jobs()).toEqual([]);
});

test("a deleted narration leaves the list of renders under way", async () => {
  const narration = await narrated(app);
  const queued = await app.services.rendering.request(ownerOf("ada"), narration);
  await app.services.narrations.delete(ownerOf("ada"), queued);
  await app.superuser("DELETE FROM jobs.job");

  await app.requeueLost();

  expect(await jobs()).toEqual([]);
  expect(await app.superuser("SELECT * FROM platform.renders_under_way")).toEqual([]);
});

test("a user cannot add a render to the list for another user", async () => {
  const adding = app.database.write("ben", (tx) =>
    underWayStore.add(tx, ownerOf("ada"), { narrationId: "1", attempt: 1 }),
  );

  await expect(adding).rejects.toThrow("row-level security");
});
