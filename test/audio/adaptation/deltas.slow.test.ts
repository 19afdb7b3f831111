import { type DeliverySample, measureDeltas } from "../../../src/audio/adaptation/deltas.js";
import { soundingSecondsOf } from "../../../src/audio/adaptation/speech-measure.js";
import { changeMelody } from "../../../src/audio/delivery/intonation.js";
import { shapeVoice } from "../../../src/audio/delivery/voice-quality.js";
import type { Sound } from "../../../src/audio/signal/wav.js";
import { fliteEngine } from "../../../src/providers/speech/flite/flite.adaptation.js";
import { LONG_LINE, SHORT_LINE } from "../../support/spoken-recording.js";

/*
 * The pairs are synthetic: flite says the neutral line and, with other settings, the emotion. Thus the
 * true difference is known.
 */
const PITCH_HZ = { slt: 170, awb: 132 } as const;
type Voice = keyof typeof PITCH_HZ;

interface Manner {
  readonly pitch: number;
  readonly rate: number;
}
const NEUTRAL: Manner = { pitch: 0, rate: 1 };
const PLAIN = { tilt: 0, breath: 0, tremor: 0, isWhispered: false };

async function say(text: string, voice: Voice, { pitch, rate }: Manner): Promise<Sound> {
  const pitchHz = PITCH_HZ[voice] * 2 ** (pitch / 12);
  return fliteEngine.speak(text, voice, { pitchHz, spreadHz: pitchHz * 0.15, stretch: 1 / rate });
}

async function sample(text: string, voice: Voice, manner: Manner): Promise<DeliverySample> {
  const sound = await say(text, voice, manner);
  return { sound, levelDb: -20, plainSeconds: soundingSecondsOf(await say(text, voice, NEUTRAL)) };
}

test.each(["slt", "awb"] as const)(
  "a pitch of +4 semitones and a rate of 1.2 come back from a synthetic pair of %s",
  async (voice) => {
    const neutral = await sample(LONG_LINE, voice, NEUTRAL);
    const emotion = await sample(LONG_LINE, voice, { pitch: 4, rate: 1.2 });

    const deltas = measureDeltas([neutral], [emotion]);

    expect(Math.abs(deltas.pitch - 4)).toBeLessThan(0.5);
    expect(Math.abs(deltas.rate / 1.2 - 1)).toBeLessThan(0.05);
  },
);

test("the rate comes back when the two texts differ", async () => {
  const neutral = await sample(LONG_LINE, "slt", NEUTRAL);
  const emotion = await sample(SHORT_LINE, "slt", { pitch: 0, rate: 0.8 });

  expect(Math.abs(measureDeltas([neutral], [emotion]).rate / 0.8 - 1)).toBeLessThan(0.05);
});

test("the range, the level and the tilt come back from a synthetic pair", async () => {
  const neutral = await sample(LONG_LINE, "slt", NEUTRAL);
  const wide = changeMelody(neutral.sound, { pitch: 0, range: 1.6, rise: 0 });
  const bright = shapeVoice(wide, { ...PLAIN, tilt: 3 });

  const deltas = measureDeltas([neutral], [{ ...neutral, sound: bright, levelDb: -17 }]);

  expect(Math.abs(deltas.range / 1.6 - 1)).toBeLessThan(0.15);
  expect(deltas.gain).toBeCloseTo(3, 5);
  expect(Math.abs(deltas.tilt - 3)).toBeLessThan(1);
});

test("neutral speech differs from itself in nothing", async () => {
  const neutral = await sample(SHORT_LINE, "awb", NEUTRAL);

  expect(measureDeltas([neutral], [neutral])).toEqual({
    ...{ pitch: 0, range: 1, rate: 1, gain: 0, tilt: 0 },
  });
});

test("a whisper changes neither pitch nor range", async () => {
  const neutral = await sample(LONG_LINE, "slt", NEUTRAL);
  const sound = shapeVoice(neutral.sound, { ...PLAIN, isWhispered: true });

  const deltas = measureDeltas([neutral], [{ ...neutral, sound }]);

  expect(deltas).toMatchObject({ pitch: 0, range: 1 });
});

test.each([
  ["silence", () => Promise.resolve({ pcm: new Float32Array(48_000), sampleRate: 16_000 })],
  ["one word", () => say("Yes.", "slt", NEUTRAL)],
])("samples with %s are refused with the seconds that are missing", async (_, make) => {
  const neutral = await sample(SHORT_LINE, "slt", NEUTRAL);
  const poor = { ...neutral, sound: await make() };

  expect(() => measureDeltas([neutral], [poor])).toThrow(
    /The emotion samples contain 0\.\d s of speech; record at least 1 s\./u,
  );
  expect(() => measureDeltas([poor], [neutral])).toThrow(/The neutral samples contain/u);
});
