import { measurePitch } from "../../audio/pitch.js";
import type { Sound } from "../../audio/wav.js";
import { type FliteSettings, type Phone, runFlite } from "./flite.engine.js";
import type { Degradation } from "./speech.port.js";

export interface Melody {
  readonly pitchHz: number;
  /** Standard deviation at a range of 1, Hz. */
  readonly spreadHz: number;
  /** x */
  readonly range: number;
}

interface Sung extends Sound {
  readonly phones: readonly Phone[];
  readonly degraded: readonly Degradation[];
}

/** Part of the measured spread does not come from the setting: glottal noise and the phones' own pitch. */
const FIXED_SHARE = 0.15;
const IS_NEUTRAL = 0.05;
const IS_CLOSE = 0.1;
const IS_MISSED = 0.25;
/** Half a second of voice; less does not show a spread. */
const LEAST_VOICED_FRAMES = 50;

/**
 * Says a line with a melody. Flite takes a mean and a deviation, but what it makes of the deviation
 * depends on the line, so another range than 1 is measured against the plain line and corrected once.
 */
export async function sing(
  line: string,
  settings: Pick<FliteSettings, "voice" | "stretch">,
  melody: Melody,
): Promise<Sung> {
  const { pitchHz, spreadHz, range } = melody;
  const say = (spread: number) => runFlite(line, { ...settings, pitchHz, spreadHz: spread });
  const plain = await say(spreadHz);
  if (Math.abs(range - 1) < IS_NEUTRAL) return { ...plain, degraded: [] };

  const before = measurePitch(plain.pcm, plain.sampleRate);
  const guess = spreadHz * Math.max(0, (range - FIXED_SHARE) / (1 - FIXED_SHARE));
  const first = await say(guess);
  if (before.voicedFrames < LEAST_VOICED_FRAMES || before.spreadSt <= 0) {
    return { ...first, degraded: [] };
  }
  const reached = (sound: Sound) =>
    measurePitch(sound.pcm, sound.sampleRate).spreadSt / before.spreadSt;
  const got = reached(first);
  if (Math.abs(got / range - 1) < IS_CLOSE) return { ...first, degraded: [] };

  const second = await say(corrected(spreadHz, guess, got, range));
  const [best, share] = closer([first, got], [second, reached(second)], range);
  const isMissed = Math.abs(share / range - 1) > IS_MISSED;
  const reason = `The pitch range is ${share.toFixed(2)} times the voice's own instead of ${range.toFixed(2)}.`;
  return { ...best, degraded: isMissed ? [{ feature: "range", reason }] : [] };
}

/** Along the line through the plain and the first measure. */
function corrected(plain: number, guess: number, got: number, range: number): number {
  const slope = (got - 1) / (guess - plain);
  const aim = slope > 0 ? plain + (range - 1) / slope : guess;
  return Math.min(plain * 3, Math.max(0, aim));
}

function closer<T>(
  one: readonly [T, number],
  other: readonly [T, number],
  range: number,
): readonly [T, number] {
  return Math.abs(one[1] - range) <= Math.abs(other[1] - range) ? one : other;
}
