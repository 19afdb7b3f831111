import { LINKING_VERBS, SPEECH_NOUNS } from "../lexicon/speech-verbs.js";
import type { AttributionInput, TokenRange } from "./attribution-input.js";
import type { Subject } from "./subjects.js";
import { ownerAt } from "./subjects.js";

const MOST_ADJECTIVES = 2;

/** The owner of a noun for speech. `last` is the end of the noun (exclusive). */
interface SpeechNoun {
  readonly owner: Subject;
  readonly last: number;
}

/** Finds the owner in words right after a quote: “Well?” was Tom's question. */
export function speechNounAfter(input: AttributionInput, range: TokenRange): SpeechNoun | null {
  const verb = input.tokens.get(range.first)?.lower ?? "";
  return LINKING_VERBS.has(verb) ? speechNounAt(input, range.first + 1, range.last) : null;
}

/** Finds the owner in words right before a quote: Her first thought was: “Home.” */
export function speechNounBefore(input: AttributionInput, range: TokenRange): SpeechNoun | null {
  for (let at = range.first; at < range.last; at += 1) {
    const found = speechNounAt(input, at, range.last);
    if (found !== null && endsWithLink(input, found.last, range.last)) return found;
  }
  return null;
}

function speechNounAt(input: AttributionInput, at: number, end: number): SpeechNoun | null {
  const owner = ownerAt(input, at);
  if (owner === null) return null;
  const furthest = Math.min(end, owner.last + MOST_ADJECTIVES + 1);
  for (let noun = owner.last; noun < furthest; noun += 1) {
    const token = input.tokens.get(noun);
    if (SPEECH_NOUNS.has(token?.lower ?? "")) return { owner, last: noun + 1 };
    if (token?.isWord !== true) return null;
  }
  return null;
}

/** True if at most a linking verb and a mark separate the noun from the quote. */
function endsWithLink(input: AttributionInput, first: number, end: number): boolean {
  for (let at = first; at < end; at += 1) {
    const token = input.tokens.get(at);
    if (token?.isWord === true && !LINKING_VERBS.has(token.lower)) return false;
  }
  return true;
}
