import { once } from "node:events";
import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import type { StoryEntity } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate } from "../../../support/blocked.js";
import { Studio } from "../studio.js";

let app: TestApp;
let studio: Studio;
let story: StoryEntity;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app, { concurrency: 2 });
  story = await app.given.story({ text: "The bell rang.\n\n“Come!” cried Lena.", analyse: true });
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

const keysIn = async (table: string): Promise<string[]> =>
  (await app.superuser<{ key: string }>(`SELECT blob_key AS key FROM ${table}`)).map(
    ({ key }) => key,
  );
const shared = () => keysIn("reference.renditions");
const owned = () => keysIn("instances.user_renditions");

const editFirst = (narration: NarrationEntity, text: string): Promise<NarrationEntity> =>
  app.services.narrations.updateSegments(ownerOf(narration.userId), narration, [
    { index: 0, text },
  ]);

test("the story's own text in a catalogue voice has shared renditions", async () => {
  const narration = await app.given.narration({ owner: "ada", story });

  await studio.render(narration);

  const keys = await shared();
  expect(keys).toHaveLength(narration.segmentCount);
  for (const key of keys) expect(key).toMatch(/^shared\/[0-9a-f]{64}$/);
  expect(await owned()).toEqual([]);
});

test("an owner's own words are stored under the owner's public id", async () => {
  const { publicId } = await app.given.user("ada");
  const narration = await app.given.narration({ owner: "ada", story });

  await editFirst(narration, "Only Ada knows this.");
  const rendered = await studio.render(narration);

  const [key, ...more] = await owned();
  expect(key).toMatch(new RegExp(`^owned/${publicId}/[0-9a-f]{64}$`));
  expect(more).toEqual([]);
  expect(await shared()).toHaveLength(narration.segmentCount - 1);
  expect(JSON.stringify([rendered.audio, await shared()])).not.toContain("ada");
});

test("a rendition with a changed pronunciation belongs to the owner", async () => {
  const narration = await app.given.narration({
    owner: "ada",
    story,
    voiceModifications: { lexicon: [{ word: "bell", saidAs: "ball" }] },
  });

  await studio.render(narration);

  expect(await owned()).toHaveLength(1);
});

test("a second person's narration of the story in the same voice reuses all renditions", async () => {
  await studio.render(await app.given.narration({ owner: "ada", story }));
  const bens = await app.given.narration({ owner: "ben", story });
  studio.newlySaid();

  const rendered = await studio.render(bens);

  expect(studio.newlySaid()).toEqual([]);
  expect(rendered.status).toBe("ready");
});

test("equal edits by two people are spoken twice, because reuse would reveal the other person's edit", async () => {
  const adas = await app.given.narration({ owner: "ada", story });
  const bens = await app.given.narration({ owner: "ben", story });
  await editFirst(adas, "The same secret.");
  await editFirst(bens, "The same secret.");
  await studio.render(adas);
  studio.newlySaid();

  const estimate = await studio.rendering.estimate(ownerOf("ben"), bens.id);
  await studio.render(bens);

  expect(estimate.segmentsToRender).toBe(1);
  expect(studio.newlySaid()).toEqual(["The same secret."]);
});

test("equal edits by two people at the same time in one process are each spoken for their owner", async () => {
  const orders = [];
  for (const owner of ["ada", "ben"]) {
    const narration = await app.given.narration({ owner, story });
    orders.push(await studio.request(await editFirst(narration, "The same secret.")));
  }
  const bothWait = gate();
  let waiting = 0;
  studio.beforeSpeaking = async ({ text }) => {
    if (text !== "The same secret.") return;
    waiting += 1;
    if (waiting === 2) bothWait.open();
    await bothWait.opened;
  };

  await Promise.all(orders.map((order) => studio.renders.run(order)));

  const owners = await app.superuser<{ owner: string }>(
    "SELECT user_id AS owner FROM instances.user_renditions ORDER BY user_id",
  );
  expect(owners).toEqual([{ owner: "ada" }, { owner: "ben" }]);
  expect(new Set(await owned()).size).toBe(2);
});

test("two renders of the same text at the same time in one process speak each segment once", async () => {
  const adas = await app.given.narration({ owner: "ada", story });
  const bens = await app.given.narration({ owner: "ben", story });

  const orders = [await studio.request(adas), await studio.request(bens)];

  await Promise.all(orders.map((order) => studio.renders.run(order)));

  const rendered = [await app.given.reread(adas), await app.given.reread(bens)];
  expect(rendered.map(({ status }) => status)).toEqual(["ready", "ready"]);
  expect(studio.newlySaid()).toHaveLength(adas.segmentCount);
});

test("when a render is cancelled, a render that waits for its segment speaks the segment", async () => {
  const adas = await app.given.narration({ owner: "ada", story });
  const bens = await app.given.narration({ owner: "ben", story });
  const orders = { ada: await studio.request(adas), ben: await studio.request(bens) };
  const adaSpeaks = gate();
  studio.beforeSpeaking = async (_request, signal) => {
    studio.beforeSpeaking = () => undefined;
    adaSpeaks.open();
    await once(signal, "abort");
    signal.throwIfAborted();
  };

  const ada = studio.renders.run(orders.ada);
  await adaSpeaks.opened;
  const ben = studio.renders.run(orders.ben);
  while ((await app.given.reread(bens)).status !== "rendering");
  await studio.rendering.cancel(ownerOf(adas.userId), adas.id);
  await Promise.all([ada, ben]);

  expect((await app.given.reread(adas)).status).toBe("cancelled");
  expect((await app.given.reread(bens)).status).toBe("ready");
  expect(studio.newlySaid()).toHaveLength(bens.segmentCount);
});

test("two processes that render the same text at the same time store one rendition a segment", async () => {
  const adas = await app.given.narration({ owner: "ada", story });
  const bens = await app.given.narration({ owner: "ben", story });

  const rendered = await Promise.all([studio.render(adas), studio.restarted().render(bens)]);

  expect(rendered.map(({ status }) => status)).toEqual(["ready", "ready"]);
  expect(await shared()).toHaveLength(adas.segmentCount);
});
