import { EMOTION_DELIVERIES } from "./deliveries.js";

/** What stands between two segments. */
export interface Juncture {
  /** The text before. */
  readonly text: string;
  readonly endsParagraph: boolean;
  readonly changesSpeaker: boolean;
  readonly isBeforeClimax: boolean;
  /** x, from the prosody of the text before. */
  readonly pauses: number;
}

/** Read prose pauses 0.4-0.6 s between sentences and about twice that between paragraphs (Goldman-Eisler 1968). */
const PARAGRAPH_MS = 800;
const SPEAKER_MS = 100;
/** One second by the 1.6 times longer pauses of full suspense. */
const CLIMAX_MS = 625;
const CLIMAX_INTENSITY = 0.3;
const STOPS: readonly (readonly [RegExp, number])[] = [
  [/(?:…|\.{3}|[—–]|--)$/u, 500],
  [/[.?!]$/, 450],
  [/[;:]$/, 300],
  [/,$/, 200],
];
const NO_STOP_MS = 120;
const CLOSING = /[\s"'”’»)\]*_]+$/u;

interface Feeling {
  readonly emotion: string;
  /** 0-1 */
  readonly intensity: number;
}

/**
 * Whether suspense breaks here: into an emotion that quickens speech, or into far more suspense.
 * Relief and plain telling need no held breath.
 */
export function isClimax(before: Feeling, after: Feeling): boolean {
  if (before.emotion !== "suspense") return false;
  if (after.emotion === "suspense") return after.intensity >= before.intensity + CLIMAX_INTENSITY;
  const isQuick = (EMOTION_DELIVERIES.get(after.emotion)?.rate ?? 1) > 1;
  return isQuick && after.intensity >= CLIMAX_INTENSITY;
}

/** The silence after a segment, ms. */
export function pauseAfter(juncture: Juncture): number {
  const { text, endsParagraph, changesSpeaker, isBeforeClimax, pauses } = juncture;
  const end = text.replace(CLOSING, "");
  const stop = STOPS.find(([pattern]) => pattern.test(end))?.[1] ?? NO_STOP_MS;
  const pause = Math.max(stop, endsParagraph ? PARAGRAPH_MS : 0, isBeforeClimax ? CLIMAX_MS : 0);
  return Math.round((pause + (changesSpeaker ? SPEAKER_MS : 0)) * pauses);
}
