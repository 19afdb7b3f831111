import { type ApiApp, SECRET, apiApp, signed, tokenFor } from "../../support/api.js";
import { barrierAt } from "../../support/barrier.js";
import { collect } from "../../support/collect.js";
import { givenRecording } from "../../support/recorded-speech.js";
import { OTHER_LINE, SHORT_LINE } from "../../support/spoken-recording.js";
import { type FabulaProcess, endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";
import { recorder } from "../harness/recording.flow.js";
import { type SharedPlace, sharedPlace } from "../harness/shared-place.js";
import { type TrainingPayload, trainer } from "../harness/training.flow.js";

/** A person with enough neutral and joyful speech, and the place of the processes. */
interface Scene extends SharedPlace {
  readonly app: ApiApp;
  readonly ada: ReturnType<typeof trainer>;
}

/** Makes a scene, and removes the scene when `played` has ended. */
async function inScene<T>(played: (scene: Scene) => Promise<T>): Promise<T> {
  const place = await sharedPlace();
  const app = await apiApp({ ...place, poolSize: 3 });
  try {
    await recorder(app, "ada").agree();
    const user = await app.given.user("ada");
    await givenRecording(app, user, { key: "neutral", text: OTHER_LINE });
    await givenRecording(app, user, { key: "neutral", text: SHORT_LINE });
    await givenRecording(app, user, { key: "joy", text: SHORT_LINE, voice: "flite:slt" });
    return await played({ ...place, app, ada: trainer(app.as("ada")) });
  } finally {
    await app.close();
    await place.remove();
  }
}
afterAll(endProcesses);

const worker = ({ database, dataDir }: Scene): Promise<FabulaProcess> =>
  fabulaProcess("worker", database, { DATA_DIR: dataDir });

/** Starts a worker, and kills the worker at a certain point of the training. */
type Interruption = (scene: Scene, asked: TrainingPayload) => Promise<void>;

const whileWritingTo =
  (table: string): Interruption =>
  async (scene) => {
    const barrier = await barrierAt(scene.database, table);
    const first = await worker(scene);
    await barrier.reached();
    await first.kill();
    await barrier.open();
  };

const afterNeutral: Interruption = async (scene, { emotionVoices }) => {
  const first = await worker(scene);
  await scene.ada.follow(emotionVoices[0]?.id ?? "");
  await first.kill();
};

/** Starts another worker, which trains all that is left. Returns what the worker says about the training. */
async function trainTheRest(scene: Scene, { emotionVoices }: TrainingPayload): Promise<string> {
  const second = await worker(scene);
  for (const { id } of emotionVoices) {
    expect((await scene.ada.follow(id)).at(-1)).toMatchObject({
      trainingStatus: "READY",
      revision: 1,
    });
  }
  await second.says(/Trained personal voice/);
  await second.stop();
  return /Trained personal voice.*/.exec(second.output())?.[0] ?? "";
}

/** Expects that each stored file is a recording, or the model of a row, and that no training is left. */
async function expectNothingLeft({ app, database }: Scene): Promise<void> {
  const { publicId } = await app.given.user("ada");
  const rows = await database.superuser<{ key: string }>(
    `SELECT blob_key AS key FROM instances.user_voice_samples
     UNION SELECT model_blob_key FROM instances.user_emotion_voices WHERE model_blob_key IS NOT NULL ORDER BY key`,
  );
  const stored = await collect(app.storage.list(publicId));
  expect([...stored].sort()).toEqual(rows.map(({ key }) => key));
  expect(await database.superuser("SELECT FROM platform.voices_in_training")).toEqual([]);
}

/** Kills a worker, and lets another worker end the training. Returns what the other worker says. */
const killed = (interruption: Interruption): Promise<string> =>
  inScene(async (scene) => {
    const asked = await scene.ada.train();
    await interruption(scene, asked);
    const said = await trainTheRest(scene, asked);
    await expectNothingLeft(scene);
    return said;
  });

test("a worker that is killed while it trains leaves only what is left to another worker", async () => {
  // Run all cases at the same time, because each case mostly waits until the queue notices that the
  // dead worker sends no heartbeat.
  const [beginning, storing, between] = await Promise.all([
    killed(whileWritingTo("instances.user_emotion_voices")),
    killed(whileWritingTo("platform.voices_in_training")),
    killed(afterNeutral),
  ]);

  expect(beginning).toContain("joy from 1 recording");
  expect(storing).toContain("joy from 1 recording");
  expect(between).not.toContain("neutral");
});

test("a server that is killed while it takes a request makes no voice, and the request can be sent again", () =>
  inScene(async ({ ada, database, dataDir }) => {
    const server = await fabulaProcess("main", database, {
      ...{ DATA_DIR: dataDir, INLINE_WORKER: "false", MEDIA_SECRET: SECRET },
    });
    const authorization = () => signed(tokenFor("ada"));
    const there = trainer(new GraphqlClient({ url: server.url, authorization }));
    const barrier = await barrierAt(database, "platform.voices_in_training");
    const asking = there.train().catch(() => "cut off");
    await barrier.reached();
    await server.kill();
    await barrier.open();

    expect(await asking).toBe("cut off");
    expect(await ada.voices()).toEqual([]);
    expect((await ada.train()).userErrors).toEqual([]);
  }));
