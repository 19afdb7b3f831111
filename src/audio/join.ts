import { fadeEdges } from "./signal/fades.js";
import { amplify } from "./signal/gain.js";
import { Limiter } from "./loudness/limiter.js";
import { LoudnessMeter, measureLoudness } from "./loudness/loudness.js";
import { resample } from "./signal/resample.js";
import { Scratch } from "./signal/scratch.js";
import { measureTruePeak } from "./loudness/true-peak.js";
import type { Sound } from "./signal/wav.js";

/** The sound of one segment, as input for joining. */
export interface JoinPart {
  /**
   * Loads the sound. Joining calls this function two to six times, to measure the sound and to join
   * it. Each call must return the same samples.
   */
  load(): Promise<Sound>;
  /**
   * Gain of the segment's delivery, dB. It is added after all segments were given the same
   * loudness.
   */
  readonly gainDb: number;
  readonly pauseAfterMs: number;
}

export interface JoinOptions {
  readonly leadInMs: number;
  readonly targetLufs: number;
  /** The highest true peak that the joined sound may have before encoding. */
  readonly ceilingDbtp: number;
}

/**
 * The two possible sample rates of the joined sound. mp3 and Opus support both. The high rate is
 * used only if the sound of a part has a higher rate than LOW_RATE.
 */
const LOW_RATE = 16_000;
const HIGH_RATE = 24_000;

/**
 * Audiobook and mono podcast platforms ask for -19 LUFS. The sound must stay below -1.5 dBTP after
 * encoding. Opus adds up to 1.7 dB to a peak, LAME (mp3) up to 0.7 dB: the largest values in 150
 * renders with every voice and emotion. So the ceiling before encoding must be below -1.5 - 1.7 =
 * -3.2 dBTP.
 */
export const JOIN_DEFAULTS: JoinOptions = {
  leadInMs: 200,
  targetLufs: -19,
  ceilingDbtp: -3.5,
};

interface PlannedPart {
  readonly startSample: number;
  readonly endSample: number;
  /**
   * The whole gain of the part, dB. It is the sum of:
   * - the gain that gives all parts the same loudness
   * - the gain of the part's delivery
   * - the gain that gives the whole sound the target loudness
   * - the gain that makes up for the limiter's loss, if the limiter makes the part quieter.
   */
  readonly gainDb: number;
  /**
   * The loudness that the part still lacks after `gainDb` and the limiter, dB, approximately. 0 if
   * the part reaches its loudness.
   */
  readonly missedDb: number;
}

export interface JoinPlan extends JoinOptions {
  readonly sampleRate: number;
  readonly parts: readonly PlannedPart[];
  readonly sampleCount: number;
}

/**
 * The largest gain for a quiet segment, dB. A segment that would need more gain contains only
 * noise.
 */
const MOST_RAISED_DB = 30;
/** The largest gain that is added to make up for the loudness that the limiter takes away, dB. */
const MOST_COMPENSATED_DB = 8;
/**
 * The loudness after the limiter is measured at most this many times. After each measurement, the
 * gain is more exact.
 */
const COMPENSATION_STEPS = 3;
/** The loudness is not measured again when it differs from the target by less than this, dB. */
const CLOSE_DB = 0.1;
/**
 * Only sound up to this length is corrected by `correctLoudness`. In short sound, the limiter and
 * the position of the meter's 400 ms blocks can move the loudness of the whole by 0.6 LU. To
 * measure this error, `correctLoudness` joins the parts, which takes 1 ms for each second of sound.
 * In longer sound, such errors cancel each other.
 */
const CORRECTED_SECONDS = 60;

interface MeasuredPart extends Omit<PlannedPart, "missedDb"> {
  readonly loudnessLufs: number;
  readonly peakDb: number;
}

/**
 * Plans the position and the gain of every part. This is the first pass; `joinParts` is the second.
 * Only one part is in memory at a time. If the limiter will make a part quieter, loads the part
 * again, measures the loss and adds gain to make up for it. If a part has a higher sample rate than
 * LOW_RATE, starts again at HIGH_RATE.
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
    meter.add(amplifyAndFade(sound, { sampleRate, gainDb }, scratch));
    meter.add(new Float32Array(pause));
    position = endSample + pause;
  }
  const loudness = meter.integrated();
  const wholeDb = Number.isFinite(loudness) ? targetLufs - loudness : 0;
  const planned = await compensateLimiter(parts, { ...options, sampleRate, wholeDb, measured });
  const plan = { ...options, sampleRate, parts: planned, sampleCount: position };
  return position > CORRECTED_SECONDS * sampleRate ? plan : correctLoudness(parts, plan);
}

/**
 * Adds the gain of the whole sound to the gain of each part. If the limiter will make a part
 * quieter, adds more gain to make up for the loss.
 */
async function compensateLimiter(
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
      ? raiseAgainstLimiter(await load(source, sampleRate), sampleRate, level)
      : { raisedDb: 0, missedDb: 0 };
    planned.push({ ...part, gainDb: gainDb + raisedDb, missedDb });
  }
  return planned;
}

/** Changes all gains by the same amount until the joined sound has the target loudness. */
async function correctLoudness(parts: readonly JoinPart[], plan: JoinPlan): Promise<JoinPlan> {
  let closer = plan;
  let movedDb = 0;
  for (let step = 0; step < COMPENSATION_STEPS; step++) {
    const missingDb = plan.targetLufs - (await measureJoined(parts, closer));
    if (!Number.isFinite(missingDb) || Math.abs(missingDb) < CLOSE_DB) break;
    // Do not add more gain: the limiter holds peaks at the ceiling, so the sound would only become
    // flatter.
    movedDb = Math.min(MOST_COMPENSATED_DB, movedDb + missingDb);
    const by = movedDb;
    closer = { ...plan, parts: plan.parts.map((part) => ({ ...part, gainDb: part.gainDb + by })) };
  }
  return closer;
}

async function measureJoined(parts: readonly JoinPart[], plan: JoinPlan): Promise<number> {
  const sound = joinParts(parts, plan);
  for (;;) {
    const { done, value } = await sound.next();
    if (done) return value;
  }
}

/**
 * Finds the additional gain, `raisedDb`, that makes up for the limiter's loss: after the limiter,
 * the part should be as loud as with `gainDb` alone and no limiter. `raisedDb` is at most
 * MOST_COMPENSATED_DB. `missedDb` is the loudness that is still missing with this gain.
 */
function raiseAgainstLimiter(
  sound: Float32Array<ArrayBuffer>,
  sampleRate: number,
  { loudnessLufs, gainDb, ceilingDbtp }: Record<"loudnessLufs" | "gainDb" | "ceilingDbtp", number>,
): { readonly raisedDb: number; readonly missedDb: number } {
  const scratch = new Scratch();
  const missing = (raisedDb: number): number => {
    const limiter = new Limiter(sampleRate, ceilingDbtp);
    const meter = new LoudnessMeter(sampleRate);
    const raised = amplifyAndFade(sound, { sampleRate, gainDb: gainDb + raisedDb }, scratch);
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
 * Yields the joined sound in chunks, `plan.sampleCount` samples in total. This is the second pass,
 * after `planJoin`. Pauses are digital silence. After the last chunk, returns the loudness of the
 * joined sound, LUFS.
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
  for await (const chunk of assembleParts(parts, plan)) yield measured(limiter.process(chunk));
  yield measured(limiter.flush());
  return loudness.integrated();
}

/**
 * Yields the parts and the pauses as input for the limiter. A chunk is overwritten when the next
 * chunk is requested.
 */
async function* assembleParts(
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
      throw new Error(
        `Part ${index} has another length than planned; load must return the same sound each time.`,
      );
    }
    yield amplifyAndFade(sound, { sampleRate: plan.sampleRate, gainDb: planned.gainDb }, scratch);
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

/**
 * Returns an amplified copy of a sound with faded edges. The copy is in the memory of `scratch`.
 */
function amplifyAndFade(
  pcm: Float32Array,
  { sampleRate, gainDb }: { readonly sampleRate: number; readonly gainDb: number },
  scratch: Scratch,
): Float32Array<ArrayBuffer> {
  const sound = amplify(pcm, gainDb, scratch.take(pcm.length));
  fadeEdges(sound, sampleRate);
  return sound;
}

const samplesOf = (ms: number, sampleRate: number) => Math.round((ms / 1000) * sampleRate);
