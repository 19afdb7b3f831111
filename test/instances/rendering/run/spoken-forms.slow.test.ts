import { createHash } from "node:crypto";
import { type NarrationEntity, NarrationStatus, ownerOf } from "../../../../src/instances/index.js";
import type { PlannedSegment } from "../../../../src/instances/rendering/plan/plan.js";
import type { TimingsDocument } from "../../../../src/audio/files/timings.js";
import { recipeKeyOf } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { edited } from "../narrated.js";
import { Studio } from "../studio.js";

const TEXT = "Capt. Vane rang the bell.\n\n“Who is there?” asked Lt. Hale.\n\nThe wind rose.";
const FORMS = ["Captain Vane rang the bell.", "asked Lieutenant Hale."];

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

const narrationOf = async (text: string): Promise<NarrationEntity> => {
  const story = await app.given.story({ text, analyse: true });
  return app.given.narration({ owner: "ada", story });
};

const ADA = ownerOf("ada");
const planOf = (narration: NarrationEntity) =>
  app.database.read({ viewer: "ada" }, (tx) => studio.rendering.plan(tx, ADA, narration));

/** Returns the key of the recipe that says a line as it is written. */
const rawKeyOf = ({ recipe, line }: PlannedSegment): string =>
  recipeKeyOf({ ...recipe, request: { ...recipe.request, text: line.text.trimEnd() } });

/** Makes a rendered narration look as a version without spoken forms left it. */
async function asRenderedBefore(narration: NarrationEntity): Promise<NarrationEntity> {
  const { title, chapters, segments } = await planOf(narration);
  const hash = createHash("sha256").update(JSON.stringify([title, chapters]));
  for (const segment of segments) {
    const key = rawKeyOf(segment);
    hash.update(JSON.stringify([key, segment.prosody.gain, segment.pauseAfterMs, segment.speaker]));
    await app.superuser(
      `INSERT INTO reference.renditions (recipe_key, blob_key, duration_ms, words, size_bytes)
       SELECT $2, r.blob_key, r.duration_ms, r.words, r.size_bytes FROM reference.renditions r
       WHERE r.recipe_key = $1 ON CONFLICT DO NOTHING`,
      [segment.recipeKey, key],
    );
    await app.superuser(
      `UPDATE instances.user_narration_segments SET recipe_key = $2, spoken_edits = NULL
       WHERE narration_id = $3 AND position = $1`,
      [segment.line.position, key, narration.id],
    );
  }
  await app.superuser(
    "UPDATE instances.user_story_narrations SET rendered_script_hash = $1 WHERE id = $2",
    [hash.digest("hex"), narration.id],
  );
  await app.superuser("DELETE FROM reference.renditions WHERE recipe_key <> ALL ($1)", [
    segments.map(rawKeyOf),
  ]);
  return app.given.reread(narration);
}

test("a voice gets the spoken form of each line", async () => {
  await studio.render(await narrationOf(TEXT));

  expect(studio.newlySaid()).toEqual([FORMS[0], "“Who is there?”", FORMS[1], "The wind rose."]);
});

test("a narration that was rendered before there were spoken forms stays as it is", async () => {
  const narration = await asRenderedBefore(await studio.render(await narrationOf(TEXT)));
  studio.newlySaid();
  const orders = studio.orders.length;

  const requested = await studio.rendering.request(ADA, narration);
  const isCurrent = await app.database.read({ viewer: "ada" }, (tx) =>
    studio.rendering.soundMatchesScript(tx, ADA, narration),
  );
  const estimate = await studio.rendering.estimate(ADA, narration.id);

  expect(requested).toEqual(narration);
  expect(requested.status).toBe(NarrationStatus.Ready);
  expect(isCurrent).toBe(true);
  expect(estimate.segmentsToRender).toBe(0);
  expect(studio.orders).toHaveLength(orders);
});

test("after the edit of one line, only this line is said again, in its spoken form", async () => {
  const narration = await asRenderedBefore(await studio.render(await narrationOf(TEXT)));
  studio.newlySaid();

  await edited(app, narration, { index: 2, text: "asked Lt. Hale softly." });
  const estimate = await studio.rendering.estimate(ADA, narration.id);
  const again = await studio.render(narration);

  expect(estimate.segmentsToRender).toBe(1);
  expect(again.status).toBe(NarrationStatus.Ready);
  expect(studio.newlySaid()).toEqual(["asked Lieutenant Hale softly."]);
});

test("a narration of an earlier render keeps its form until another part of the recipe changes", async () => {
  const narration = await asRenderedBefore(await studio.render(await narrationOf(TEXT)));
  studio.newlySaid();

  await app.services.narrations.update(ADA, narration, { voiceModifications: { rate: 1.1 } });
  await studio.render(narration);

  expect(studio.newlySaid()).toEqual(expect.arrayContaining(FORMS));
});

test("two texts with one spoken form share a rendition, and each has its own words", async () => {
  await studio.close();
  studio = await Studio.open(app, { joins: true });
  const short = await studio.render(await narrationOf("Capt. Vane rang."));
  const [heard] = studio.newlySaid();

  const long = await studio.render(await narrationOf("Captain Vane rang."));

  expect(heard).toBe("Captain Vane rang.");
  expect(studio.newlySaid()).toEqual([]);
  const words = async ({ audio }: NarrationEntity) =>
    (JSON.parse(await studio.text(audio?.timings ?? "")) as TimingsDocument).segments
      .flatMap((segment) => segment.words)
      .map(({ text }) => text.replace(/\.$/, ""));
  expect(await words(short)).toEqual(["Capt", "Vane", "rang"]);
  expect(await words(long)).toEqual(["Captain", "Vane", "rang"]);
});

test("apparatus is in neither the sound nor the captions, and a line of apparatus is silent", async () => {
  await studio.close();
  studio = await Studio.open(app, { joins: true });
  const narration = await narrationOf("The gar\u00ADden slept.\n\nThe wind rose.");
  await edited(app, narration, { index: 1, text: "—\u00AD—" });

  const rendered = await studio.render(narration);

  expect(studio.newlySaid()).toEqual(["The garden slept."]);
  const captions = await studio.text(rendered.audio?.captions ?? "");
  expect(captions.replaceAll(/<[^>]*>/g, "")).toContain("The garden slept.");
  expect(captions).not.toMatch(/[—\u00AD]/);
  const [silent] = await app.superuser(
    `SELECT r.degraded, r.words FROM instances.user_renditions r
     JOIN instances.user_narration_segments g USING (user_id, recipe_key) WHERE g.position = 1`,
  );
  expect(silent).toEqual({ degraded: [], words: [] });
});

test("an edition keeps the form in which its voice said a line", async () => {
  const narration = await studio.render(await narrationOf(TEXT));

  await app.services.publishing.publish(ADA, narration, "public");

  const rows = await app.superuser<{ audio: { spokenEdits?: object[] } }>(
    "SELECT audio FROM reference.published_narration_segments ORDER BY position",
  );
  expect(rows.map(({ audio }) => audio.spokenEdits?.length ?? 0)).toEqual([1, 0, 1, 0]);
});
