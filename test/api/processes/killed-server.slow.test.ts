import { signed, subjectOf, tokenFor } from "../../support/api.js";
import { type TestApp, testApp } from "../../support/app.js";
import { barrierAt } from "../../support/barrier.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { BRIDGE } from "../../support/texts.js";
import { CREATE_NARRATION, CREATE_STORY, PROGRESS, PUBLISH_STORY } from "../harness/documents.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";

const ada = (url: string) =>
  new GraphqlClient({ url, authorization: () => signed(tokenFor("ada")) });

/** Selects everything that publishing and narrating store, without ids, times and hashes of ids. */
const STATE = `SELECT jsonb_build_object(
  'stories', (SELECT jsonb_agg(jsonb_build_array(title, slug LIKE 'the-kill%', visibility, version) ORDER BY id) FROM reference.stories),
  'analyses', (SELECT jsonb_agg(jsonb_build_array(status, summary, mood, characters, segment_count, failure)) FROM reference.story_analyses),
  'segments', (SELECT jsonb_agg(to_jsonb(s) - 'analysis_id' ORDER BY position) FROM reference.story_segments s),
  'templates', (SELECT jsonb_agg(jsonb_build_array(modulation_type, modulation_key, sample_text, source_analysis_id IS NULL)
    ORDER BY modulation_type, modulation_key) FROM reference.voice_modulation_templates),
  'occurrences', (SELECT jsonb_agg(jsonb_build_array(t.modulation_key, o.occurrences, o.strength, o.example_position)
    ORDER BY t.modulation_type, t.modulation_key)
    FROM reference.story_modulation_occurrences o JOIN reference.voice_modulation_templates t ON t.id = o.template_id),
  'narrations', (SELECT jsonb_agg(jsonb_build_array(title, voice_cast, segment_count, script_hash IS NULL)) FROM instances.user_story_narrations),
  'script', (SELECT jsonb_agg(to_jsonb(g) - 'narration_id' ORDER BY position) FROM instances.user_narration_segments g),
  'waiting', (SELECT count(*) FROM platform.pending_scripts)) AS state`;

const stateOf = async ({ superuser }: Pick<TestDatabase, "superuser">): Promise<unknown> =>
  (await superuser<{ state: unknown }>(STATE))[0]?.state;

/** The state that every interrupted run must reach. */
let uninterrupted: unknown;
beforeAll(async () => {
  const app = await testApp();
  const story = await storyAndNarration(app);
  await app.analyse(story);
  uninterrupted = await stateOf(app);
  await app.close();
});

afterAll(endProcesses);

async function storyAndNarration({ given }: TestApp) {
  const author = subjectOf("ada");
  const story = await given.story({ author, title: "The Kill", text: BRIDGE, publish: true });
  await given.narration({ owner: author, story, title: "Mine" });
  return story;
}

async function draft(client: GraphqlClient): Promise<{ id: string; version: number }> {
  const input = { title: "The Kill", content: BRIDGE };
  const answer = await client.query(CREATE_STORY, { input });
  return {
    id: answer.text("createStory.story.id"),
    version: answer.number("createStory.story.version"),
  };
}

async function publishAndNarrate(client: GraphqlClient): Promise<string> {
  const input = await draft(client);
  await client.query(PUBLISH_STORY, { input });
  await client.query(CREATE_NARRATION, { input: { storyId: input.id, title: "Mine" } });
  return input.id;
}

/** Starts a server, lets `interrupted` kill the server at a certain point, and starts the server again. */
async function killedAt(
  interrupted: (
    database: TestDatabase,
    client: GraphqlClient,
    kill: () => Promise<void>,
  ) => Promise<string>,
  afterwards: (client: GraphqlClient, storyId: string) => Promise<unknown> = () =>
    Promise.resolve(),
): Promise<unknown> {
  const database = await cloneDatabase();
  const first = await fabulaProcess("main", database);
  const storyId = await interrupted(database, ada(first.url), first.kill);
  const second = await fabulaProcess("main", database);
  await afterwards(ada(second.url), storyId);
  const events = await ada(second.url).follow(PROGRESS, { storyId });
  expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
  await second.stop();
  const state = await stateOf(database);
  await database.drop();
  return state;
}

const afterPublish = () =>
  killedAt(async (_database, client, kill) => {
    const storyId = await publishAndNarrate(client);
    await kill();
    return storyId;
  });

const whileStoring = (table: string) =>
  killedAt(async (database, client, kill) => {
    const barrier = await barrierAt(database, table);
    const storyId = await publishAndNarrate(client);
    await barrier.reached();
    await kill();
    await barrier.open();
    return storyId;
  });

const whilePublishing = () =>
  killedAt(
    async (database, client, kill) => {
      const input = await draft(client);
      const barrier = await barrierAt(database, "reference.story_analyses");
      const answer = client.query(PUBLISH_STORY, { input }).catch(() => "cut off");
      await barrier.reached();
      await kill();
      expect(await answer).toBe("cut off");
      await barrier.open();
      return input.id;
    },
    // The server stored nothing and the author got no answer, so the author publishes again.
    async (client, id) => {
      const again = await client.query(PUBLISH_STORY, { input: { id, version: 1 } });
      expect(again.at("publishStory.userErrors")).toEqual([]);
      await client.query(CREATE_NARRATION, { input: { storyId: id, title: "Mine" } });
    },
  );

test("a killed server reaches the same state after a restart", async () => {
  // Run all cases at the same time, because each case mostly waits until the queue notices that the
  // dead server sends no heartbeat.
  const states = await Promise.all([
    afterPublish(),
    whileStoring("reference.story_segments"),
    whileStoring("instances.user_narration_segments"),
    whilePublishing(),
  ]);

  for (const state of states) expect(state).toEqual(uninterrupted);
});
