import { type PitchTrack, spreadOf, trackPitch } from "./pitch.js";
import type { Sound } from "../signal/wav.js";

/** Changes to the melody of speech. */
export interface IntonationChange {
  /** Pitch change of the whole sound, semitones. */
  readonly pitch: number;
  /** Factor for the distance between the pitch and the median pitch. */
  readonly range: number;
  /** Rise at the end, semitones. */
  readonly rise: number;
}

/** The rise at the end lasts this long, which is about the last syllable. */
const RISE_SECONDS = 0.3;
/**
 * The largest pitch shift, semitones. After a shift of more than an octave, the overlapping grains
 * sound like another person's voice.
 */
const MOST_SHIFT_ST = 12;
const LOWEST_HZ = 45;
const HIGHEST_HZ = 550;

export interface Intoned extends Sound {
  /**
   * The measured pitch range of the result, divided by the measured pitch range of the input.
   * Equals the requested factor if the sound has too little voice to measure a range.
   */
  readonly range: number;
}

const isUnchanged = ({ pitch, range, rise }: IntonationChange): boolean =>
  pitch === 0 && range === 1 && rise === 0;

/**
 * Changes the melody of speech and keeps its duration, by pitch-synchronous overlap and add
 * (Moulines & Charpentier 1990). The formants do not move, so the voice sounds like the same
 * person. Only the voiced stretches of the sound change. The same input gives the same bytes.
 */
export function changeMelody(sound: Sound, change: IntonationChange): Intoned {
  if (isUnchanged(change)) return { ...sound, range: 1 };
  const { pcm, sampleRate } = sound;
  const track = trackPitch(pcm, sampleRate);
  const shift = shiftOf(track, change);
  const changed = Float32Array.from(pcm);
  for (const [first, last] of voicedStretches(track)) {
    const marks = findPulses(pcm, track, [first, last]);
    if (marks.length > 2) overlapAdd(pcm, changed, { marks, shift });
  }
  if (change.range === 1) return { pcm: changed, sampleRate, range: 1 };
  // Measure the range only on the frames before the rise at the end, because the rise changes the
  // spread of the pitch.
  const frames = track.hz.length - (change.rise === 0 ? 0 : RISE_SECONDS * 100);
  const [before, after] = [track, trackPitch(changed, sampleRate)].map(({ hz }) =>
    spreadOf(hz.slice(0, frames)),
  );
  return { pcm: changed, sampleRate, range: before && after ? after / before : change.range };
}

/** Returns a function from the index of a sample to the pitch shift at this sample, semitones. */
function shiftOf(
  track: PitchTrack,
  { pitch, range, rise }: IntonationChange,
): (sample: number) => number {
  const voiced = track.hz.filter((hz) => hz > 0).sort((one, other) => one - other);
  const middle = voiced[Math.floor(voiced.length / 2)] ?? 0;
  const end = (track.hz.findLastIndex((hz) => hz > 0) + 1) * track.hop;
  const span = RISE_SECONDS * track.sampleRate;
  return (sample) => {
    const hz = track.hzAt(sample);
    const way = hz > 0 && middle > 0 ? 12 * Math.log2(hz / middle) : 0;
    const risen = Math.min(1, Math.max(0, (sample - (end - span)) / span));
    const asked = pitch + (range - 1) * way + rise * risen;
    const wanted = hz * 2 ** (asked / 12);
    const allowed =
      hz > 0 ? asked + 12 * Math.log2(within(wanted, LOWEST_HZ, HIGHEST_HZ) / wanted) : 0;
    return within(allowed, -MOST_SHIFT_ST, MOST_SHIFT_ST);
  };
}

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

/**
 * Returns the stretches of voiced samples. Each stretch is [first sample, sample after the last].
 */
function voicedStretches({ hz, hop }: PitchTrack): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (const [frame, pitch] of hz.entries()) {
    if (pitch === 0) continue;
    const last = stretches.at(-1);
    if (last && frame * hop <= last[1]) last[1] = (frame + 1) * hop;
    else stretches.push([frame * hop, (frame + 1) * hop]);
  }
  return stretches;
}

/**
 * Returns one mark for each glottal pulse in a stretch. A mark is the index of a sample. The search
 * begins at the loudest sample and goes in both directions. The next mark is about one period away,
 * where the wave is most similar to the wave at the previous mark.
 */
function findPulses(
  pcm: Float32Array,
  track: PitchTrack,
  [first, last]: readonly [number, number],
): readonly number[] {
  let loudest = first;
  for (let at = first; at < last; at++) {
    if (Math.abs(pcm[at] ?? 0) > Math.abs(pcm[loudest] ?? 0)) loudest = at;
  }
  const walk = (direction: 1 | -1): number[] => {
    const marks: number[] = [];
    for (let mark = loudest; ;) {
      const period = periodAt(track, mark);
      const next = findMostSimilar(pcm, mark, direction * period);
      if (next < first || next >= last) return marks;
      marks.push(next);
      mark = next;
    }
  };
  return [...walk(-1).reverse(), loudest, ...walk(1)];
}

const periodAt = (track: PitchTrack, sample: number) =>
  Math.round(track.sampleRate / (track.hzAt(sample) || 100));

/**
 * Returns the sample where the wave correlates most with the wave at `mark`. Searches the samples
 * around `mark + step`, up to 15 % of a period away.
 */
function findMostSimilar(pcm: Float32Array, mark: number, step: number): number {
  const period = Math.abs(step);
  const slack = Math.round(period * 0.15);
  let best = mark + step;
  let most = -Infinity;
  for (let at = mark + step - slack; at <= mark + step + slack; at++) {
    let [product, power] = [0, 1e-9];
    for (let offset = -period >> 1; offset < period >> 1; offset++) {
      const other = pcm[at + offset] ?? 0;
      product += (pcm[mark + offset] ?? 0) * other;
      power += other * other;
    }
    const likeness = product / Math.sqrt(power);
    if (likeness > most) [best, most] = [at, likeness];
  }
  return best;
}

/** A piece of the wave: one period before a mark and one period after the mark. */
interface Grain {
  readonly mark: number;
  /** Samples on each side of the mark. */
  readonly before: number;
  readonly after: number;
}

function grainsOf(marks: readonly number[]): readonly Grain[] {
  const reach = (marks[1] ?? 0) - (marks[0] ?? 0);
  return marks.map((mark, index) => {
    const before = mark - (marks[index - 1] ?? mark - reach);
    return { mark, before, after: (marks[index + 1] ?? mark + before) - mark };
  });
}

interface Voicing {
  readonly marks: readonly number[];
  readonly shift: (sample: number) => number;
}

/**
 * The sum of the grains is divided by the sum of their weights, or by this number if the sum of the
 * weights is smaller. Where grains hardly overlap, the sum of the weights is close to 0, and
 * division by such a sum would make the sound too loud.
 */
const LEAST_WEIGHT = 0.35;

/**
 * Places the grains closer together to raise the pitch, or further apart to lower the pitch. Writes
 * the result into `changed`, with fades from and to the original at both ends.
 */
function overlapAdd(pcm: Float32Array, changed: Float32Array, { marks, shift }: Voicing): void {
  const grains = grainsOf(marks);
  const [first, last] = [grains[0], grains.at(-1)];
  if (!first || !last) return;
  const from = Math.max(0, first.mark - first.before);
  const added: GrainSum = {
    from,
    sum: new Float64Array(last.mark + last.after - from),
    weights: new Float64Array(last.mark + last.after - from),
  };
  let end = first.mark;
  let at: number = first.mark;
  for (const [index, grain] of grains.entries()) {
    const next = grains[index + 1]?.mark ?? Infinity;
    // Put the same grain at each place that is nearer to the grain's mark than to the next mark.
    while (at <= last.mark && at - grain.mark <= next - at) {
      end = Math.round(at);
      addGrain(pcm, added, grain, end);
      at += grain.after / 2 ** (shift(grain.mark) / 12);
    }
  }
  blend(pcm, changed, added, [first.mark, end]);
}

/** The sum of the grains and the sum of their weights, starting at sample `from`. */
interface GrainSum {
  readonly from: number;
  readonly sum: Float64Array;
  readonly weights: Float64Array;
}

function addGrain(
  pcm: Float32Array,
  { from, sum, weights }: GrainSum,
  grain: Grain,
  place: number,
): void {
  const { mark, before, after } = grain;
  for (let offset = Math.max(-before, from - place); offset < after; offset++) {
    const index = place + offset - from;
    const weight = hann(offset / (offset < 0 ? before : after));
    sum[index] = (sum[index] ?? 0) + weight * (pcm[mark + offset] ?? 0);
    weights[index] = (weights[index] ?? 0) + weight;
  }
}

/**
 * Writes the grains into `changed`. Fades from the original into the grains before the first mark,
 * and back to the original after the last mark.
 */
function blend(
  pcm: Float32Array,
  changed: Float32Array,
  { from, sum, weights }: GrainSum,
  [first, end]: readonly [number, number],
): void {
  const after = from + sum.length - end;
  for (const [index, grains] of sum.entries()) {
    const at = from + index;
    if (at >= changed.length) break;
    const grained = grains / Math.max(weights[index] ?? 0, LEAST_WEIGHT);
    const inside = at < first ? hann((first - at) / (first - from)) : hann((at - end) / after);
    const share = at < first || at > end ? inside : 1;
    changed[at] = share * grained + (1 - share) * (pcm[at] ?? 0);
  }
}

/** The Hann window: 1 at 0, and 0 at -1 and 1. */
const hann = (place: number) => 0.5 + 0.5 * Math.cos(Math.PI * place);
