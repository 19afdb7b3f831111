import { BANDS } from "../../../../src/audio/adaptation/equaliser.js";
import { NotFoundError, ProviderError } from "../../../../src/platform/errors.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import type { SpeechRequest } from "../../../../src/providers/speech/speech.port.js";
import { modelOf } from "../../../../bench/voice/synthetic-model.js";
import { bytesOf, movedModel } from "../../../support/voice-model.js";
import { measurePitch } from "../../../audio/pitch-measure.js";
import { PLAIN } from "../contract.js";

const OWN = "flite:own-AAAAAAAAAAAAAAAAAAAAAA";
const signal = new AbortController().signal;

/** Returns a provider that reads models from `stored`, and the keys that it read. */
function providerOf(stored: Readonly<Record<string, Uint8Array>>) {
  const read: string[] = [];
  const provider = fliteSpeech(speak, {
    readModel: async (key) => {
      read.push(key);
      const bytes = stored[key];
      if (!bytes) throw new NotFoundError(`There is no blob ${key}.`);
      return bytes;
    },
  });
  const say = (more: Partial<SpeechRequest> = {}, model = "model") =>
    provider.synthesize(
      {
        ...{ text: "No.", language: "en", voice: OWN, prosody: PLAIN },
        ...{ personal: { revision: "1", model }, ...more },
      },
      signal,
    );
  return { say, read, provider };
}

const gainsOf = (gain: number) => Array<number>(BANDS).fill(gain);
const SPECTRUM = Array<number>(12).fill(0);
const classOf = (cepstrum: readonly number[]) => ({ cepstrum, bandGainsDb: gainsOf(0) });

const featuresOf = ({ degraded }: { readonly degraded: readonly { feature: string }[] }) =>
  degraded.map(({ feature }) => feature);

test("a personal voice says a line, and its model is read once for many lines", async () => {
  const { say, read } = providerOf({ model: bytesOf(modelOf()) });

  const [one, other] = await Promise.all([say(), say()]);

  expect(one.words.map(({ text }) => text)).toEqual(["No"]);
  expect(one.degraded).toEqual([]);
  expect(other).toEqual(one);
  expect(read).toEqual(["model"]);
});

test("each voice speaks with its own model", async () => {
  const { say } = providerOf({ low: bytesOf(movedModel(0)), high: bytesOf(movedModel(12)) });
  const pitchOf = async (model: string): Promise<number> => {
    const { pcm, sampleRate } = await say({ text: "Nobody came on Monday." }, model);
    return measurePitch(pcm, sampleRate).medianHz;
  };

  const [low, high, again] = [await pitchOf("low"), await pitchOf("high"), await pitchOf("low")];

  expect(high / low).toBeGreaterThan(1.5);
  expect(again).toBe(low);
});

test("the model that spoke longest ago leaves the memory first", async () => {
  const keys = Array.from({ length: 8 }, (_, index) => `model ${index}`);
  const model = bytesOf(modelOf());
  const { say, read } = providerOf({
    ...Object.fromEntries(keys.map((key) => [key, model])),
    next: model,
  });

  for (const key of [...keys, "model 0", "next", "model 0"]) await say({ text: "…" }, key);

  expect(read).toEqual([...keys, "next"]);
});

test("a model leaves the memory after a minute, as that of a deleted voice must", async () => {
  const jest = import.meta.jest;
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
  const { say, read } = providerOf({ model: bytesOf(modelOf()) });

  await say({ text: "…" });
  jest.advanceTimersByTime(59_999);
  await say({ text: "…" });
  const within = read.length;
  jest.advanceTimersByTime(1);
  await say({ text: "…" });
  jest.useRealTimers();

  expect([within, read.length]).toEqual([1, 2]);
});

test("at most eight models stay in memory", async () => {
  const keys = Array.from({ length: 9 }, (_, index) => `model ${index}`);
  const model = bytesOf(modelOf());
  const { say, read } = providerOf(Object.fromEntries(keys.map((key) => [key, model])));

  for (const key of [...keys, "model 8", "model 1", "model 0"]) await say({ text: "…" }, key);

  expect(read).toEqual([...keys, "model 0"]);
});

test.each([
  ["is missing", undefined],
  ["is no JSON", Buffer.from("{")],
  ["is of another version", bytesOf({ ...modelOf(), version: 2 })],
  ["has an unknown base voice", bytesOf({ ...modelOf(), base: "nobody" })],
  ["has a gain that is no number", bytesOf({ ...modelOf(), bandGainsDb: ["loud"] })],
  ["has no classes of sounds", bytesOf({ ...modelOf(), codebook: [] })],
  ["has formants of a giant", bytesOf({ ...modelOf(), formantScale: 30 })],
  ["has too few bands", bytesOf({ ...modelOf(), bandGainsDb: [0] })],
  ["has a gain that would deafen", bytesOf({ ...modelOf(), bandGainsDb: gainsOf(41) })],
  ["has a class without a spectrum", bytesOf({ ...modelOf(), codebook: [classOf([1])] })],
  ["has too many classes", bytesOf({ ...modelOf(), codebook: Array(25).fill(classOf(SPECTRUM)) })],
  ["speaks higher than a bat", bytesOf({ ...modelOf(), pitchHz: 1_001 })],
  ["speaks too slowly to end", bytesOf({ ...modelOf(), stretch: 11 })],
  ["changes the melody too far", bytesOf({ ...modelOf(), melody: { pitch: 25, range: 1 } })],
  ["has formants between two steps", bytesOf({ ...modelOf(), formantScale: 1.005 })],
  ["lacks the pitch's spread", bytesOf({ ...modelOf(), engine: { pitchHz: 100, stretch: 1 } })],
])("a model that %s fails with advice to train again", async (_, bytes) => {
  const { say } = providerOf(bytes ? { model: bytes } : {});

  const error: unknown = await say().catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({
    retryable: false,
    message: expect.stringMatching(/model of this personal voice .*; train the voice again\./u),
  });
});

test("a storage that fails is asked again for the next line", async () => {
  const model = bytesOf(modelOf());
  const answers = [
    () => Promise.reject(new ProviderError("The bucket does not answer.", true)),
    () => Promise.resolve(model),
  ];
  const provider = fliteSpeech(speak, {
    readModel: () => answers.shift()?.() ?? Promise.reject(new Error("One reading too many.")),
  });
  const personal = { revision: "1", model: "model" };
  const request = { text: "No.", language: "en", voice: OWN, prosody: PLAIN, personal };

  await expect(provider.synthesize(request, signal)).rejects.toMatchObject({ retryable: true });

  expect((await provider.synthesize(request, signal)).words).toHaveLength(1);
});

test("a personal voice speaks English alone, and names a provider's limits", async () => {
  const { say, read, provider } = providerOf({ model: bytesOf(modelOf()) });
  const personal = { revision: "1", model: "model" };
  const request = { text: "你好", language: "en", voice: OWN, prosody: PLAIN, personal };

  await expect(say({ language: "de" })).rejects.toThrow(/speaks English \(en\), not "de"/u);
  await expect(say({ text: "Привет, мир" })).rejects.toThrow(/cannot read/u);
  expect(provider.explainUnspeakable?.(request)).toMatch(/cannot read "你好"/u);
  expect(read).toEqual(["model"]);
});

test("an own id without a model is an unknown voice", async () => {
  const { provider } = providerOf({});
  const request = { text: "No.", language: "en", voice: OWN, prosody: PLAIN };

  await expect(provider.synthesize(request, signal)).rejects.toThrow(`flite has no voice ${OWN}`);
});

test("limits of pitch, rate, range and whispering are reported, measured from the speaker's voice", async () => {
  const { say } = providerOf({ model: bytesOf(modelOf()), moved: bytesOf(movedModel(6)) });

  const far = await say({ prosody: { ...PLAIN, pitch: 13, rate: 4, range: 3.5 } });
  const whispered = await say({ prosody: { ...PLAIN, pitch: 2, isWhispered: true } });
  const moved = await say({ prosody: { ...PLAIN, pitch: 7 } }, "moved");

  expect(featuresOf(far)).toEqual(expect.arrayContaining(["pitch", "range", "rate"]));
  // The engine speaks 1.21 times slower for this voice, so that the voice can speak 1.21 times faster.
  expect(far.degraded.map(({ reason }) => reason).join(" ")).toMatch(
    /between 50 and 400 Hz.*at 0.48 to 3.03 times its own rate/u,
  );
  expect(featuresOf(whispered)).toEqual(["pitch"]);
  expect(moved.degraded[0]?.reason).toBe("The voice speaks between 51 and 204 Hz.");
});
