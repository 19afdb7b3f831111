import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import {
  meterClient,
  newSqlMeter,
} from "../../../src/platform/database/connection/metered-client.js";
import { type TestApp, testApp } from "../../support/app.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

async function count<T>(write: () => Promise<T>): Promise<{ made: T; statements: number }> {
  const meter = newSqlMeter();
  const made = await meterClient(meter, null, write);
  return { made, statements: meter.statements.length };
}

/** Counts the statements of each mutation in the life of a narration with this many segments. */
async function countLife(segments: number) {
  const text = Array.from({ length: segments }, (_, n) => `She counted to ${n}.`).join("\n\n");
  const story = await app.given.story({ text, analyse: true });
  await app.given.user("ada");
  const { narrations, publishing } = app.services;
  const created = await count(() => narrations.create(ada, { storyId: story.id }));
  const renamed = await count(() => narrations.update(ada, created.made, { title: "Mine" }));
  const edits = [{ index: 0, text: "Zero." }];
  const edited = await count(() => narrations.updateSegments(ada, renamed.made, edits));
  const published = await count(() => publishing.publish(ada, edited.made, "public"));
  const same = await count(() => publishing.publish(ada, published.made, "public"));
  const changed = await narrations.update(ada, same.made, { title: "Ours" });
  const again = await count(() => publishing.publish(ada, changed, "public"));
  const removed = await count(() => publishing.unpublish(ada, again.made));
  const deleted = await count<NarrationEntity>(() => narrations.delete(ada, removed.made));
  const all = { created, renamed, edited, published, same, again, removed, deleted };
  return Object.fromEntries(
    Object.entries(all).map(([name, { statements }]) => [name, statements]),
  );
}

test("a mutation sends as many statements for a long script as for a short one", async () => {
  const short = await countLife(2);
  const long = await countLife(300);

  expect(long).toEqual(short);
  expect(short).toEqual({
    // The locks of the story and of its text, the story, its analysis, the narration and the script.
    created: 6,
    // The narration: locked, then changed.
    renamed: 2,
    // The same, and the segments.
    edited: 3,
    // The consent (twice, because there is none), the narration (twice), old sound (twice), the voices of
    // the script, the analysis, the old edition, the edition and its script.
    published: 11,
    // Of these, only those that read; the edition and its script are compared.
    same: 9,
    // The present edition is read, too.
    again: 12,
    // The narration (twice), the edition and the sweep of its sound.
    removed: 4,
    // The user, the narration (twice), its edition, its place on the waiting list, old sound and the sweep.
    deleted: 7,
  });
});
