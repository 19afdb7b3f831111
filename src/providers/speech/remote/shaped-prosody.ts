import { describeMissedRange, describeWhisperLosses } from "../melody-losses.js";
import type { Degradation, ProsodyFeature, SpokenProsody } from "../speech.port.js";
import type { ShapingInput } from "./shaping.worker.js";

/** What shaping can change in the sound of a vendor. The vendor itself changes the rate. */
export const SHAPED_PROSODY: readonly ProsodyFeature[] = [
  ...(["rate", "pitch", "range", "rise", "tilt", "breath", "tremor", "whisper"] as const),
];

const MOST_SHIFT_ST = 12;

/** @param isLast true for the last piece of a text, which has the rise of the text */
export function shapingOf(
  { pitch, range, rise, tilt, breath, tremor, isWhispered }: SpokenProsody,
  isLast: boolean,
): Omit<ShapingInput, "sound"> {
  const intonation = isWhispered
    ? { pitch: 0, range: 1, rise: 0 }
    : { pitch, range, rise: isLast ? rise : 0 };
  return { intonation, quality: { tilt, breath, tremor, isWhispered } };
}

/**
 * Lists the changes of the melody that shaping did not reach.
 * @param reached the measured range of each piece
 */
export function describeShaping(
  id: string,
  prosody: SpokenProsody,
  reached: readonly number[],
): readonly Degradation[] {
  if (prosody.isWhispered) return describeWhisperLosses(prosody);
  const reason = `${id}'s pitch can be shifted by an octave at most.`;
  const isTooFar = Math.abs(prosody.pitch) > MOST_SHIFT_ST;
  return [
    ...(isTooFar ? [{ feature: "pitch", reason } as const] : []),
    ...describeMissedRange(reached, prosody.range),
  ];
}
