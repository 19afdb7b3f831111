import { buffer } from "node:stream/consumers";
import { shapeVoice } from "../../../../src/audio/delivery/voice-quality.js";
import { type Sound, encodeWav } from "../../../../src/audio/signal/wav.js";
import { parseWav } from "../../../../src/audio/signal/wav-reader.js";
import { InvalidInputError } from "../../../../src/platform/errors.js";
import { ThreadPools } from "../../../../src/platform/threads/thread-pools.js";
import type {
  TrainedVoice,
  TrainingOrder,
  TrainingSample,
} from "../../../../src/providers/speech/cloning.port.js";
import { adaptedVoices } from "../../../../src/providers/speech/flite/flite.cloning.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import { DiskStorage } from "../../../../src/providers/storage/disk.js";
import { measurePitch } from "../../../audio/pitch-measure.js";
import { LONG_LINE, SHORT_LINE, recordingOf } from "../../../support/spoken-recording.js";
import { removeScratchFolders, scratchFolder } from "../../storage/scratch-folder.js";
import { type CloningPlace, describeCloningProvider } from "../cloning-contract.js";
import { PLAIN } from "../contract.js";

const BUILT = new URL("../../../../dist/src/", import.meta.url);
const NAME = "ada";
const open = new AbortController().signal;

let place: CloningPlace;
let storage: DiskStorage;
let threads: ThreadPools;
beforeAll(async () => {
  const root = await scratchFolder();
  storage = new DiskStorage({ root });
  threads = new ThreadPools(BUILT, 1);
  const settings = { kind: "disk", root } as const;
  place = {
    cloning: adaptedVoices({
      train: async (order, signal) =>
        (await threads.trainings.run(
          "worker/training.worker.js",
          "trainInThread",
          { storage: settings, order },
          signal,
        )) as TrainedVoice,
    }),
    speech: fliteSpeech(speak, {
      readModel: async (key) => buffer((await storage.open(key)).stream),
    }),
    ownerName: NAME,
    store: async (wav) => (await storage.put(wav, { contentType: "audio/wav", owner: NAME })).key,
    countVoices: async () => (await modelsOf()).length,
  };
});
afterAll(async () => {
  await threads.close();
  await removeScratchFolders();
});

/** Returns the keys of the owner's blobs that are models. */
async function modelsOf(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(NAME)) {
    const bytes = await buffer((await storage.open(key)).stream);
    if (bytes.subarray(0, 1).toString() === "{") keys.push(key);
  }
  return keys;
}

// The same recordings give the same model, and the same model is one blob.
beforeEach(() => storage.eraseOwner(NAME));

describeCloningProvider(() => place);

async function sample(sound: Sound, transcript: string | null): Promise<TrainingSample> {
  return { blobKey: await place.store(encodeWav(sound)), transcript, levelDb: -20 };
}

const said = async (text: string, voice = "flite:awb-deep"): Promise<Sound> =>
  parseWav(await recordingOf(text, voice));

const orderOf = (
  samples: readonly TrainingSample[],
  changes: Partial<TrainingOrder> = {},
): TrainingOrder => ({
  ...{ label: "fabula-1", ownerName: NAME, displayName: "Ada", language: "en" },
  ...{ emotion: "neutral", neutral: null, others: {}, samples, ...changes },
});

const train = (order: TrainingOrder) => place.cloning.train(order, open);
const refusalOf = (order: TrainingOrder): Promise<unknown> =>
  train(order).catch((reason: unknown) => reason);

test("the trained voice speaks another text at the pitch of the recordings", async () => {
  const speaker = await said(SHORT_LINE, "flite:awb-deep");
  const { model } = await train(orderOf([await sample(speaker, SHORT_LINE)]));

  const { pcm, sampleRate } = await place.speech.synthesize(
    {
      ...{ text: LONG_LINE, language: "en", voice: "flite:own-1", prosody: PLAIN },
      personal: { revision: "1", model: model ?? "" },
    },
    open,
  );

  const [own, adapted] = [
    measurePitch(speaker.pcm, speaker.sampleRate),
    measurePitch(pcm, sampleRate),
  ];
  expect(Math.abs(adapted.medianHz / own.medianHz - 1)).toBeLessThan(0.1);
});

test("the delivery of an emotion is measured against neutral, with or without a voice of its own", async () => {
  const neutral = await sample(await said(LONG_LINE, "flite:awb"), LONG_LINE);
  const joy = await sample(await said(SHORT_LINE, "flite:awb-light"), SHORT_LINE);
  const silent = await sample({ pcm: new Float32Array(48_000), sampleRate: 24_000 }, "Oh no.");
  const others = { joy: [{ ...joy, levelDb: -17 }], sadness: [silent], fear: [] };

  const { model, otherDeltas, metrics } = await train(orderOf([neutral], { others }));
  const voice = await train(
    orderOf(others.joy, { emotion: "joy", neutral: { model: model ?? "", samples: [neutral] } }),
  );

  expect(Object.keys(otherDeltas)).toEqual(["joy"]);
  expect(voice).toMatchObject({ model: null, qualityScore: null, deltas: otherDeltas["joy"] });
  // flite:awb-light is flite:awb, 3 semitones higher and 1 / 0.96 times as fast.
  expect(Math.abs((voice.deltas?.pitch ?? NaN) - 3)).toBeLessThan(0.5);
  expect(Math.abs((voice.deltas?.rate ?? NaN) * 0.96 - 1)).toBeLessThan(0.05);
  expect(voice.deltas?.gain).toBe(3);
  expect(metrics["recordings"]).toBe(1);
});

test("recordings without words are left out, and refused if there are no others", async () => {
  const line = await said(SHORT_LINE);
  const [mute, worded] = [await sample(line, null), await sample(line, SHORT_LINE)];

  const { metrics } = await train(orderOf([mute, worded]));

  expect(metrics["recordings"]).toBe(1);
  expect(String(await refusalOf(orderOf([mute])))).toMatch(
    /words of the recordings for neutral are unknown; record again, and send the text/u,
  );
});

test.each([
  ["cut", (wav: Uint8Array) => wav.subarray(0, 5_000)],
  ["overwritten", (wav: Uint8Array) => new Uint8Array(wav.length)],
  ["empty", () => new Uint8Array()],
])("a recording whose file is %s is refused with its words and advice", async (_name, damage) => {
  const wav = encodeWav(await said(SHORT_LINE));
  const blobKey = await place.store(damage(wav));

  const refusal = await refusalOf(orderOf([{ blobKey, transcript: SHORT_LINE, levelDb: -20 }]));

  expect(refusal).toBeInstanceOf(InvalidInputError);
  expect(String(refusal)).toMatch(
    /The recording of "The captain knows .+ for neutral is damaged; delete the voice sample/u,
  );
});

test("other words than those of the recording are refused, and the words are quoted", async () => {
  const line = await said(SHORT_LINE);
  const good = await sample(line, SHORT_LINE);

  for (const transcript of ["Yes.", "Привет, мир", `${LONG_LINE} ${SHORT_LINE}`]) {
    const wrong = await sample(line, transcript);
    const neutral = { model: "owned/ada/model", samples: [good] };
    const refusals = [
      await refusalOf(orderOf([good, wrong])),
      await refusalOf(orderOf([wrong], { emotion: "joy", neutral })),
    ];

    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(InvalidInputError);
      expect(String(refusal)).toContain(JSON.stringify(transcript).slice(0, 20));
      expect(String(refusal)).toMatch(/exactly the words of the prompt/u);
    }
  }
});

test("a whisper is no neutral voice, and neutral is trained first", async () => {
  const line = await said(LONG_LINE);
  const whisper = shapeVoice(line, { tilt: 0, breath: 0, tremor: 0, isWhispered: true });
  const samples = [await sample(whisper, LONG_LINE)];

  expect(String(await refusalOf(orderOf(samples)))).toMatch(/read the prompt aloud/u);
  expect(String(await refusalOf(orderOf(samples, { emotion: "whisper" })))).toMatch(
    /Train the neutral voice before/u,
  );
});

test("of many long recordings, the first 90 s are read", async () => {
  const text = `${LONG_LINE} ${SHORT_LINE}`;
  const { pcm, sampleRate } = await said(text);
  // Each recording takes 46 s: 15 s of speech, and a pause. So 90 s end in the second recording.
  const long = new Float32Array(46 * sampleRate);
  long.set(pcm);
  const samples = await Promise.all(
    [0, 1, 2].map((offset) => sample({ pcm: long.subarray(offset), sampleRate }, text)),
  );

  const { metrics, model } = await train(orderOf(samples));

  expect(model).not.toBeNull();
  expect(metrics["recordings"]).toBe(2);
});
