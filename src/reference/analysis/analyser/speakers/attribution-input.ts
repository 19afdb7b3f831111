import type { Mention } from "../characters/text-characters.js";
import type { Quote } from "../text/quotes.js";
import type { NarratedCharacters } from "../characters/narrator.js";
import type { Token } from "../text/tokens.js";
import { endsAbbreviation } from "../text/tokens.js";

/** A range of tokens: `first` to `last` (exclusive). */
export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The input for finding speakers: tokens, quotes, and the mentions of characters. Mentions are
 * indexed by their first token and by the token after their last token.
 */
export interface AttributionInput {
  readonly tokens: readonly Token[];
  readonly quotes: readonly Quote[];
  readonly quoteTokens: readonly TokenRange[];
  readonly characters: NarratedCharacters;
  readonly mentionByFirst: ReadonlyMap<number, Mention>;
  readonly mentionByEnd: ReadonlyMap<number, Mention>;
}

export function indexForAttribution(
  tokens: readonly Token[],
  quotes: readonly Quote[],
  characters: NarratedCharacters,
): AttributionInput {
  const mentionByFirst = new Map(characters.mentions.map((mention) => [mention.first, mention]));
  const mentionByEnd = new Map(characters.mentions.map((mention) => [mention.last, mention]));
  const quoteTokens = rangesOf(tokens, quotes);
  return { tokens, quotes, quoteTokens, characters, mentionByFirst, mentionByEnd };
}

function rangesOf(tokens: readonly Token[], quotes: readonly Quote[]): readonly TokenRange[] {
  const ranges = quotes.map(() => ({ first: 0, last: 0 }));
  tokens.forEach((token, at) => {
    const range = ranges[token.quote];
    if (range === undefined) return;
    if (range.last === 0) range.first = at;
    range.last = at + 1;
  });
  return ranges;
}

function isSentenceStop(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token !== undefined && /^[.!?…]$/u.test(token.text) && !endsAbbreviation(tokens, at);
}

/**
 * Returns the index of the token at which the narration from `first` ends (exclusive). Narration
 * ends at the end of its sentence, at the end of the paragraph, or at the next quote.
 */
export function narrationEnd(tokens: readonly Token[], first: number): number {
  const paragraph = tokens[first]?.paragraph;
  let at = first;
  while (at < tokens.length && isNarrationOf(tokens[at], paragraph)) {
    if (isSentenceStop(tokens, at)) return at;
    at += 1;
  }
  return at;
}

/**
 * Returns the index of the first token of a sentence of narration. `last` is the end of the
 * sentence (exclusive).
 */
export function narrationStart(tokens: readonly Token[], last: number): number {
  const paragraph = tokens[last - 1]?.paragraph;
  let at = last;
  while (at > 0 && isNarrationOf(tokens[at - 1], paragraph) && !isSentenceStop(tokens, at - 1)) {
    at -= 1;
  }
  return at;
}

function isNarrationOf(token: Token | undefined, paragraph: number | undefined): boolean {
  return token !== undefined && token.paragraph === paragraph && token.quote === -1;
}
