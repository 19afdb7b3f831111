import {
  type ChatMessage,
  type ChatRequest,
  estimateTokens,
} from "../../../providers/llm/llm.port.js";
import type { AnalysisDocument, Character } from "../analyser/index.js";
import type { Cast, CastCharacter } from "./cast.js";
import { type Prompt, WHOLE_PROMPT, WINDOW_PROMPT } from "./prompts.js";
import type { QuoteReading } from "./window-answer.js";
import type { NumberedLine, ReadingWindow } from "./windows.js";

/** What every request about one text needs. */
export interface ReadStory {
  readonly document: Pick<AnalysisDocument, "contentHash" | "language" | "characters">;
  readonly lines: readonly NumberedLine[];
  readonly cast: Cast;
  /** The most tokens of a prompt and its answer together. */
  readonly contextTokens: number;
}

/** The shares of the context that the parts of a prompt may take. */
const CAST_SHARE = 0.15;
const BEFORE_SHARE = 0.05;
const GISTS_SHARE = 0.25;
const CHARACTERS_SHARE = 0.25;

/** An answer about a quote takes about 35 tokens. The rest is for new characters and the gist. */
const TOKENS_PER_QUOTE = 50;
const TOKENS_BESIDE_QUOTES = 400;
/** An answer about a character takes about 80 tokens. The rest is for the summary. */
const TOKENS_PER_CHARACTER = 120;
const TOKENS_BESIDE_CHARACTERS = 500;

/** The most names that are sent for a character. */
const MOST_NAMES = 6;

/** Words that a character says, which the model reads to describe the character. */
const SAMPLES = 3;
const SHORTEST_SAMPLE = 20;
const LONGEST_SAMPLE = 160;

/** Asks who speaks the quotes of a window. */
export function askWindow(story: ReadStory, window: ReadingWindow): ChatRequest {
  const { lines, contextTokens } = story;
  const before = linesBefore(story, window);
  const told = lines
    .slice(window.first, window.end)
    .map(({ text }) => text)
    .join("\n");
  const cast = listed(story.cast.all, contextTokens * CAST_SHARE, (each) => relevance(each, told));
  const content = [
    `The language is ${story.document.language}.`,
    ...between(story, [
      ...cast.map(
        ({ id, names }) =>
          `Character: ${JSON.stringify({ id, names: names.slice(0, MOST_NAMES) })}`,
      ),
      ...numbered(lines, before.first, window.end),
    ]),
    ...(before.first === window.first
      ? []
      : [`The lines before ${window.first} only show what came before.`]),
    window.quotes.length === 0
      ? "No quote is asked for. Answer the gist, and empty lists."
      : `Answer for the quotes ${window.quotes.join(", ")}.`,
  ];
  const maxOutputTokens = TOKENS_BESIDE_QUOTES + TOKENS_PER_QUOTE * window.quotes.length;
  return requestOf(WINDOW_PROMPT, content, maxOutputTokens);
}

/** What the windows told of a story. */
export interface ToldStory {
  /** What happens, in order. */
  readonly gists: readonly string[];
  /** By the number of the segment. */
  readonly quotes: ReadonlyMap<number, QuoteReading>;
}

/**
 * Asks for the summary, and what is known of the most important characters.
 * @param part how much of the usual length the lists may take, 0-1
 */
export function askWhole(story: ReadStory, { gists, quotes }: ToldStory, part = 1): ChatRequest {
  const { contextTokens, document } = story;
  const embedded = new Map(document.characters.map((each) => [each.id, each]));
  const samples = samplesOf(story, quotes);
  const told = listed(
    story.cast.all.map((each) => describe(each, embedded.get(each.id), samples.get(each.id) ?? [])),
    contextTokens * CHARACTERS_SHARE * part,
  );
  const course = listed(gists, contextTokens * GISTS_SHARE * part);
  const content = [
    `The language is ${document.language}. Describe these characters and the whole story.`,
    ...between(story, [
      ...course.map((gist) => `Part: ${JSON.stringify(gist)}`),
      ...told.map((each) => `Character: ${JSON.stringify(each)}`),
    ]),
  ];
  const maxOutputTokens = TOKENS_BESIDE_CHARACTERS + TOKENS_PER_CHARACTER * told.length;
  return requestOf(WHOLE_PROMPT, content, maxOutputTokens);
}

function requestOf(
  prompt: Prompt,
  content: readonly string[],
  maxOutputTokens: number,
): ChatRequest {
  const messages: ChatMessage[] = [
    { role: "system", content: prompt.instructions },
    { role: "user", content: content.join("\n") },
  ];
  return { messages, answer: { name: prompt.name, schema: prompt.schema }, maxOutputTokens };
}

/**
 * Puts lines between two markers. A text cannot contain its own hash, so no text can forge the markers. Each
 * line is a JSON string, so no text can begin a line either.
 */
function between({ document }: ReadStory, lines: readonly string[]): string[] {
  const marker = document.contentHash.slice(0, 16);
  return [`<story ${marker}>`, ...lines, `</story ${marker}>`];
}

function numbered(lines: readonly NumberedLine[], first: number, end: number): string[] {
  return lines.slice(first, end).map(({ isQuote, text }, index) => {
    return `${first + index} ${isQuote ? "Q" : "N"} ${JSON.stringify(text)}`;
  });
}

/** Returns the place of the lines before a window that show the model the conversation. */
function linesBefore(
  { lines, contextTokens }: ReadStory,
  { first, isAlone }: ReadingWindow,
): { readonly first: number } {
  if (isAlone) return { first };
  let from = first;
  let tokens = 0;
  while (from > 0) {
    tokens += estimateTokens(lines[from - 1]?.text ?? "");
    if (tokens > contextTokens * BEFORE_SHARE) break;
    from -= 1;
  }
  return { first: from };
}

/** Returns as many entries as fit, the most relevant ones, in their order. */
function listed<T>(
  entries: readonly T[],
  tokens: number,
  relevanceOf: (entry: T) => number = () => 0,
): T[] {
  const relevances = entries.map(relevanceOf);
  const order = [...entries.keys()].sort(
    (a, b) => (relevances[b] ?? 0) - (relevances[a] ?? 0) || a - b,
  );
  const kept = new Set<number>();
  let left = tokens;
  for (const index of order) {
    left -= estimateTokens(JSON.stringify(entries[index]));
    if (left < 0 && kept.size > 0) break;
    kept.add(index);
  }
  return entries.filter((_, index) => kept.has(index));
}

/** Characters that the lines name come first, then new ones, then the most important ones. */
function relevance({ names, isNew }: CastCharacter, lines: string): number {
  if (names.some((name) => lines.includes(name))) return 2;
  return isNew ? 1 : 0;
}

interface Described {
  readonly id: string;
  readonly names: readonly string[];
  readonly quotes: number;
  readonly words: readonly string[];
}

const describe = (
  { id, names }: CastCharacter,
  embedded: Character | undefined,
  words: readonly string[],
): Described => ({
  id,
  names: names.slice(0, MOST_NAMES),
  quotes: embedded?.quoteCount ?? words.length,
  words,
});

/** Returns the first words that each character says. */
function samplesOf(
  { lines }: ReadStory,
  quotes: ReadonlyMap<number, QuoteReading>,
): Map<string, string[]> {
  const samples = new Map<string, string[]>();
  for (const [index, { text, speakerId }] of lines.entries()) {
    const read = quotes.get(index)?.speakerId;
    const id = read === undefined ? speakerId : read;
    if (id === null || text.length < SHORTEST_SAMPLE) continue;
    const words = samples.get(id) ?? [];
    samples.set(id, words);
    if (words.length < SAMPLES) words.push(text.slice(0, LONGEST_SAMPLE).toWellFormed());
  }
  return samples;
}
