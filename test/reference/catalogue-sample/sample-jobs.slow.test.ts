import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VoiceAge, VoiceGender } from "../../../src/providers/speech/speech.port.js";
import {
  type SpeechServer,
  startSpeechServer,
} from "../../providers/speech/openai/speech-server.js";
import { renditionStore } from "../../../src/reference/index.js";
import { type TestApp, type TestAppOptions, testApp } from "../../support/app.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { spokenSamples } from "./spoken-samples.js";

const NAMES = ["alloy", "echo", "fable"];

let endpoint: SpeechServer;
let database: TestDatabase;
let storageRoot: string;
const apps: TestApp[] = [];
beforeAll(async () => {
  endpoint = await startSpeechServer();
  database = await cloneDatabase();
  storageRoot = await mkdtemp(join(tmpdir(), "fabula-samples-"));
});
afterEach(async () => {
  await closeAll();
  await database.superuser("DELETE FROM jobs.job");
  endpoint.requests.length = 0;
  endpoint.unknownVoices.clear();
});
afterAll(async () => {
  await database.drop();
  await rm(storageRoot, { recursive: true, force: true });
  await endpoint.close();
});

/**
 * Starts a process of the test's installation. All processes share a database, files and a paid
 * endpoint. The voices of another `model` need new samples. The samples of the embedded voices are made
 * in the first test that needs them, and later tests find them.
 */
async function start(model: string, options: TestAppOptions = {}): Promise<TestApp> {
  const speech = {
    ...{ id: "openai", baseUrl: endpoint.baseUrl, apiKey: "secret", model },
    ...{ allowsPrivateHost: true, microsPerMillionChars: 15_000_000 },
    voices: NAMES.map((name) => ({
      ...{ name, displayName: name, languages: ["en"] },
      ...{ gender: VoiceGender.Neutral, ageGroup: VoiceAge.Adult },
    })),
  };
  const app = await testApp({ samples: true, database, storageRoot, speech, ...options });
  apps.push(app);
  return app;
}

const closeAll = () => Promise.all(apps.splice(0).map((app) => app.close()));

const askedVoices = () => endpoint.requests.map(({ voice }) => voice).sort();
const sampleJobs = () =>
  database.superuser<{ voice: string; state: string; seconds: number }>(
    `SELECT data->>'voice' AS voice, state::text, extract(epoch FROM start_after - now())::int AS seconds
     FROM jobs.job WHERE name = 'speak-catalogue-sample' AND state < 'completed'`,
  );

test("workers that start at once make each sample once, and a restart makes none", async () => {
  const spoken = spokenSamples();
  const options = { worker: true, logger: spoken.logger };

  const [first] = await Promise.all([
    start("one", options),
    start("one", options),
    start("one", options),
  ]);
  const voices = first.services.voices.voices.map(({ id }) => id);
  await spoken.all(voices.length);
  await Promise.all(apps.map((app) => app.requeueLost()));
  await closeAll();
  const again = await start("one", { worker: true, logger: spoken.logger });
  const { samples } = await again.requeueLost();

  expect(askedVoices()).toEqual(NAMES);
  expect([...spoken.voices].sort()).toEqual([...voices].sort());
  expect(samples).toBe(0);
  expect(await sampleJobs()).toEqual([]);
}, 60_000);

test("a provider that refuses one voice stops no other, and the voice is tried again in an hour", async () => {
  endpoint.unknownVoices.add("echo");
  const spoken = spokenSamples();
  const failure = spoken.failure();
  const app = await start("two", { logger: spoken.logger });
  const missingAtFirst = (await app.requeueLost()).samples;
  const url = async () => app.services.samples.find("openai:echo", { load: findRendition(app) });

  await app.startWorker();
  await spoken.all(missingAtFirst - 1);
  const reason = await failure;
  const waiting = (await sampleJobs()).filter(({ state }) => state === "created");
  const { samples } = await app.requeueLost();
  const missing = await url();
  endpoint.unknownVoices.clear();
  await database.superuser("UPDATE jobs.job SET start_after = now() WHERE state = 'created'");
  await spoken.all(missingAtFirst);

  expect(reason).toContain("openai:echo");
  expect(waiting).toEqual([
    { voice: "openai:echo", state: "created", seconds: expect.any(Number) },
  ]);
  expect(waiting[0]?.seconds).toBeGreaterThan(3000);
  expect(samples).toBe(0);
  expect(missing).toBeNull();
  expect(await url()).not.toBeNull();
}, 60_000);

const findRendition = (app: TestApp) => async (recipeKey: string) => {
  const [known] = await app.database.read({ viewer: null }, (tx) =>
    renditionStore.byKeys(tx, [recipeKey]),
  );
  return known ?? null;
};

test("samples that lost their jobs are queued again, once each", async () => {
  const [one, other] = [await start("three"), await start("three")];
  const queueTwice = async () => {
    const queued = await Promise.all([one.requeueLost(), other.requeueLost()]);
    return queued.reduce((sum, { samples }) => sum + samples, 0);
  };

  const first = await queueTwice();
  const unchanged = await queueTwice();
  await database.superuser("DELETE FROM jobs.job");
  const afterLoss = await queueTwice();

  expect(first).toBeGreaterThanOrEqual(NAMES.length);
  expect([unchanged, afterLoss]).toEqual([0, first]);
  expect(await sampleJobs()).toHaveLength(first);
});
