import type { Sound } from "../document.js";
import { DETERMINERS, PREPOSITIONS } from "../lexicon/function-words.js";
import { SOUND_NOUNS, SOUND_VERBS } from "../lexicon/sound-words.js";
import { readPhraseAfter, readPhraseBefore } from "../characters/nominals.js";
import type { Token, TokenList } from "../text/tokens.js";

/**
 * Finds the sounds in a passage of narration: verbs of sound emission (Levin 1993, class 43.2) and
 * sound nouns. `isSpeech` is true for a speech verb that belongs to a quote. Such a verb is not a
 * sound: “Go,” he barked.
 */
export function readSounds(
  tokens: TokenList,
  isSpeech: (token: Token) => boolean,
): readonly Sound[] {
  const sounds: Sound[] = [];
  tokens.forEach((token, at) => {
    if (!token.isWord || token.isCapital || isSpeech(token)) return;
    const sound = soundAt(tokens, at, token);
    if (sound !== null && sounds.at(-1)?.key !== sound.key) sounds.push(sound);
  });
  return sounds;
}

function soundAt(tokens: TokenList, at: number, token: Token): Sound | null {
  const span = { start: token.start, end: token.end };
  const verb = SOUND_VERBS.get(token.lower);
  if (verb !== undefined) return withSource({ key: verb, ...span }, sourceBefore(tokens, at));
  const noun = SOUND_NOUNS.get(token.lower);
  if (noun === undefined || !isNounPlace(tokens, at)) return null;
  return withSource({ key: noun, ...span }, sourceAfterOf(tokens, at));
}

function withSource(sound: Sound, source: string | null): Sound {
  return source === null ? sound : { ...sound, source };
}

/**
 * Returns the noun before a sound verb, which is the source of the sound: "door" in "the old door
 * creaked".
 */
function sourceBefore(tokens: TokenList, verb: number): string | null {
  return readPhraseBefore(tokens, verb - 1)?.head ?? null;
}

/**
 * Returns the source of a sound noun: "leaves" in "the rustle of leaves". Only a noun after "of" is
 * a source, so "a knock at the door" has no source.
 */
function sourceAfterOf(tokens: TokenList, noun: number): string | null {
  if (tokens.get(noun + 1)?.lower !== "of") return null;
  const phrase = readPhraseAfter(tokens, noun + 2);
  if (phrase !== null) return phrase.head;
  const next = tokens.get(noun + 2);
  return next?.isWord === true && !DETERMINERS.has(next.lower) ? next.lower : null;
}

/**
 * True if the word at `at` is a noun: a determiner or a preposition is at most three words before
 * the word. Without a determiner or preposition, "hum" or "bang" can be a verb. A plural and
 * "thunder" need neither, unless punctuation is at most three tokens before the word.
 */
function isNounPlace(tokens: TokenList, at: number): boolean {
  for (const before of [...tokens.range(at - 3, at)].reverse()) {
    if (DETERMINERS.has(before.lower) || PREPOSITIONS.has(before.lower)) return true;
    if (!before.isWord) return false;
  }
  const noun = tokens.get(at)?.lower ?? "";
  return noun.endsWith("s") || noun === "thunder";
}
