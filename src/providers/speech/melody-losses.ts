import type { Degradation, SpokenProsody } from "./speech.port.js";

/**
 * Lists the requested melody changes that a whisper cannot have. A whisper has no voicing, so it
 * has no melody to change.
 */
export function describeWhisperLosses({
  pitch,
  range,
  rise,
}: SpokenProsody): readonly Degradation[] {
  const reason = "A whisper has no pitch.";
  return [
    ...(pitch === 0 ? [] : [{ feature: "pitch", reason } as const]),
    ...(range === 1 ? [] : [{ feature: "range", reason } as const]),
    ...(rise === 0 ? [] : [{ feature: "rise", reason } as const]),
  ];
}

const IS_MISSED = 0.2;

/**
 * Reports the first measured pitch range that differs from the requested range by more than 20 %.
 * Returns an empty list if there is none. A range is a factor: 1 is the unchanged range of the
 * voice.
 * @param reached the measured range of each piece of the sound
 */
export function describeMissedRange(
  reached: readonly number[],
  asked: number,
): readonly Degradation[] {
  const missed = reached.find((range) => Math.abs(range / asked - 1) > IS_MISSED);
  if (missed === undefined) return [];
  const reason = `The pitch range is ${missed.toFixed(2)} times the voice's own instead of ${asked.toFixed(2)}.`;
  return [{ feature: "range", reason }];
}
