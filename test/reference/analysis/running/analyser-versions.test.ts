import { type StoryEntity, analysisStore } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { BRIDGE, ORCHARD } from "../../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** Makes all analyses look as version 1 of the analyser left them. */
const asVersion1 = async (): Promise<void> => {
  await app.superuser("UPDATE reference.story_analyses SET analyzer_version = '1.0.0', rank = 10");
  await app.superuser("UPDATE reference.story_segments SET break_after = NULL");
  await app.superuser("DELETE FROM reference.story_apparatus");
};

const versions = () =>
  app.superuser<{ id: number; version: string; status: string }>(
    "SELECT id, analyzer_version AS version, status FROM reference.story_analyses ORDER BY id",
  );

const currentOf = async ({ contentHash, language }: StoryEntity) => {
  const [current] = await app.database.read({ viewer: null }, (tx) =>
    analysisStore.currentByText(tx, [{ contentHash: contentHash ?? "", language }]),
  );
  return { status: current?.status, version: current?.ready?.analyzerVersion };
};

test("a story that an earlier version analysed is narrated at once, without a new analysis", async () => {
  const story = await app.given.story({ analyse: true });
  await asVersion1();

  const narration = await app.given.narration({ owner: "ada", story });

  const [analysis] = await versions();
  expect(narration).toMatchObject({ analysisId: analysis?.id });
  expect(narration.segmentCount).toBeGreaterThan(0);
  expect(await versions()).toMatchObject([{ version: "1.0.0", status: "ready" }]);
  expect(await app.superuser("SELECT FROM platform.pending_scripts")).toEqual([]);
});

test("publishing a text that an earlier version analysed asks for the analysis of this version", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await asVersion1();

  const again = await app.given.story({ author: "ben", publish: true });

  expect(await versions()).toMatchObject([
    { version: "1.0.0", status: "ready" },
    { version: "2.0.0", status: "pending" },
  ]);
  expect(await currentOf(again)).toEqual({ status: "ready", version: "1.0.0" });
  expect(await app.given.narration({ owner: "eve", story })).toMatchObject({
    analysisId: (await versions())[0]?.id,
  });
});

test("an update of a story asks for the analysis of this version", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await asVersion1();

  await app.services.stories.update("ada", story, { title: "The Low River" });

  expect(await versions()).toMatchObject([{ version: "1.0.0" }, { version: "2.0.0" }]);
});

test("of two ready analyses the newer version is current, whichever was made last", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await asVersion1();
  await app.services.stories.publish("ada", story);
  await app.analyse(story);
  const current = await currentOf(story);
  // A server of an earlier version can still run, and analyse last.
  await app.superuser(
    `INSERT INTO reference.story_analyses
       (content_hash, language, analyzer_id, analyzer_version, schema_version, status, rank)
     SELECT content_hash, language, analyzer_id, '1.0.1', schema_version, status, rank
     FROM reference.story_analyses WHERE analyzer_version = '1.0.0'`,
  );

  expect(current).toEqual({ status: "ready", version: "2.0.0" });
  expect(await currentOf(story)).toEqual(current);
});

test("a new analysis changes no narration of the earlier analysis", async () => {
  const story = await app.given.story({ author: "ada", analyse: true });
  await asVersion1();
  const narration = await app.given.narration({ owner: "eve", story });
  const script = await app.given.script(narration);
  await app.services.stories.publish("ada", story);

  await app.analyse(story);

  expect(await app.given.reread(narration)).toEqual(narration);
  expect(await app.given.script(narration)).toEqual(script);
  expect(await app.given.narration({ owner: "eve", story })).toMatchObject({
    analysisId: (await versions())[1]?.id,
  });
});

test("an analysis that an earlier version left unfinished is made by this version", async () => {
  const story = await app.given.story({ author: "ada", text: ORCHARD, publish: true });
  const waiting = await app.given.narration({ owner: "eve", story });
  await asVersion1();
  const [left] = await versions();

  await app.analyses.run(left?.id ?? 0);
  await app.analyse(story);

  expect(await versions()).toMatchObject([
    { version: "1.0.0", status: "failed" },
    { version: "2.0.0", status: "ready" },
  ]);
  expect(await app.given.reread(waiting)).toMatchObject({ analysisId: (await versions())[1]?.id });
});

test("an unfinished analysis of an earlier version that lost its job is queued again", async () => {
  await app.given.story({ text: BRIDGE, publish: true });
  await asVersion1();
  await app.superuser("DELETE FROM jobs.job");

  expect(await app.requeueLost()).toMatchObject({ analyses: 1 });
});

test("an analysis of a later version is left to a server of this version", async () => {
  await app.given.story({ publish: true });
  await app.superuser("UPDATE reference.story_analyses SET analyzer_version = '3.0.0', rank = 12");
  const [later] = await versions();

  await expect(app.analyses.run(later?.id ?? 0)).rejects.toMatchObject({ retryable: true });

  expect(await versions()).toMatchObject([{ version: "3.0.0", status: "pending" }]);
});
