import { SentimentIntensityAnalyzer } from "vader-sentiment";
import { INTENSIFIERS, NEGATIONS } from "../lexicon/emotion-words.js";
import type { Token } from "../text/tokens.js";

/** VADER reads the three words before a rated word to find negations and intensifiers. */
const CONTEXT = 3;

/**
 * Computes the valence of a passage, -1 to 1, with VADER (Hutto and Gilbert 2014). The library
 * needs time for every word, but most words have no rating and do not change the result. So the
 * library gets only each rated word with the three words before it, every "but", and exclamation
 * marks.
 */
export class SentimentScorer {
  readonly #isRated = new Map<string, boolean>();

  valenceOf(tokens: readonly Token[]): number {
    const words = tokens.filter((token) => token.isWord);
    const kept = new Set<number>();
    words.forEach((word, at) => {
      if (!this.#rated(word.lower)) return;
      for (let back = Math.max(0, at - CONTEXT); back <= at; back += 1) kept.add(back);
    });
    if (kept.size === 0) return 0;
    const passage = words.filter((word, at) => kept.has(at) || word.lower === "but");
    const exclamations = tokens.filter((token) => token.text === "!").length;
    const text = passage.map((word) => word.text).join(" ") + "!".repeat(Math.min(4, exclamations));
    const { compound } = SentimentIntensityAnalyzer.polarity_scores(text);
    return Number.isFinite(compound) ? Math.max(-1, Math.min(1, compound)) : 0;
  }

  #rated(word: string): boolean {
    const known = this.#isRated.get(word);
    if (known !== undefined) return known;
    const isPlain = INTENSIFIERS.has(word) || NEGATIONS.has(word);
    const rated = !isPlain && SentimentIntensityAnalyzer.polarity_scores(word).compound !== 0;
    this.#isRated.set(word, rated);
    return rated;
  }
}
