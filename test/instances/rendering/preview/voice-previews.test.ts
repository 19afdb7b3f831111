import { once } from "node:events";
import { Readable } from "node:stream";
import { measureLoudness } from "../../../../src/audio/loudness/loudness.js";
import { parseWav } from "../../../../src/audio/signal/wav-reader.js";
import { SpeechDirectory, VoicePreviews, ownerOf } from "../../../../src/instances/index.js";
import type { PreviewInput } from "../../../../src/instances/rendering/preview/voice-previews.js";
import { NO_QUOTAS } from "../../../../src/config.js";
import { systemClock } from "../../../../src/platform/clock.js";
import { AbandonedError, ProviderError } from "../../../../src/platform/errors.js";
import {
  type SpeechProvider,
  type SpeechRequest,
  VoiceAge,
  VoiceGender,
} from "../../../../src/providers/speech/speech.port.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { gate } from "../../../support/blocked.js";

let app: TestApp;
/** The owners whose sound a sweep will delete. */
const swept: string[] = [];
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => {
  swept.length = 0;
});
afterEach(() => app.clean());
afterAll(() => app.close());

const voice = (name: string, ...languages: readonly string[]) => ({
  ...{ id: `babel:${name}`, provider: "babel", displayName: name, languages },
  ...{ gender: VoiceGender.Neutral, ageGroup: VoiceAge.Adult },
});

/**
 * Returns previews with voices of several languages. The voices speak silence. Each request is added to
 * `asked`.
 */
function babel(
  asked: SpeechRequest[],
  before: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve(),
  storage: TestApp["storage"] = app.storage,
): VoicePreviews {
  const provider: SpeechProvider = {
    id: "babel",
    listVoices: () => [voice("anna", "de", "en"), voice("tomi", "fi"), voice("amy", "en")],
    capabilities: () => ({
      ...{ version: "1", languages: ["de", "en", "fi"], maxChars: 1000, timing: "none" },
      ...{ prosody: [], emotion: "none", cloning: "none" },
      ...{ isDeterministic: true, stitchesNeighbours: false, isOffline: true, isPaid: false },
    }),
    synthesize: async (request, signal) => {
      asked.push(request);
      await before(signal);
      signal.throwIfAborted();
      const pcm = new Float32Array(1600);
      return { pcm, sampleRate: 16_000, words: [], timingSource: "estimated", degraded: [] };
    },
  };
  const { database, notifier } = app.services;
  return new VoicePreviews({
    ...{ database, notifier },
    storage,
    quotas: NO_QUOTAS,
    clock: systemClock,
    sweepLater: async (_tx, { userId }) => void swept.push(userId),
    speech: new SpeechDirectory([provider]),
  });
}

/** The signal of a client that does not leave. */
const STAYING = new AbortController().signal;

test("a preview of the owner's words is in the voice's first language", async () => {
  const asked: SpeechRequest[] = [];
  await app.given.user("ada");
  const say = (text?: string) =>
    babel(asked).preview(
      ownerOf("ada"),
      { voice: "babel:anna", ...(text ? { text } : {}) },
      STAYING,
    );

  await say("Guten Morgen!");
  await say();

  expect(asked.map(({ language, text }) => [language, text])).toEqual([
    ["de", "Guten Morgen!"],
    ["de", expect.stringMatching(/^Alle Menschen/)],
  ]);
});

test("speech stops when the client leaves, and nothing is stored", async () => {
  const { publicId } = await app.given.user("ada");
  const leaving = new AbortController();
  const speaking = gate<AbortSignal>();
  const previews = babel([], (signal) => {
    speaking.open(signal);
    return once(signal, "abort");
  });
  const preview = previews.preview(ownerOf("ada"), { voice: "babel:anna" }, leaving.signal);
  await speaking.opened;

  leaving.abort();

  await expect(preview).rejects.toBeInstanceOf(AbandonedError);
  expect(await Readable.from(app.storage.list(publicId)).toArray()).toEqual([]);
});

test("a preview queues the sweep of its sound before the sound is stored", async () => {
  await app.given.user("ada");
  const full = Object.create(app.storage, {
    put: { value: () => Promise.reject(new ProviderError("The disk is full.", true)) },
  }) as TestApp["storage"];

  const preview = babel([], undefined, full).preview(
    ownerOf("ada"),
    { voice: "babel:anna" },
    STAYING,
  );

  await expect(preview).rejects.toThrow("The disk is full.");
  expect(swept).toEqual(["ada"]);
});

test("a provider's failure is not reported as an error in the text", async () => {
  await app.given.user("ada");
  const failing = babel([], () =>
    Promise.reject(new ProviderError("babel answered 401. Check its key.", false)),
  );

  await expect(
    failing.preview(ownerOf("ada"), { voice: "babel:anna", text: "Guten Morgen!" }, STAYING),
  ).rejects.toMatchObject({ code: "PROVIDER_FAILED" });
});

describe("with the embedded engine", () => {
  const say = async (input: Omit<PreviewInput, "voice">, voice = "flite:slt") => {
    await app.given.user("ada");
    return app.services.previews.preview(ownerOf("ada"), { voice, ...input }, STAYING);
  };
  const loudnessOf = async (input: Omit<PreviewInput, "voice">, voice?: string) => {
    const { blobKey } = await say(input, voice);
    const { stream } = await app.storage.open(blobKey);
    const { pcm, sampleRate } = parseWav(Buffer.concat(await stream.toArray()));
    return measureLoudness(pcm, sampleRate);
  };

  test("gain changes the loudness, starting from the common loudness of all voices", async () => {
    const text = "The river is high, and the bridge is old.";

    const plain = await loudnessOf({ text });
    const other = await loudnessOf({ text }, "flite:rms");
    const softer = await loudnessOf({ text, modification: { gain: -12 } });
    const louder = await loudnessOf({ text, modification: { gain: 3 } });

    expect(plain).toBeCloseTo(-19, 0);
    expect(other).toBeCloseTo(plain, 0);
    expect(softer - plain).toBeCloseTo(-12, 0);
    expect(louder - plain).toBeCloseTo(3, 0);
  });

  test("a text that the voice cannot read is an input error of the field text", async () => {
    await expect(say({ text: "привет мир" })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      inputPath: ["text"],
      message: expect.stringContaining("cannot read"),
    });
  });

  test("a preview reports what the voice cannot do", async () => {
    const { degraded } = await say({ text: "So good 😀." });
    const { degraded: none } = await say({ text: "So good." });

    expect(degraded).toEqual([
      { feature: "text", reason: "Signs and emoji in the text are not said." },
    ]);
    expect(none).toEqual([]);
  });
});
