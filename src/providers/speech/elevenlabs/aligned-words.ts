import type { SpokenWord } from "../speech.port.js";
import { prepareSpokenText } from "../spoken-text.js";
import type { LexicalText } from "../remote/lexicon.js";
import type { Alignment } from "./elevenlabs-replies.js";

type Span = readonly [startMs: number, endMs: number];

/**
 * Returns the words of a text with the times of their characters. Returns null if the characters are not
 * those of the text that was sent.
 */
export function alignWords(
  text: string,
  { input, place }: LexicalText,
  alignment: Alignment,
): readonly SpokenWord[] | null {
  const times = timesOf(input, alignment);
  if (!times) return null;
  const words: SpokenWord[] = [];
  for (const word of prepareSpokenText(text).words) {
    const spans = times.slice(...place(word.start, word.end)).filter((span) => span !== null);
    const [first, last] = [spans[0], spans.at(-1)];
    if (!first || !last) return null;
    words.push({ ...word, startMs: first[0], endMs: last[1] });
  }
  return words;
}

/**
 * Returns the times of each UTF-16 unit of a text, null for spaces. ElevenLabs may change the spaces of
 * a text, so spaces are not compared. Returns null if the characters differ from the text.
 */
function timesOf(input: string, alignment: Alignment): readonly (Span | null)[] | null {
  const { characters, character_start_times_seconds: starts } = alignment;
  const { character_end_times_seconds: ends } = alignment;
  const spoken = characters.flatMap((character, index) => {
    const span: Span = [(starts[index] ?? NaN) * 1000, (ends[index] ?? NaN) * 1000];
    return Array.from({ length: character.length }, (_, unit) => ({ unit: character[unit], span }));
  });
  const said = spoken.filter(({ unit }) => !isSpace(unit));
  let next = 0;
  const times: (Span | null)[] = [];
  for (const unit of input.split("")) {
    if (isSpace(unit)) {
      times.push(null);
      continue;
    }
    const found = said[next++];
    if (found?.unit !== unit || !found.span.every(Number.isFinite)) return null;
    times.push(found.span);
  }
  return next === said.length ? times : null;
}

const isSpace = (unit: string | undefined): boolean => /^\s*$/.test(unit ?? "");

/** No word is shorter than this, unless the words together are longer than the sound. */
const SHORTEST_MS = 10;

/**
 * Moves words to the time of a sound that lost its first `trimmedMs`. Keeps the words in order, inside
 * the sound and without overlaps.
 */
export function fitWords(
  words: readonly SpokenWord[],
  { trimmedMs, durationMs }: { readonly trimmedMs: number; readonly durationMs: number },
): readonly SpokenWord[] {
  const least = Math.min(SHORTEST_MS, durationMs / Math.max(1, words.length));
  let fromMs = 0;
  return words.map((word, index) => {
    const latestEnd = durationMs - least * (words.length - 1 - index);
    const startMs = Math.min(Math.max(word.startMs - trimmedMs, fromMs), latestEnd - least);
    const endMs = Math.min(Math.max(word.endMs - trimmedMs, startMs + least), latestEnd);
    fromMs = endMs;
    return { ...word, startMs, endMs };
  });
}
