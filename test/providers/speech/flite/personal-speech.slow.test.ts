import type { VoiceModel } from "../../../../src/audio/adaptation/voice-model.js";
import { findPauses, levelDb } from "../../../../src/audio/signal/silence.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import type {
  Speech,
  SpeechProvider,
  SpokenProsody,
} from "../../../../src/providers/speech/speech.port.js";
import { measurePitch } from "../../../audio/pitch-measure.js";
import { LONG_LINE } from "../../../support/spoken-recording.js";
import { modelOf } from "../../../../bench/voice/synthetic-model.js";
import { bytesOf, movedModel } from "../../../support/voice-model.js";
import { PLAIN, describeSpeechProvider } from "../contract.js";

const OWN = "flite:own-AAAAAAAAAAAAAAAAAAAAAA";

/** Returns flite as if a personal voice were the only voice of its catalogue. */
function personal(model: VoiceModel): SpeechProvider {
  const flite = fliteSpeech(speak, { readModel: () => Promise.resolve(bytesOf(model)) });
  const [voice] = flite.listVoices();
  return {
    ...flite,
    listVoices: () => (voice ? [{ ...voice, id: OWN }] : []),
    synthesize: (request, signal) =>
      flite.synthesize(
        request.voice === OWN ? { ...request, personal: { revision: "1", model: "m" } } : request,
        signal,
      ),
  };
}

const say = (
  text: string,
  model: VoiceModel,
  prosody: Partial<SpokenProsody> = {},
): Promise<Speech> =>
  personal(model).synthesize(
    { text, language: "en", voice: OWN, prosody: { ...PLAIN, ...prosody } },
    new AbortController().signal,
  );

describe.each([
  ["a voice whose melody the engine makes", modelOf()],
  ["a voice whose melody is changed in its sound", movedModel(2)],
])("%s", (_, model) => {
  describeSpeechProvider(() => personal(model));

  test("speaks at the pitch of the model, and changes pitch and range as requested", async () => {
    const measure = async (prosody: Partial<SpokenProsody>) => {
      const { pcm, sampleRate } = await say(LONG_LINE, model, prosody);
      return measurePitch(pcm, sampleRate);
    };

    const plain = await measure({});
    const high = await measure({ pitch: 4 });
    const wide = await measure({ range: 1.6 });

    expect(Math.abs(plain.medianHz / model.pitchHz - 1)).toBeLessThan(0.1);
    expect((12 * Math.log2(high.medianHz / plain.medianHz)) / 4).toBeCloseTo(1, 0.4);
    expect(wide.spreadSt / plain.spreadSt / 1.6).toBeCloseTo(1, 0.4);
  });

  test("has no offset, does not clip and keeps its level", async () => {
    const { pcm } = await say(LONG_LINE, model);

    expect(Math.abs(pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length)).toBeLessThan(1e-4);
    expect(pcm.every((sample) => Math.abs(sample) < 1)).toBe(true);
    expect(levelDb(pcm)).toBeGreaterThan(-30);
  });

  test("whispers without voice", async () => {
    const { pcm, sampleRate } = await say(LONG_LINE, model, { isWhispered: true });

    expect(measurePitch(pcm, sampleRate).voicedShare).toBeLessThan(0.02);
  });
});

test.each([0.84, 1, 1.2])(
  "with formants scaled by %d, words end before the pauses that a listener hears",
  async (formantScale) => {
    const text = "Nobody came on Monday, nobody came on Tuesday, and nobody came on Sunday.";
    const { pcm, sampleRate, words } = await say(text, modelOf({ formantScale }), { rate: 0.8 });

    const pauses = findPauses({ pcm, sampleRate });
    const heard = ["Monday", "Tuesday"].map((day) => {
      const at = words.findIndex((word) => word.text === day);
      return [words[at]?.endMs ?? NaN, words[at + 1]?.startMs ?? NaN] as const;
    });

    for (const [endMs, nextMs] of heard) {
      const pause = pauses.find(([from, to]) => from < nextMs && to > endMs);
      expect(Math.abs((pause?.[0] ?? NaN) - endMs)).toBeLessThan(80);
      expect(Math.abs((pause?.[1] ?? NaN) - nextMs)).toBeLessThan(80);
    }
  },
);
