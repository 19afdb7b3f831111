import { EMOTION_DELIVERIES } from "./deliveries.js";

/** What ends between two segments. */
export type Ending = "line" | "paragraph" | "scene" | "chapter";

/** The boundary between two segments. */
export interface Juncture {
  /** The text before the boundary. */
  readonly text: string;
  /** Null inside a paragraph, and inside a line of verse. */
  readonly ending: Ending | null;
  readonly changesSpeaker: boolean;
  readonly isBeforeClimax: boolean;
  /** Factor for the pause, from the prosody of the text before the boundary. */
  readonly pauses: number;
}

/**
 * Readers of prose pause for 0.4-0.6 s between sentences and about twice as long between paragraphs
 * (Goldman-Eisler 1968). The longer pauses double again, so that a listener hears where a scene ends.
 */
const ENDING_MS: Readonly<Record<Ending, number>> = {
  line: 300,
  paragraph: 800,
  scene: 1600,
  chapter: 2000,
};
const SPEAKER_MS = 100;
/**
 * The pause before a climax. Suspense at intensity 1 makes pauses 1.6 times as long, so this pause
 * becomes 625 * 1.6 = 1000 ms.
 */
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
 * True if suspense is followed by stronger suspense, with an intensity that is higher by at least
 * 0.3. Also true if suspense is followed by an emotion that is spoken faster than neutral text,
 * with an intensity of at least 0.3. False if calm or neutral text follows suspense, because such
 * text needs no long pause.
 */
export function isClimax(before: Feeling, after: Feeling): boolean {
  if (before.emotion !== "suspense") return false;
  if (after.emotion === "suspense") return after.intensity >= before.intensity + CLIMAX_INTENSITY;
  const isQuick = (EMOTION_DELIVERIES.get(after.emotion)?.rate ?? 1) > 1;
  return isQuick && after.intensity >= CLIMAX_INTENSITY;
}

/** Returns the silence after a segment, ms. */
export function pauseAfter(juncture: Juncture): number {
  const { text, ending, changesSpeaker, isBeforeClimax, pauses } = juncture;
  const end = text.replace(CLOSING, "");
  const stop = STOPS.find(([pattern]) => pattern.test(end))?.[1] ?? NO_STOP_MS;
  const pause = Math.max(stop, ending ? ENDING_MS[ending] : 0, isBeforeClimax ? CLIMAX_MS : 0);
  return Math.round((pause + (changesSpeaker ? SPEAKER_MS : 0)) * pauses);
}
