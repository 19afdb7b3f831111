import type { ReadParagraph } from "../../../reading/reading.js";
import type { Mention } from "../characters/text-characters.js";
import type { Quote } from "../text/quotes/quotes.js";
import type { LabelledCharacters } from "../characters/labelled-characters.js";
import type { Token, TokenList } from "../text/tokens.js";
import { endsAbbreviation } from "../text/tokens.js";

/** A range of tokens: `first` to `last` (exclusive). */
export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

/** The tokens of each quote, by the quote's index. */
export interface QuoteTokens {
  get(quote: number): TokenRange | undefined;
}

/** Mentions by the index of a token. */
export interface MentionIndex {
  get(at: number): Mention | undefined;
}

/**
 * The input for finding speakers: tokens, quotes, and the mentions of characters. Mentions are
 * indexed by their first token and by the token after their last token.
 */
export interface AttributionInput {
  readonly tokens: TokenList;
  readonly quotes: readonly Quote[];
  readonly quoteTokens: QuoteTokens;
  readonly characters: LabelledCharacters;
  readonly mentionByFirst: MentionIndex;
  readonly mentionByEnd: MentionIndex;
  /** The index of the scene of each paragraph. */
  readonly scenes: Uint32Array;
}

export function indexForAttribution(
  tokens: TokenList,
  quotes: readonly Quote[],
  characters: LabelledCharacters,
  paragraphs: readonly Pick<ReadParagraph, "isAfterSceneBreak">[],
): AttributionInput {
  const { mentions } = characters;
  const mentionByFirst = indexMentions(mentions, tokens.length, ({ first }) => first);
  const mentionByEnd = indexMentions(mentions, tokens.length, ({ last }) => last);
  const quoteTokens = findQuoteTokens(tokens, quotes.length);
  const scenes = countScenes(paragraphs);
  return { tokens, quotes, quoteTokens, characters, mentionByFirst, mentionByEnd, scenes };
}

function countScenes(paragraphs: readonly Pick<ReadParagraph, "isAfterSceneBreak">[]): Uint32Array {
  let scene = 0;
  return Uint32Array.from(paragraphs, ({ isAfterSceneBreak }) => {
    scene += Number(isAfterSceneBreak);
    return scene;
  });
}

// The indexes are arrays of numbers, because a long text can have 300,000 quotes and mentions.

function indexMentions(
  mentions: readonly Mention[],
  tokenCount: number,
  placeOf: (mention: Mention) => number,
): MentionIndex {
  const indexes = new Int32Array(tokenCount + 1).fill(-1);
  mentions.forEach((mention, index) => {
    indexes[placeOf(mention)] = index;
  });
  return { get: (at) => mentions[indexes[at] ?? -1] };
}

function findQuoteTokens(tokens: TokenList, quoteCount: number): QuoteTokens {
  const firsts = new Uint32Array(quoteCount);
  const lasts = new Uint32Array(quoteCount);
  tokens.forEach(({ quote }, at) => {
    if (quote === -1) return;
    if (lasts[quote] === 0) firsts[quote] = at;
    lasts[quote] = at + 1;
  });
  return {
    get: (quote) => {
      const [first, last] = [firsts[quote], lasts[quote]];
      return first === undefined || last === undefined ? undefined : { first, last };
    },
  };
}

function isSentenceStop(tokens: TokenList, at: number): boolean {
  const token = tokens.get(at);
  return token !== undefined && /^[.!?…]$/u.test(token.text) && !endsAbbreviation(tokens, at);
}

/**
 * Returns the index of the token at which the narration from `first` ends (exclusive). Narration
 * ends at the end of its sentence, at the end of the paragraph, or at the next quote.
 */
export function narrationEnd(tokens: TokenList, first: number): number {
  const paragraph = tokens.get(first)?.paragraph;
  let at = first;
  while (at < tokens.length && isNarrationOf(tokens.get(at), paragraph)) {
    if (isSentenceStop(tokens, at)) return at;
    at += 1;
  }
  return at;
}

/**
 * Returns the index of the first token of a sentence of narration. `last` is the end of the
 * sentence (exclusive).
 */
export function narrationStart(tokens: TokenList, last: number): number {
  const paragraph = tokens.get(last - 1)?.paragraph;
  let at = last;
  while (
    at > 0 &&
    isNarrationOf(tokens.get(at - 1), paragraph) &&
    !isSentenceStop(tokens, at - 1)
  ) {
    at -= 1;
  }
  return at;
}

function isNarrationOf(token: Token | undefined, paragraph: number | undefined): boolean {
  return token !== undefined && token.paragraph === paragraph && token.quote === -1;
}
