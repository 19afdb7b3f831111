import { type ApiApp, SECRET, apiApp, signed, tokenFor } from "../support/api.js";
import { barrierAt } from "../support/barrier.js";
import { collect } from "../support/collect.js";
import { givenRecording } from "../support/recorded-speech.js";
import { LONG_LINE, SHORT_LINE } from "../support/spoken-recording.js";
import { endProcesses, fabulaProcess } from "./fabula.process.js";
import { GraphqlClient } from "./graphql.client.js";
import { recorder } from "./recording.flow.js";
import { type SharedPlace, sharedPlace } from "./shared-place.js";
import { type TrainingPayload, trainer } from "./training.flow.js";

/** A person with enough neutral and joyful speech, and the place of the processes. */
interface Scene extends SharedPlace {
  readonly app: ApiApp;
  readonly ada: ReturnType<typeof trainer>;
}

let place: Scene;
beforeEach(async () => {
  const shared = await sharedPlace();
  const app = await apiApp({ ...shared, poolSize: 3 });
  await recorder(app, "ada").agree();
  const user = await app.given.user("ada");
  await givenRecording(app, user, { key: "neutral", text: LONG_LINE });
  await givenRecording(app, user, { key: "neutral", text: SHORT_LINE });
  await givenRecording(app, user, { key: "joy", text: SHORT_LINE, voice: "flite:slt" });
  place = { ...shared, app, ada: trainer(app.as("ada")) };
});
afterEach(async () => {
  await place.app.close();
  await place.remove();
});
afterAll(endProcesses);

const worker = () => fabulaProcess("worker", place.database, { DATA_DIR: place.dataDir });

/** Starts a worker, and kills the worker at its first write of the table. */
async function killAt(table: string): Promise<void> {
  const barrier = await barrierAt(place.database, table);
  const first = await worker();
  await barrier.reached();
  await first.kill();
  await barrier.open();
}

/** Starts another worker, which trains all that is left. Returns what the worker says about the training. */
async function trainTheRest({ emotionVoices }: TrainingPayload): Promise<string> {
  const second = await worker();
  for (const { id } of emotionVoices) {
    expect((await place.ada.follow(id)).at(-1)).toMatchObject({ status: "READY", revision: 1 });
  }
  await second.says(/Trained personal voice/);
  await second.stop();
  return /Trained personal voice.*/.exec(second.output())?.[0] ?? "";
}

/** Expects that each stored file is a recording, or the model of a row, and that no training is left. */
async function expectNothingLeft(): Promise<void> {
  const { publicId } = await place.app.given.user("ada");
  const rows = await place.database.superuser<{ key: string }>(
    `SELECT blob_key AS key FROM instances.user_voice_samples
     UNION SELECT model_blob_key FROM instances.user_emotion_voices WHERE model_blob_key IS NOT NULL ORDER BY key`,
  );
  const stored = await collect(place.app.storage.list(publicId));
  expect([...stored].sort()).toEqual(rows.map(({ key }) => key));
  expect(await place.database.superuser("SELECT FROM platform.voices_in_training")).toEqual([]);
}

test.each([
  ["begins", "instances.user_emotion_voices"],
  ["stores a result", "platform.voices_in_training"],
])(
  "a worker that is killed while it %s leaves the training to another worker",
  async (_at, table) => {
    const asked = await place.ada.train();
    await killAt(table);

    const said = await trainTheRest(asked);

    expect(said).toContain("joy from 1 recording");
    await expectNothingLeft();
  },
);

test("a worker that is killed after the neutral voice leaves only the others to another worker", async () => {
  const asked = await place.ada.train();
  const first = await worker();
  await place.ada.follow(asked.emotionVoices[0]?.id ?? "");
  await first.kill();

  const said = await trainTheRest(asked);

  expect(said).not.toContain("neutral");
  await expectNothingLeft();
});

test("a server that is killed while it takes a request makes no voice, and the request can be sent again", async () => {
  const server = await fabulaProcess("main", place.database, {
    ...{ DATA_DIR: place.dataDir, INLINE_WORKER: "false", MEDIA_SECRET: SECRET },
  });
  const authorization = () => signed(tokenFor("ada"));
  const there = trainer(new GraphqlClient({ url: server.url, authorization }));
  const barrier = await barrierAt(place.database, "platform.voices_in_training");
  const asking = there.train().catch(() => "cut off");
  await barrier.reached();
  await server.kill();
  await barrier.open();

  expect(await asking).toBe("cut off");
  expect(await place.ada.voices()).toEqual([]);
  expect((await place.ada.train()).userErrors).toEqual([]);
});
