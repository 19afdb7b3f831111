import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isObjectType } from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { WorkerPool } from "../../../src/platform/threads/worker-pool.js";
import { VoiceAge, VoiceGender } from "../../../src/providers/speech/speech.port.js";
import {
  type SpeechServer,
  startSpeechServer,
} from "../../providers/speech/openai/speech-server.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import type { Answer } from "../harness/answer.js";
import { PROGRESS } from "../harness/documents.js";
import { selectEveryField } from "../harness/every-field.js";
import { seedRows } from "../harness/seeded-rows.js";

const schema = buildFabulaSchema();
/** Types that only mutations and subscriptions return. */
const ONLY_ELSEWHERE =
  /^__|Payload$|^(Mutation|Subscription|UserError|ReplacedVoice|VoicePreview|StoryAnalysisProgress)$/;

let app: ApiApp;
let database: TestDatabase;
let storageRoot: string;
let endpoint: SpeechServer;
let ids: readonly string[];

// A worker renders the rows, then stops. The app under test has no worker, so its threads work only for
// requests.
beforeAll(async () => {
  database = await cloneDatabase();
  storageRoot = await mkdtemp(join(tmpdir(), "fabula-queries-"));
  endpoint = await startSpeechServer();
  const renderer = await apiApp({ worker: true, database, storageRoot });
  ids = await seedRows(renderer);
  await renderer.close();
  const voice = { gender: VoiceGender.Neutral, ageGroup: VoiceAge.Adult, languages: ["en"] };
  app = await apiApp({
    ...{ database, storageRoot, samples: true },
    speech: {
      ...{ id: "openai", baseUrl: endpoint.baseUrl, apiKey: "secret", model: "tts-1" },
      ...{ allowsPrivateHost: true, voices: [{ ...voice, name: "alloy", displayName: "Alloy" }] },
    },
  });
}, 60_000);
afterAll(async () => {
  await app.close();
  await endpoint.close();
  await database.drop();
  await rm(storageRoot, { recursive: true, force: true });
});

/** Counts everything that a request could make: jobs, renditions and analyses. */
const madeRows = () =>
  database.superuser(
    `SELECT (SELECT count(*) FROM jobs.job) AS jobs, (SELECT count(*) FROM reference.renditions) AS shared,
       (SELECT count(*) FROM instances.user_renditions) AS owned,
       (SELECT count(*) FROM reference.story_analyses) AS analyses`,
  );

/** The fields of all types that a query can reach. */
const fieldsOfQueries = (): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !ONLY_ELSEWHERE.test(name))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));

/** Returns the work that `ask` causes in threads, at the speech endpoint and in the database. */
async function workOf(ask: () => Promise<unknown>) {
  const inThreads = import.meta.jest.spyOn(WorkerPool.prototype, "run");
  const before = await madeRows();
  endpoint.requests.length = 0;
  try {
    await ask();
    const threads = inThreads.mock.calls.map(([file, name]) => `${file} ${name}`);
    return { threads, requests: [...endpoint.requests], before, after: await madeRows() };
  } finally {
    inThreads.mockRestore();
  }
}

test.each(["anonymous", "ada"])(
  "no query of %s speaks, analyses, joins or encodes anything, or queues such work",
  async (who) => {
    const client = who === "anonymous" ? app.anonymous() : app.as(who);
    const [story = "", , , rendered = ""] = ids.map((id) => JSON.stringify(id));
    const values = {
      ...{ ID: rendered, StoryByInput: `{ id: ${story} }` },
      NarrationByInput: `{ id: ${rendered} }`,
    };
    const { queries, fields } = selectEveryField({ schema, ids, values });
    const answers: Answer[] = [];

    const { threads, requests, before, after } = await workOf(async () => {
      for (const query of queries) answers.push(await client.query(query));
    });

    expect(threads).toEqual([]);
    expect(requests).toEqual([]);
    expect(after).toEqual(before);
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect([...fields].sort()).toEqual(fieldsOfQueries().sort());
  },
  60_000,
);

test("a visitor who follows an analysis causes no work", async () => {
  const [storyId] = ids;

  const { threads, requests, before, after } = await workOf(() =>
    app.anonymous().follow(PROGRESS, { storyId }),
  );

  expect([threads, requests]).toEqual([[], []]);
  expect(after).toEqual(before);
});
