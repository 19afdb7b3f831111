import { InvalidInputError } from "../../../src/platform/errors.js";
import { levelDb } from "../../../src/audio/signal/silence.js";
import { encodeWav } from "../../../src/audio/signal/wav.js";
import type {
  CloningProvider,
  TrainedVoice,
  TrainingOrder,
  TrainingSample,
} from "../../../src/providers/speech/cloning.port.js";
import type { Speech, SpeechProvider } from "../../../src/providers/speech/speech.port.js";
import { OTHER_LINE, SHORT_LINE, recordingOf } from "../../support/spoken-recording.js";
import { PLAIN } from "./contract.js";

/** A provider to test, and the storage from which the provider reads recordings. */
export interface CloningPlace {
  readonly cloning: CloningProvider;
  /** Speaks with the models that `cloning` makes. */
  readonly speech: SpeechProvider;
  /** The public id of the owner of the recordings. */
  readonly ownerName: string;
  /** Stores a WAV file. Returns the key of its blob. */
  readonly store: (wav: Uint8Array) => Promise<string>;
  /** Counts the voices that exist: the clones at a vendor, or the models in the storage. */
  readonly countVoices: () => Promise<number>;
}

const LOST_KEY = `owned/ada/${"0".repeat(64)}`;
const SPEAKER = "flite:awb-deep";

/** Tests that every provider of personal voices must pass. The tests call `place` to get the provider. */
export function describeCloningProvider(place: () => CloningPlace): void {
  describeTraining(place);
  describeRemoval(place);
  describeRefusals(place);
}

const open = new AbortController().signal;
let labels = 0;
const newLabel = () => `fabula-contract-${process.pid}-${(labels += 1)}`;

type Recorded = readonly [text: string, voice: string];

async function sampleOf({ store }: CloningPlace, [text, voice]: Recorded): Promise<TrainingSample> {
  const blobKey = await store(await recordingOf(text, voice));
  return { blobKey, transcript: text, levelDb: -20 };
}

/** Returns an order for the neutral voice of one speaker. */
async function orderFor(
  place: CloningPlace,
  changes: Partial<TrainingOrder> = {},
): Promise<TrainingOrder> {
  return {
    ...{ label: newLabel(), ownerName: place.ownerName, displayName: "Ádá’s voice" },
    ...{ language: "en", emotion: "neutral", neutral: null, others: {} },
    samples: [
      await sampleOf(place, [SHORT_LINE, SPEAKER]),
      await sampleOf(place, [OTHER_LINE, SPEAKER]),
    ],
    ...changes,
  };
}

async function modelOf(place: CloningPlace, order: TrainingOrder): Promise<string> {
  const { model } = await place.cloning.train(order, open);
  if (model === null) throw new Error("The neutral voice has no model.");
  return model;
}

function say({ speech, cloning }: CloningPlace, model: string): Promise<Speech> {
  const voice = `${cloning.id}:own-AAAAAAAAAAAAAAAAAAAAAA`;
  const personal = { revision: "1", model };
  const text = "The lamp was still burning.";
  return speech.synthesize({ text, language: "en", voice, prosody: PLAIN, personal }, open);
}

function describeTraining(place: () => CloningPlace): void {
  test("the provider speaks its languages, and its speech provider has the same id", () => {
    const { cloning, speech } = place();

    expect(speech.id).toBe(cloning.id);
    expect(speech.capabilities().cloning).not.toBe("none");
    expect(speech.capabilities().languages).toEqual(expect.arrayContaining([...cloning.languages]));
  });

  test("a neutral voice is trained and speaks, and the same order makes no second voice", async () => {
    const before = await place().countVoices();
    const order = await orderFor(place());

    const first = await place().cloning.train(order, open);
    const again = await place().cloning.train(order, open);

    expectTrained(first);
    expect(first).toMatchObject({ model: expect.any(String), deltas: null });
    expect(again.model).toBe(first.model);
    expect(await place().countVoices()).toBe(before + 1);
    const speech = await say(place(), first.model ?? "");
    expect(speech.words.map(({ text }) => text)).toEqual([
      "The",
      "lamp",
      "was",
      "still",
      "burning",
    ]);
    expect(levelDb(speech.pcm)).toBeGreaterThan(-40);
    await place().cloning.remove({ label: order.label, model: first.model }, open);
  });

  test("an emotion gets a voice of its own, or its delivery is measured", async () => {
    const neutral = await orderFor(place());
    const model = await modelOf(place(), neutral);
    const emotional = await orderFor(place(), {
      ...{ emotion: "joy", neutral: { model, samples: neutral.samples } },
      samples: [await sampleOf(place(), [SHORT_LINE, "flite:awb-light"])],
    });

    const trained = await place().cloning.train(emotional, open);

    expectTrained(trained);
    expect(trained.model === null).toBe(trained.deltas !== null);
    expect(trained.otherDeltas).toEqual({});
    if (trained.model !== null) expect(await say(place(), trained.model)).toBeDefined();
    await place().cloning.remove({ label: emotional.label, model: trained.model }, open);
    await place().cloning.remove({ label: neutral.label, model }, open);
  });
}

function expectTrained({ qualityScore, metrics }: TrainedVoice): void {
  if (qualityScore !== null) {
    expect(qualityScore).toBeGreaterThanOrEqual(0);
    expect(qualityScore).toBeLessThanOrEqual(1);
  }
  // JSON keeps the measures: no NaN, no Infinity.
  expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
}

function describeRemoval(place: () => CloningPlace): void {
  test("a voice is removed by its label alone, twice, and does not speak any more at its vendor", async () => {
    const { cloning } = place();
    const before = await place().countVoices();
    const order = await orderFor(place());
    const model = await modelOf(place(), order);
    const isThere = await cloning.hasVoice?.(model, open);

    await cloning.remove({ label: order.label, model: null }, open);
    await cloning.remove({ label: order.label, model: null }, open);
    await cloning.remove({ label: order.label, model }, open);

    // The model of a provider that is not remote is a blob, which its owner's sweep deletes.
    if (!cloning.isRemote) return;
    expect(await place().countVoices()).toBe(before);
    expect([isThere, await cloning.hasVoice?.(model, open)]).toEqual([true, false]);
    await expect(say(place(), model)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/train the voice again/u),
    });
  });
}

function describeRefusals(place: () => CloningPlace): void {
  const silence = encodeWav({ pcm: new Float32Array(24_000 * 5), sampleRate: 24_000 });

  test("recordings that cannot be used are refused with advice, and leave no voice", async () => {
    const before = await place().countVoices();
    const silent = { blobKey: await place().store(silence), transcript: "Yes.", levelDb: -70 };
    const lost = { blobKey: LOST_KEY, transcript: SHORT_LINE, levelDb: -20 };

    for (const samples of [[], [silent], [lost]]) {
      const order = await orderFor(place(), { samples });
      const error: unknown = await place()
        .cloning.train(order, open)
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(InvalidInputError);
      expect(String(error)).toMatch(/record/u);
    }
    expect(await place().countVoices()).toBe(before);
  });

  test("a training ends with the signal's reason, before and after its start", async () => {
    const order = await orderFor(place());
    const aborted = AbortSignal.abort(new Error("The consent has ended."));
    const controller = new AbortController();

    await expect(place().cloning.train(order, aborted)).rejects.toThrow("The consent has ended.");
    const training = place().cloning.train(order, controller.signal);
    controller.abort(new Error("The worker stops."));

    await expect(training).rejects.toThrow("The worker stops.");
    await place().cloning.remove({ label: order.label, model: null }, open);
  });

  test("a removal ends with the signal's reason", async () => {
    const aborted = AbortSignal.abort(new Error("The worker stops."));

    const removal = place().cloning.remove({ label: newLabel(), model: null }, aborted);

    await expect(removal).rejects.toThrow("The worker stops.");
  });
}
