import { AfterRevoking, VendorVoiceSweep } from "../../../src/instances/index.js";
import { systemClock } from "../../../src/platform/clock.js";
import { elevenLabsCloning } from "../../../src/providers/speech/elevenlabs/elevenlabs-cloning.js";
import { Trainings, ada } from "../../instances/emotion-voice/trainings.js";
import { ElevenLabsServer } from "../../providers/speech/elevenlabs/elevenlabs-server.js";
import { accountOf } from "../../providers/speech/elevenlabs/target.js";
import { type TestApp, testApp } from "../../support/app.js";
import { LONG_LINE, recordingOf } from "../../support/spoken-recording.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { type SharedPlace, sharedPlace } from "../harness/shared-place.js";

interface Scene extends SharedPlace {
  readonly app: TestApp;
  readonly vendor: ElevenLabsServer;
}

let place: Scene;
beforeEach(async () => {
  const vendor = await ElevenLabsServer.start();
  const shared = await sharedPlace();
  const elevenLabs = { apiKey: "secret", baseUrl: vendor.baseUrl, installation: "requests" };
  const app = await testApp({ ...shared, poolSize: 3, elevenLabs });
  place = { ...shared, app, vendor };
});
afterEach(async () => {
  await place.app.close();
  await place.vendor.close();
  await place.remove();
});
afterAll(endProcesses);

const worker = (): Promise<FabulaProcess> =>
  fabulaProcess("worker", place.database, {
    DATA_DIR: place.dataDir,
    ELEVENLABS_API_KEY: "secret",
    ELEVENLABS_URL: place.vendor.baseUrl,
  });

/** Asks for the training of Ada's neutral voice at ElevenLabs, with one recording. */
async function askForTraining(): Promise<void> {
  const { app } = place;
  const trainings = await Trainings.begin(app);
  const sampleId = await trainings.record("neutral", 30);
  const wav = await recordingOf(LONG_LINE);
  const owner = trainings.publicId;
  const { key } = await app.storage.put(wav, { contentType: "audio/wav", owner });
  await app.superuser("UPDATE instances.user_voice_samples SET blob_key = $1 WHERE id = $2", [
    key,
    sampleId,
  ]);
  await app.services.emotionVoices.train(ada, { provider: "elevenlabs", templateIds: [] });
}

/** Kills a worker after the vendor made the clone, and before the worker reads the vendor's answer. */
async function killBetweenAnswerAndCommit(): Promise<void> {
  const { vendor } = place;
  const killed = Promise.withResolvers<undefined>();
  const first = await worker();
  vendor.mishap("POST /v1/voices/add", async (response, work) => {
    await work();
    await first.kill();
    response.destroy();
    killed.resolve(undefined);
  });
  await askForTraining();
  await killed.promise;
}

const labels = (): readonly string[] => place.vendor.clones.map(({ name }) => name);

const rows = (): Promise<{ label: string; model: string | null; wanted: boolean }[]> =>
  place.database.superuser(
    "SELECT label, model, is_wanted AS wanted FROM platform.vendor_voices ORDER BY label",
  );

test("after a kill between the vendor's answer and the commit, another worker finds the clone", async () => {
  await killBetweenAnswerAndCommit();
  const [between] = await rows();
  const made = place.vendor.clones.map(({ voice_id: id }) => id);

  const second = await worker();
  await second.says(/Trained personal voice/);
  await second.stop();

  expect(between).toEqual({ label: labels()[0], model: null, wanted: true });
  expect(await rows()).toEqual([{ ...between, model: made[0] }]);
  expect(place.vendor.clones.map(({ voice_id: id }) => id)).toEqual(made);
  expect(place.vendor.asked("POST", "/v1/voices/add")).toHaveLength(1);
});

test("a clone whose training was killed is deleted after its owner revoked the consent", async () => {
  await killBetweenAnswerAndCommit();
  expect(labels()).toHaveLength(1);
  await place.app.services.consents.revoke(ada, AfterRevoking.Delete);
  expect(await rows()).toMatchObject([{ model: null, wanted: false }]);

  const second = await worker();
  await second.says(/Deleted clone/);
  await second.stop();

  expect(labels()).toEqual([]);
});

test("the sweep deletes a clone whose rows are lost, and needs no job", async () => {
  await killBetweenAnswerAndCommit();
  const [, installation = ""] =
    /^Made by Fabula (\S+) /.exec(place.vendor.clones[0]?.description ?? "") ?? [];
  await place.app.superuser("DELETE FROM platform.vendor_voices");
  const cloning = elevenLabsCloning(accountOf(place.vendor, { installation }), () =>
    Promise.reject(new Error("A sweep reads no recording.")),
  );

  await new VendorVoiceSweep({
    ...{ database: place.app.jobDatabase, clock: systemClock, cloning: [cloning] },
    enqueue: () => Promise.resolve(),
  }).run("elevenlabs");

  expect(labels()).toEqual([]);
});
