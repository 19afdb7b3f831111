import { fadeEdges } from "../../../src/audio/signal/fades.js";
import { amplify } from "../../../src/audio/signal/gain.js";
import { Limiter } from "../../../src/audio/loudness/limiter.js";
import { LoudnessMeter, measureLoudness } from "../../../src/audio/loudness/loudness.js";
import { levelDb, trimSilence } from "../../../src/audio/signal/silence.js";
import { measureTruePeak } from "../../../src/audio/loudness/true-peak.js";
import { inChunks, sine } from "../tones.js";

describe("loudness (ITU-R BS.1770-4)", () => {
  test.each([16_000, 24_000, 44_100, 48_000])(
    "a full-scale sine of 997 Hz is -3.01 LUFS at %i Hz",
    (sampleRate) => {
      expect(measureLoudness(sine({ hz: 997, sampleRate, seconds: 5 }), sampleRate)).toBeCloseTo(
        -3.01,
        1,
      );
    },
  );

  test("pauses and passages 10 LU below the rest do not count", () => {
    const loud = sine({ hz: 997, sampleRate: 24_000, seconds: 10, gainDb: -20 });
    const faint = amplify(loud, -30);
    const meter = new LoudnessMeter(24_000);
    for (const part of [loud, new Float32Array(240_000), faint]) meter.add(part);

    expect(Math.abs(meter.integrated() - measureLoudness(loud, 24_000))).toBeLessThan(0.2);
  });

  test("the size of the chunks does not change the loudness", () => {
    const sound = sine({ hz: 300, sampleRate: 24_000, seconds: 2 });
    const meter = new LoudnessMeter(24_000);
    for (const chunk of inChunks(sound, 777)) meter.add(chunk);

    expect(meter.integrated()).toBe(measureLoudness(sound, 24_000));
  });

  test("a sound of a tenth of a second has a loudness, and the loudness of silence is -Infinity", () => {
    const short = sine({ hz: 997, sampleRate: 24_000, seconds: 0.1 });

    expect(measureLoudness(short, 24_000)).toBeCloseTo(-3, 0);
    expect(measureLoudness(new Float32Array(24_000), 24_000)).toBe(-Infinity);
    expect(measureLoudness(new Float32Array(0), 24_000)).toBe(-Infinity);
  });
});

describe("true peak", () => {
  test("finds a peak between samples", () => {
    const sound = sine({ hz: 6000, sampleRate: 24_000, seconds: 0.2, phase: Math.PI / 4 });
    const middle = sound.slice(1000, 3000);

    expect(20 * Math.log10(Math.max(...middle))).toBeCloseTo(-3, 1);
    expect(Math.abs(measureTruePeak(sound))).toBeLessThan(0.5);
  });

  test("finds a peak at the first or last sample", () => {
    expect(measureTruePeak(Float32Array.of(0.5))).toBeCloseTo(-6.02, 2);
    expect(measureTruePeak(Float32Array.of(0, 0.25, 0.25))).toBeGreaterThan(-11);
    expect(measureTruePeak(Float32Array.of(0.25, 0.25, 0))).toBeGreaterThan(-11);
  });

  test("the true peak of silence is -Infinity", () => {
    expect(measureTruePeak(new Float32Array(100))).toBe(-Infinity);
  });
});

describe("limiter", () => {
  const loud = sine({ hz: 440, sampleRate: 24_000, seconds: 0.2, gainDb: 6 });

  function limited(sound: Float32Array, chunk: number): Float32Array {
    const limiter = new Limiter(24_000, -2);
    const parts = inChunks(sound, chunk).map((part) => limiter.process(part));
    return Float32Array.from([...parts, limiter.flush()].flatMap((part) => [...part]));
  }

  test("keeps peaks below the ceiling and keeps the length", () => {
    const sound = limited(loud, 1000);

    expect(sound).toHaveLength(loud.length);
    expect(measureTruePeak(sound)).toBeLessThan(-1.9);
    expect(levelDb(sound)).toBeGreaterThan(-6);
  });

  test("gives the same sound for chunks of any size", () => {
    expect(limited(loud, 37)).toEqual(limited(loud, 24_000));
  });

  test("leaves sound below the ceiling unchanged, without delay", () => {
    const quiet = amplify(loud, -12);

    expect(limited(quiet, 500)).toEqual(quiet);
  });
});

test("fades start and end at zero and leave the middle unchanged", () => {
  const sound = new Float32Array(2400).fill(1);
  fadeEdges(sound, 24_000);

  expect([sound[0], sound[2399]]).toEqual([0, 0]);
  expect(sound[120]).toBeCloseTo(0.5);
  expect(sound.slice(240, 2160).every((sample) => sample === 1)).toBe(true);
});

test("silence is trimmed from both ends, and a silent sound is returned whole", () => {
  const tone = sine({ hz: 300, sampleRate: 1000, seconds: 1 });
  const pcm = new Float32Array(3000);
  pcm.set(tone, 1000);

  expect(trimSilence({ pcm, sampleRate: 1000 }).pcm).toHaveLength(1040);
  expect(trimSilence({ pcm: new Float32Array(10), sampleRate: 1000 }).pcm).toHaveLength(10);
});
