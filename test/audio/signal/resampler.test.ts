import fc from "fast-check";
import { Resampler, resample } from "../../../src/audio/signal/resample.js";
import { inChunks, sine } from "../tones.js";

const RATES = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000];

test("a stream in chunks of any size gives the same samples as the whole sound", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATES),
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 1, max: 700 }),
      (sampleRate, length, size) => {
        const sound = sine({ hz: 440, sampleRate, seconds: 1 }).slice(0, length);
        const resampler = new Resampler(sampleRate, 24_000);

        const parts = inChunks(sound, size).map((chunk) => resampler.process(chunk));
        const streamed = [...parts, resampler.flush()].flatMap((part) => Array.from(part));

        expect(streamed).toEqual(Array.from(resample(sound, sampleRate, 24_000)));
      },
    ),
    { numRuns: 60 },
  );
});

test("a resampler keeps only the samples that later output needs", () => {
  const resampler = new Resampler(48_000, 24_000);
  const chunk = new Float32Array(4_800);

  const lengths = Array.from({ length: 20 }, () => resampler.process(chunk).length);

  expect(new Set(lengths.slice(1))).toEqual(new Set([2_400]));
});
