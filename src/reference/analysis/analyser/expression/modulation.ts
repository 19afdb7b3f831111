import type { Modulation, Span } from "../document.js";
import {
  ADVERB_MODULATIONS,
  VERB_MODULATIONS,
  VOICE_MODULATIONS,
  VOICE_NOUNS,
} from "../lexicon/modulation-words.js";
import { isAllCapitals } from "../characters/names.js";
import type { Token, TokenList } from "../text/tokens.js";

const STRENGTH = { verb: 1, voice: 0.9, adverb: 0.7, capitals: 0.6 } as const;
const ADVERB_REACH = 4;
const VOICE_REACH = 12;
const ADJECTIVE_REACH = 4;

/**
 * Returns how the words of a segment are spoken. Four things show this: the speech verb, an adverb
 * beside the verb, a phrase such as "in a hoarse voice", and words in capitals.
 */
export function readModulations(
  span: Span,
  spoken: TokenList,
  cueTokens: { readonly tokens: TokenList; readonly verb: number },
): readonly Modulation[] {
  const found = new Map<string, number>();
  if (cueTokens.verb >= 0) collectFromCue(found, cueTokens.tokens, cueTokens.verb);
  const modulations = [...found].map(([key, strength]) => ({ key, strength, ...bounds(span) }));
  return [...modulations, ...emphasised(spoken)];
}

function bounds(span: Span): Span {
  return { start: span.start, end: span.end };
}

function collectFromCue(found: Map<string, number>, tokens: TokenList, verb: number): void {
  const speechVerb = tokens.get(verb);
  if (speechVerb === undefined) return;
  keep(found, VERB_MODULATIONS.get(speechVerb.lower), STRENGTH.verb);
  for (const [at, token] of narrationAround(tokens, verb, speechVerb)) {
    if (Math.abs(at - verb) <= ADVERB_REACH) {
      keep(found, ADVERB_MODULATIONS.get(token.lower), STRENGTH.adverb);
    }
    if (VOICE_NOUNS.has(token.lower)) collectFromVoice(found, tokens, at);
  }
}

/**
 * Yields the tokens of narration around a speech verb, in the verb's paragraph. The first token is
 * 4 tokens before the verb. The last token is at the end of the sentence, or 12 tokens after the
 * verb.
 */
function* narrationAround(
  tokens: TokenList,
  verb: number,
  speechVerb: Token,
): Generator<readonly [number, Token]> {
  for (let at = verb - ADVERB_REACH; at <= verb + VOICE_REACH; at += 1) {
    const token = tokens.get(at);
    if (token?.paragraph !== speechVerb.paragraph || token.quote !== -1) continue;
    if (at > verb && token.text === ".") return;
    yield [at, token];
  }
}

function collectFromVoice(found: Map<string, number>, tokens: TokenList, noun: number): void {
  if (tokens.get(noun)?.lower === "whisper") keep(found, "whisper", STRENGTH.voice);
  for (let at = noun - 1; at >= noun - ADJECTIVE_REACH; at -= 1) {
    const lower = tokens.get(at)?.lower ?? "";
    if (lower === "in" || lower === "with" || tokens.get(at)?.quote !== -1) return;
    keep(found, VOICE_MODULATIONS.get(lower), STRENGTH.voice);
  }
}

function keep(found: Map<string, number>, key: string | undefined, strength: number): void {
  if (key === undefined || (found.get(key) ?? 0) >= strength) return;
  found.set(key, strength);
}

/**
 * Returns an emphasis for each run of words in capitals. Roman numerals and single letters are not
 * emphasised. But "I" or "A" directly after a word in capitals belongs to the run.
 */
function emphasised(tokens: TokenList): readonly Modulation[] {
  const runs: { start: number; end: number }[] = [];
  let isRunning = false;
  for (const token of tokens) {
    if (!token.isWord) continue;
    const isStress = isStressed(token, isRunning);
    const run = runs.at(-1);
    if (isStress && isRunning && run !== undefined) run.end = token.end;
    else if (isStress) runs.push({ start: token.start, end: token.end });
    isRunning = isStress;
  }
  return runs.map((run) => ({ key: "emphasis", strength: STRENGTH.capitals, ...run }));
}

function isStressed(token: Token, isRunning: boolean): boolean {
  if (token.text === "I" || token.text === "A") return isRunning;
  return isAllCapitals(token) && /^\p{Lu}+$/u.test(token.text) && !/^[IVXLC]+$/u.test(token.text);
}
