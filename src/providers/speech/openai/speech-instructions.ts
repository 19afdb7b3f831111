import type { SpokenEmotion } from "../speech.port.js";

const IS_NOTICEABLE = 0.05;
const FAINT = 0.4;
const STRONG = 0.75;

/**
 * Writes instructions for a model that follows them: the feeling, its strength and the pace.
 * Returns null if there is no feeling and the pace is normal.
 */
export function writeInstructions(emotion: SpokenEmotion | undefined, rate: number): string | null {
  const parts = ["Read as the narrator of an audiobook."];
  if (emotion) parts.push(`Speak with ${degreeOf(emotion.intensity)} ${emotion.name}.`);
  if (rate < 1 - IS_NOTICEABLE) parts.push(`Speak ${rate < 0.8 ? "very slowly" : "slowly"}.`);
  if (rate > 1 + IS_NOTICEABLE) parts.push(`Speak ${rate > 1.25 ? "very fast" : "fast"}.`);
  return parts.length > 1 ? parts.join(" ") : null;
}

function degreeOf(intensity: number): string {
  if (intensity < FAINT) return "a touch of";
  return intensity < STRONG ? "clear" : "strong";
}
