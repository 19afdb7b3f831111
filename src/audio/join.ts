import { fadeEdges } from "./signal/fades.js";
import { amplify } from "./signal/gain.js";
import { Limiter } from "./loudness/limiter.js";
import { LoudnessMeter, measureLoudness } from "./loudness/loudness.js";
import { resample } from "./signal/resample.js";
import { Scratch } from "./signal/scratch.js";
import { measureTruePeak } from "./loudness/true-peak.js";
import type { Sound } from "./signal/wav.js";

/** One segment's sound, on its way into the whole. */
export interface JoinPart {
  /** Called two to six times: to measure and to join. The sounds must be equal. */
  load(): Promise<Sound>;
  /** What its delivery adds to the common loudness, dB. */
  readonly gainDb: number;
  readonly pauseAfterMs: number;
}

export interface JoinOptions {
  readonly leadInMs: number;
  readonly targetLufs: number;
  /** Before encoding. */
  readonly ceilingDbtp: number;
}

/** The whole is as wide as its parts, in one of the rates that both mp3 and Opus know. */
const LOW_RATE = 16_000;
const HIGH_RATE = 24_000;

/**
 * -19 LUFS is what audiobook and mono podcast platforms ask; -1.5 dBTP must hold after encoding. Opus
 * adds up to 1.7 dB to a peak, LAME 0.7: the most of 150 renders in every voice and emotion.
 */
export const JOIN_DEFAULTS: JoinOptions = {
  leadInMs: 200,
  targetLufs: -19,
  ceilingDbtp: -3.5,
};

interface PlannedPart {
  readonly startSample: number;
  readonly endSample: number;
  /** Brings the part to the common loudness, adds its delivery's gain, and the whole to its target. */
  readonly gainDb: number;
  /** What the limiter takes of that, after all that it may be raised against it; about. */
  readonly missedDb: number;
}

export interface JoinPlan extends JoinOptions {
  readonly sampleRate: number;
  readonly parts: readonly PlannedPart[];
  readonly sampleCount: number;
}

/** No segment is raised more than this: below it lies noise. */
const MOST_RAISED_DB = 30;
/** What a limited part may be raised besides, and how often its loss is measured. */
const MOST_COMPENSATED_DB = 8;
const COMPENSATION_STEPS = 3;
/** Nearer to what is asked, nothing is measured once more. */
const CLOSE_DB = 0.1;
/**
 * In a minute of sound the limiter, and where blocks of 400 ms happen to fall, can move the whole by
 * 0.6 LU. It is joined to measure it, for 1 ms a second; in longer sound they even out.
 */
const CORRECTED_SECONDS = 60;

interface MeasuredPart extends Omit<PlannedPart, "missedDb"> {
  readonly loudnessLufs: number;
  readonly peakDb: number;
}

/**
 * The first pass: where every part will stand, and what gains the whole needs. Holds one part at a
 * time. Parts that the limiter will touch are loaded once more, and raised by what it takes of them.
 * Starts again at the high rate when it meets a part that needs it.
 */
export async function planJoin(
  parts: readonly JoinPart[],
  options: JoinOptions = JOIN_DEFAULTS,
  sampleRate: number = LOW_RATE,
): Promise<JoinPlan> {
  const { targetLufs } = options;
  const measured: MeasuredPart[] = [];
  const meter = new LoudnessMeter(sampleRate);
  const scratch = new Scratch();
  let position = samplesOf(options.leadInMs, sampleRate);
  meter.add(new Float32Array(position));
  for (const part of parts) {
    const loaded = await part.load();
    if (loaded.sampleRate > sampleRate && sampleRate < HIGH_RATE) {
      return planJoin(parts, options, HIGH_RATE);
    }
    const sound = resample(loaded.pcm, loaded.sampleRate, sampleRate);
    const loudnessLufs = measureLoudness(sound, sampleRate);
    const gainDb = levelGain(loudnessLufs, targetLufs) + part.gainDb;
    const pause = samplesOf(part.pauseAfterMs, sampleRate);
    const endSample = position + sound.length;
    const peakDb = measureTruePeak(sound);
    measured.push({ startSample: position, endSample, gainDb, loudnessLufs, peakDb });
    meter.add(shaped(sound, { sampleRate, gainDb }, scratch));
    meter.add(new Float32Array(pause));
    position = endSample + pause;
  }
  const loudness = meter.integrated();
  const wholeDb = Number.isFinite(loudness) ? targetLufs - loudness : 0;
  const planned = await compensated(parts, { ...options, sampleRate, wholeDb, measured });
  const plan = { ...options, sampleRate, parts: planned, sampleCount: position };
  return position > CORRECTED_SECONDS * sampleRate ? plan : corrected(parts, plan);
}

/** Every part with its gain in the whole, and raised by what the limiter will take of it. */
async function compensated(
  parts: readonly JoinPart[],
  given: {
    readonly sampleRate: number;
    readonly ceilingDbtp: number;
    readonly wholeDb: number;
    readonly measured: readonly MeasuredPart[];
  },
): Promise<readonly PlannedPart[]> {
  const { sampleRate, ceilingDbtp, wholeDb, measured } = given;
  const planned: PlannedPart[] = [];
  for (const [index, { loudnessLufs, peakDb, ...part }] of measured.entries()) {
    const gainDb = part.gainDb + wholeDb;
    const source = parts[index];
    const isLimited = source !== undefined && peakDb + gainDb > ceilingDbtp;
    const level = { loudnessLufs, gainDb, ceilingDbtp };
    const { raisedDb, missedDb } = isLimited
      ? raisedAgainstLimiter(await load(source, sampleRate), sampleRate, level)
      : { raisedDb: 0, missedDb: 0 };
    planned.push({ ...part, gainDb: gainDb + raisedDb, missedDb });
  }
  return planned;
}

/** The plan, its gains moved together until what is joined has the loudness that is asked. */
async function corrected(parts: readonly JoinPart[], plan: JoinPlan): Promise<JoinPlan> {
  let closer = plan;
  let movedDb = 0;
  for (let step = 0; step < COMPENSATION_STEPS; step++) {
    const missingDb = plan.targetLufs - (await joinedLoudness(parts, closer));
    if (!Number.isFinite(missingDb) || Math.abs(missingDb) < CLOSE_DB) break;
    // What the ceiling does not hold would be pressed flat for nothing.
    movedDb = Math.min(MOST_COMPENSATED_DB, movedDb + missingDb);
    const by = movedDb;
    closer = { ...plan, parts: plan.parts.map((part) => ({ ...part, gainDb: part.gainDb + by })) };
  }
  return closer;
}

async function joinedLoudness(parts: readonly JoinPart[], plan: JoinPlan): Promise<number> {
  const sound = joinParts(parts, plan);
  for (;;) {
    const { done, value } = await sound.next();
    if (done) return value;
  }
}

/**
 * What a part must be raised for the limiter to leave its loudness at what `gainDb` makes of it, and
 * what is missing then.
 */
function raisedAgainstLimiter(
  sound: Float32Array<ArrayBuffer>,
  sampleRate: number,
  { loudnessLufs, gainDb, ceilingDbtp }: Record<"loudnessLufs" | "gainDb" | "ceilingDbtp", number>,
): { readonly raisedDb: number; readonly missedDb: number } {
  const scratch = new Scratch();
  const missing = (raisedDb: number): number => {
    const limiter = new Limiter(sampleRate, ceilingDbtp);
    const meter = new LoudnessMeter(sampleRate);
    const raised = shaped(sound, { sampleRate, gainDb: gainDb + raisedDb }, scratch);
    meter.add(limiter.process(raised));
    meter.add(limiter.flush());
    return loudnessLufs + gainDb - meter.integrated();
  };
  let askedDb = 0;
  let missingDb = Infinity;
  for (let step = 0; step < COMPENSATION_STEPS && Math.abs(missingDb) >= CLOSE_DB; step++) {
    missingDb = missing(askedDb);
    askedDb += missingDb;
  }
  const raisedDb = Math.min(MOST_COMPENSATED_DB, Math.max(0, askedDb));
  const isReached = Math.abs(missingDb) < CLOSE_DB && raisedDb >= askedDb;
  return { raisedDb, missedDb: isReached ? 0 : missing(raisedDb) };
}

/**
 * The second pass: the whole, chunk by chunk, exactly `plan.sampleCount` samples. Returns its
 * loudness, LUFS, when it is done. Pauses are digital silence.
 */
export async function* joinParts(
  parts: readonly JoinPart[],
  plan: JoinPlan,
): AsyncGenerator<Float32Array<ArrayBuffer>, number> {
  const limiter = new Limiter(plan.sampleRate, plan.ceilingDbtp);
  const loudness = new LoudnessMeter(plan.sampleRate);
  const measured = (chunk: Float32Array<ArrayBuffer>) => {
    loudness.add(chunk);
    return chunk;
  };
  for await (const chunk of assembled(parts, plan)) yield measured(limiter.process(chunk));
  yield measured(limiter.flush());
  return loudness.integrated();
}

/** Each chunk holds until the next. */
async function* assembled(
  parts: readonly JoinPart[],
  plan: JoinPlan,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const scratch = new Scratch();
  let position = 0;
  for (const [index, part] of parts.entries()) {
    const planned = plan.parts[index];
    if (!planned) throw new Error(`The plan has no part ${index}.`);
    yield new Float32Array(planned.startSample - position);
    const loaded = await part.load();
    const sound = resample(loaded.pcm, loaded.sampleRate, plan.sampleRate);
    if (sound.length !== planned.endSample - planned.startSample) {
      throw new Error(`Part ${index} is not the one that was planned.`);
    }
    yield shaped(sound, { sampleRate: plan.sampleRate, gainDb: planned.gainDb }, scratch);
    position = planned.endSample;
  }
  yield new Float32Array(plan.sampleCount - position);
}

async function load(part: JoinPart, toRate: number): Promise<Float32Array<ArrayBuffer>> {
  const { pcm, sampleRate } = await part.load();
  return resample(pcm, sampleRate, toRate);
}

function levelGain(loudnessLufs: number, targetLufs: number): number {
  return Number.isFinite(loudnessLufs) ? Math.min(MOST_RAISED_DB, targetLufs - loudnessLufs) : 0;
}

/** Louder and with faded edges, in `scratch`. */
function shaped(
  pcm: Float32Array,
  { sampleRate, gainDb }: { readonly sampleRate: number; readonly gainDb: number },
  scratch: Scratch,
): Float32Array<ArrayBuffer> {
  const sound = amplify(pcm, gainDb, scratch.take(pcm.length));
  fadeEdges(sound, sampleRate);
  return sound;
}

const samplesOf = (ms: number, sampleRate: number) => Math.round((ms / 1000) * sampleRate);
