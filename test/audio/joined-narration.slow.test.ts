import NodeId3 from "node-id3";
import { ALL_FORMATS, BufferSource, Input } from "mediabunny";
import { writeWebVtt } from "../../src/audio/files/captions.js";
import { type JoinPart, type JoinPlan, planJoin } from "../../src/audio/join.js";
import { measureLoudness } from "../../src/audio/loudness/loudness.js";
import { resolveProsody } from "../../src/audio/delivery/prosody.js";
import { resample } from "../../src/audio/signal/resample.js";
import { levelDb } from "../../src/audio/signal/silence.js";
import type { AudioFormat } from "../../src/audio/files/sound-file.js";
import { type TimingsDocument, buildTimings } from "../../src/audio/files/timings.js";
import type { Sound } from "../../src/audio/signal/wav.js";
import { parseWav } from "../../src/audio/signal/wav-reader.js";
import { decodedMp3, decodedOpus, filesOf, joined, spoken } from "./narrated-files.js";
import { truePeakOf } from "./peak-measure.js";

const SCRIPT = [
  [
    "flite:slt",
    "neutral",
    "The keeper climbed the stairs before dawn, as he had done for thirty years; and, as on every morning, the lamp was still burning.",
  ],
  ["flite:awb", "anger", "“Who has been here?” he shouted."],
  ["flite:slt", "whisper", "“Only the sea,” said a voice."],
  ["flite:rms", "sadness", "He sat down on the last step and wept."],
  ["flite:slt-child", "joy", "“Come and look! The ship is back!”"],
  ["flite:kal16", "suspense", "Behind him, very slowly, the door began to close…"],
] as const;

const CHAPTERS = [
  { title: "Dawn", startMs: 0, endMs: 12_000 },
  { title: "The ship — “back”", startMs: 12_000, endMs: 20_000 },
];

const NAMED = { title: "The Keeper", chapters: CHAPTERS };

const MARKS = [
  { title: "Dawn", segment: 0 },
  { title: "The step", segment: 3 },
];

interface Narration {
  readonly parts: readonly JoinPart[];
  readonly plan: JoinPlan;
  readonly timings: TimingsDocument;
  readonly pcm: Float32Array<ArrayBuffer>;
  readonly loudnessLufs: number;
}

let narration: Narration;
let files: Readonly<Record<AudioFormat, Buffer>>;
let mp3Sound: Sound;

beforeAll(async () => {
  narration = await narrate();
  files = await filesOf(narration.parts, narration.plan, NAMED);
  mp3Sound = await decodedMp3(files.mp3);
});

async function narrate(): Promise<Narration> {
  const lines = await Promise.all(SCRIPT.map((line) => spoken(line)));
  const parts = lines.map(({ part }) => part);
  const segments = lines.map(({ text, speech }, index) => ({
    ...{ id: String(index), text, speaker: null, story: null },
    words: speech.words,
  }));
  const plan = await planJoin(parts);
  const { pcm, loudnessLufs } = await joined(parts, plan);
  return { parts, plan, pcm, loudnessLufs, timings: buildTimings(plan, segments, MARKS) };
}

const between = ({ pcm, sampleRate }: Sound, startMs: number, endMs: number) =>
  pcm.slice(Math.round((startMs * sampleRate) / 1000), Math.round((endMs * sampleRate) / 1000));

test("the joined sound is -19 LUFS, below -1.5 dBTP, and as long as planned", () => {
  const { pcm, plan, loudnessLufs, timings } = narration;

  expect(pcm).toHaveLength(plan.sampleCount);
  expect(Math.abs(loudnessLufs + 19)).toBeLessThan(0.5);
  expect(measureLoudness(pcm, plan.sampleRate)).toBeCloseTo(loudnessLufs, 6);
  expect(truePeakOf(pcm)).toBeLessThan(-1.5);
  expect(timings.durationMs).toBe(Math.round((pcm.length / plan.sampleRate) * 1000));
});

test("segments differ in loudness by the gains of their emotions", () => {
  const { plan, pcm, timings } = narration;
  const loudness = timings.segments.map(({ startMs, endMs }) =>
    measureLoudness(between({ pcm, sampleRate: plan.sampleRate }, startMs, endMs), plan.sampleRate),
  );

  const asked = SCRIPT.map(([, emotion]) => resolveProsody({ emotion, intensity: 1 }).gain);
  for (const [index, gain] of asked.entries()) {
    const moved = (loudness[index] ?? NaN) - (loudness[0] ?? NaN);
    expect(Math.abs(moved - gain)).toBeLessThan(Math.max(0.3, Math.abs(gain) * 0.2));
  }
});

test("pauses are digital silence and contain no word", () => {
  const { plan, pcm, timings } = narration;
  const edges = [0, ...timings.segments.flatMap((one) => [one.startMs, one.endMs])];
  const pauses = edges.flatMap((endMs, index) =>
    index % 2 === 0 ? [[endMs, edges[index + 1] ?? timings.durationMs] as const] : [],
  );

  expect(pauses).toHaveLength(SCRIPT.length + 1);
  for (const [startMs, endMs] of pauses) {
    expect(endMs - startMs).toBeGreaterThan(150);
    const pause = between({ pcm, sampleRate: plan.sampleRate }, startMs + 1, endMs - 1);
    expect(levelDb(pause)).toBe(-Infinity);
  }
  for (const { words, startMs, endMs } of timings.segments) {
    expect(words.length).toBeGreaterThan(4);
    expect(words.every((word) => word.startMs >= startMs && word.endMs <= endMs)).toBe(true);
    expect(words.every((word) => word.endMs > word.startMs)).toBe(true);
  }
});

test("chapters begin with their first segment and end where the next begins", () => {
  const { chapters, durationMs, segments } = narration.timings;

  const stepMs = segments[3]?.startMs ?? 0;
  expect(chapters).toEqual([
    { title: "Dawn", startMs: 0, endMs: stepMs },
    { title: "The step", startMs: stepMs, endMs: durationMs },
  ]);
  expect(stepMs).toBeGreaterThan(segments[2]?.endMs ?? durationMs);
});

test("the mp3 has the reported duration, no delay, and its chapters", () => {
  const { timings, pcm } = narration;
  const sound = mp3Sound;

  expect(Math.abs((sound.pcm.length / sound.sampleRate) * 1000 - timings.durationMs)).toBeLessThan(
    50,
  );
  expect(truePeakOf(sound.pcm)).toBeLessThan(-1.5);
  expect(Math.abs(measureLoudness(sound.pcm, sound.sampleRate) + 19)).toBeLessThan(0.5);
  expect(Math.abs(lagOf(pcm, sound.pcm))).toBeLessThanOrEqual(1);
  const tags = NodeId3.read(files.mp3);
  expect(tags.title).toBe("The Keeper");
  expect(tags.tableOfContents?.[0]?.elements).toEqual(["chp0", "chp1"]);
  expect(tags.chapter?.map((one) => [one.tags?.title, one.startTimeMs, one.endTimeMs])).toEqual(
    CHAPTERS.map((one) => [one.title, one.startMs, one.endMs]),
  );
});

test("every cue of the captions contains sound, even after encoding", () => {
  const times = [...writeWebVtt(narration.timings).matchAll(/(\S+) --> (\S+)/g)];

  expect(times.length).toBeGreaterThanOrEqual(SCRIPT.length + 1);
  for (const [, start = "", end = ""] of times) {
    expect(levelDb(between(mp3Sound, msOf(start), msOf(end)))).toBeGreaterThan(-40);
  }
});

test("the Opus file has the reported duration and decodes to the joined sound", async () => {
  const input = new Input({
    formats: ALL_FORMATS,
    source: new BufferSource(new Uint8Array(files.opus)),
  });

  const durationMs = (await input.computeDuration()) * 1000;

  expect(Math.abs(durationMs - narration.timings.durationMs)).toBeLessThan(50);
  const { pcm } = decodedOpus(files.opus, 16_000);
  expect(Math.abs(lagOf(narration.pcm, pcm))).toBeLessThanOrEqual(12);
  const heard = decodedOpus(files.opus, 48_000);
  expect(truePeakOf(heard.pcm)).toBeLessThan(-1.5);
  expect(Math.abs(measureLoudness(heard.pcm, heard.sampleRate) + 19)).toBeLessThan(0.5);
});

test("the WAV file contains the joined sound to 16 bits", () => {
  const { pcm, sampleRate } = parseWav(files.wav);

  expect(sampleRate).toBe(narration.plan.sampleRate);
  expect(pcm).toHaveLength(narration.pcm.length);
  const error = pcm.map((sample, at) => sample - (narration.pcm[at] ?? 0));
  expect(levelDb(error)).toBeLessThan(-90);
});

test("the same parts give the same files", async () => {
  expect(await filesOf(narration.parts, narration.plan, NAMED)).toEqual(files);
});

test("a silent part joins to silence", async () => {
  const silent = { pcm: new Float32Array(1600), sampleRate: 16_000 };
  const parts = [{ load: async () => silent, gainDb: 0, pauseAfterMs: 100 }];

  const { pcm } = await joined(parts, await planJoin(parts));

  expect(levelDb(pcm)).toBe(-Infinity);
});

test("one part with a higher sample rate raises the joined rate and keeps the loudness", async () => {
  const wide = narration.parts.slice(0, 1).map((part) => ({
    ...part,
    load: async () => {
      const { pcm, sampleRate } = await part.load();
      return { pcm: resample(pcm, sampleRate, 24_000), sampleRate: 24_000 };
    },
  }));
  const parts = [...narration.parts, ...wide];

  const plan = await planJoin(parts);
  const { pcm, loudnessLufs } = await joined(parts, plan);

  expect(narration.plan.sampleRate).toBe(16_000);
  expect(plan.sampleRate).toBe(24_000);
  expect(pcm).toHaveLength(plan.sampleCount);
  expect(Math.abs(loudnessLufs + 19)).toBeLessThan(0.5);
});

/** Returns by how many samples `other` must be shifted to be most similar to `one`. */
function lagOf(one: Float32Array, other: Float32Array): number {
  const [reach, start, length] = [20, 30_000, 8000];
  let best = { lag: NaN, product: -Infinity };
  for (let lag = -reach; lag <= reach; lag++) {
    let product = 0;
    for (let at = start; at < start + length; at++) {
      product += (one[at] ?? 0) * (other[at + lag] ?? 0);
    }
    if (product > best.product) best = { lag, product };
  }
  return best.lag;
}

function msOf(stamp: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = stamp.split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
