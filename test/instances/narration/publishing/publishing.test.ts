import {
  type NarrationEntity,
  ownerOf,
  shareTokenHashOf,
} from "../../../../src/instances/index.js";
import { editionStore } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { ORCHARD } from "../../../support/texts.js";

const ada = ownerOf("ada");

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const service = () => app.services.narrations;

/**
 * Returns the edition and the texts of a narration that Ben can read. Returns null if Ben cannot read an
 * edition.
 */
async function asBen({ id }: NarrationEntity, link?: string | null) {
  const hashes = link ? [shareTokenHashOf(link)] : [];
  return app.database.read({ viewer: "ben", shareTokenHashes: hashes }, async (tx) => {
    const [found] = await editionStore.publicByNarrationIds(tx, [id]);
    const edition = found ?? (await editionStore.byShareTokenHashes(tx, hashes))[0] ?? null;
    if (!edition) return null;
    const pages = await editionStore.segmentPages(tx, [id], { page: { limit: 100 } });
    return { ...edition.header, edition, words: pages.get(id)?.nodes.map(({ text }) => text) };
  });
}

test("publishing shows others an edition with the current script and cast", async () => {
  const narration = await app.given.narration({ owner: "ada", title: "Mine" });

  const published = await app.services.publishing.publish(ada, narration, "public");

  const script = await app.given.script(narration);
  expect(published).toMatchObject({ visibility: "public", edition: 1, shareToken: null });
  expect(await asBen(narration)).toMatchObject({
    title: "Mine",
    narratorVoiceName: "Sally",
    voiceCast: narration.voiceCast,
    edition: { edition: 1, segmentCount: script.length, visibility: "public" },
    words: script.map(({ text }) => text),
  });
});

test("others see later changes only after the narration is published again", async () => {
  const published = await app.given.narration({ owner: "ada", title: "One", publish: "public" });
  const before = await asBen(published);

  const edited = await service().updateSegments(ada, published, [{ index: 0, text: "New words." }]);
  const renamed = await service().update(ada, edited, { title: "Two", narratorVoice: "flite:rms" });
  const meanwhile = await asBen(published);
  await app.services.publishing.publish(ada, renamed, "public");

  expect(meanwhile).toEqual(before);
  const after = await asBen(published);
  expect(after).toMatchObject({
    title: "Two",
    narratorVoiceName: "Robert",
    edition: { edition: 2 },
  });
  expect(after?.words?.[0]).toBe("New words.");
  expect(after?.words?.slice(1)).toEqual(before?.words?.slice(1));
});

test("a new text of the story does not change the edition", async () => {
  const story = await app.given.story({ author: "cleo", analyse: true });
  const published = await app.given.narration({ owner: "ada", story, publish: "public" });
  const before = await asBen(published);

  const changed = await app.services.stories.update("cleo", story, { content: ORCHARD });
  await app.analyse(changed);

  expect(await asBen(published)).toEqual(before);
});

test("unpublishing hides the narration, and publishing again increments the edition number", async () => {
  const published = await app.given.narration({ owner: "ada", publish: "public" });

  const taken = await app.services.publishing.unpublish(ada, published);
  const unseen = await asBen(published);
  const again = await app.services.publishing.publish(ada, taken, "public");

  expect(taken).toMatchObject({ visibility: "private", publishedAt: null, shareToken: null });
  expect(unseen).toBeNull();
  expect(again.edition).toBe(2);
});

test("an unlisted narration can be read only with its link", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "unlisted" });

  expect(await asBen(narration)).toBeNull();
  expect(await asBen(narration, "guessed")).toBeNull();
  expect(await asBen(narration, narration.shareToken)).toMatchObject({
    edition: { visibility: "unlisted" },
  });
});

test("publishing as unlisted again keeps the link, and publishing as public removes it", async () => {
  const first = await app.given.narration({ owner: "ada", publish: "unlisted" });

  const second = await app.services.publishing.publish(ada, first, "unlisted");
  const open = await app.services.publishing.publish(ada, second, "public");
  const third = await app.services.publishing.publish(ada, open, "unlisted");

  expect(second.shareToken).toBe(first.shareToken);
  expect(open.shareToken).toBeNull();
  expect(third.shareToken).not.toBe(first.shareToken);
  expect(await asBen(first, first.shareToken)).toBeNull();
});

test("the link opens nothing after unpublishing", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "unlisted" });

  await app.services.publishing.unpublish(ada, narration);

  expect(await asBen(narration, narration.shareToken)).toBeNull();
});

test("deleting removes the narration, its script and its edition", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });

  await service().delete(ada, narration);

  const [left] = await app.superuser(
    `SELECT (SELECT count(*)::int FROM instances.user_story_narrations) AS narrations,
       (SELECT count(*)::int FROM instances.user_narration_segments) AS segments,
       (SELECT count(*)::int FROM reference.published_narrations) AS editions,
       (SELECT count(*)::int FROM reference.published_narration_segments) AS words`,
  );
  expect(left).toEqual({ narrations: 0, segments: 0, editions: 0, words: 0 });
  await expect(service().delete(ada, narration)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("publishing without a script is a conflict", async () => {
  const story = await app.given.story({ publish: true });
  const narration = await app.given.narration({ owner: "ada", story });

  await expect(app.services.publishing.publish(ada, narration, "public")).rejects.toMatchObject({
    code: "CONFLICT",
    message: "This narration has no script yet; publish it when its story's analysis is ready.",
    current: { id: narration.id },
  });
});

test("publishing twice at the same time makes one edition", async () => {
  const narration = await app.given.narration({ owner: "ada" });

  const results = await Promise.allSettled([
    app.services.publishing.publish(ada, narration, "public"),
    app.services.publishing.publish(ada, narration, "unlisted"),
  ]);

  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await app.superuser("SELECT edition FROM reference.published_narrations")).toEqual([
    { edition: 1 },
  ]);
});
