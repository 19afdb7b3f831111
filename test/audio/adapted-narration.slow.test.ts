import { modelOf } from "../../bench/voice/synthetic-model.js";
import { writeWebVtt } from "../../src/audio/files/captions.js";
import { buildTimings } from "../../src/audio/files/timings.js";
import { planJoin } from "../../src/audio/join.js";
import { resolveProsody } from "../../src/audio/delivery/prosody.js";
import { measureLoudness } from "../../src/audio/loudness/loudness.js";
import { levelDb } from "../../src/audio/signal/silence.js";
import { type Line, joined, spoken } from "./narrated-files.js";
import { truePeakOf } from "./peak-measure.js";

const OWN = "flite:own-AAAAAAAAAAAAAAAAAAAAAA";
const SCRIPT: readonly Line[] = [
  [OWN, "neutral", "The keeper climbed the stairs before dawn; the lamp was still burning."],
  [OWN, "anger", "“Who has been here?” he shouted."],
  [OWN, "whisper", "“Only the sea,” said a voice."],
  [OWN, "sadness", "He sat down on the last step and wept."],
];

test("a narration in a personal voice keeps the loudness, the gains, the times and the captions", async () => {
  const lines = await Promise.all(SCRIPT.map((line) => spoken(line, modelOf())));
  const parts = lines.map(({ part }) => part);
  const plan = await planJoin(parts);
  const { pcm, loudnessLufs } = await joined(parts, plan);
  const segments = lines.map(({ text, speech }, index) => ({
    ...{ id: String(index), text, speaker: null, story: null, words: speech.words },
  }));
  const timings = buildTimings(plan, segments, []);
  const between = (startMs: number, endMs: number) =>
    pcm.slice((startMs * plan.sampleRate) / 1000, (endMs * plan.sampleRate) / 1000);

  expect(Math.abs(loudnessLufs + 19)).toBeLessThan(0.5);
  expect(truePeakOf(pcm)).toBeLessThan(-1.5);
  const loudness = timings.segments.map(({ startMs, endMs }) =>
    measureLoudness(between(startMs, endMs), plan.sampleRate),
  );
  for (const [index, [, emotion]] of SCRIPT.entries()) {
    const { gain } = resolveProsody({ emotion, intensity: 1 });
    const moved = (loudness[index] ?? NaN) - (loudness[0] ?? NaN);
    expect(Math.abs(moved - gain)).toBeLessThan(Math.max(0.3, Math.abs(gain) * 0.2));
  }
  for (const { words, startMs, endMs } of timings.segments) {
    expect(words.every((word) => word.startMs >= startMs && word.endMs <= endMs)).toBe(true);
    expect(words.every((word) => word.endMs > word.startMs)).toBe(true);
    for (const word of words)
      expect(levelDb(between(word.startMs, word.endMs))).toBeGreaterThan(-50);
  }
  expect(writeWebVtt(timings).split("-->").length - 1).toBeGreaterThanOrEqual(SCRIPT.length);
});
