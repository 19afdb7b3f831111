/** What stands between two segments. */
export interface Juncture {
  /** The text before. */
  readonly text: string;
  readonly endsParagraph: boolean;
  readonly changesSpeaker: boolean;
  /** x, from the prosody of the text before. */
  readonly pauses: number;
}

/** Read prose pauses 0.4-0.6 s between sentences and about twice that between paragraphs (Goldman-Eisler 1968). */
const PARAGRAPH_MS = 800;
const SPEAKER_MS = 100;
const STOPS: readonly (readonly [RegExp, number])[] = [
  [/(?:…|\.{3}|[—–]|--)$/u, 500],
  [/[.?!]$/, 450],
  [/[;:]$/, 300],
  [/,$/, 200],
];
const NO_STOP_MS = 120;
const CLOSING = /[\s"'”’»)\]*_]+$/u;

/** The silence after a segment, ms. */
export function pauseAfter({ text, endsParagraph, changesSpeaker, pauses }: Juncture): number {
  const end = text.replace(CLOSING, "");
  const stop = STOPS.find(([pattern]) => pattern.test(end))?.[1] ?? NO_STOP_MS;
  const pause = Math.max(stop, endsParagraph ? PARAGRAPH_MS : 0);
  return Math.round((pause + (changesSpeaker ? SPEAKER_MS : 0)) * pauses);
}
