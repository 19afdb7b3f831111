import { beginsSentence, isCapitalised, lastWord } from "../context.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { SPELT } from "../tables/acronyms.js";
import { NUMBERED } from "../tables/numbered.js";
import { SENTENCE_STARTERS } from "../tables/words.js";

export const initialRules: readonly Rule[] = [
  rule(/(?<![\p{L}\p{N}.])(?<letter>[AI])(?<stop>\.)(?=\s\p{Lu})/gu, sayInitial),
  rule(
    /(?<![\p{L}\p{N}.])(?<letters>(?:\p{Lu}\.\s?){1,4}\p{Lu})(?<stop>\.)(?=\s[\p{L}\d])/gu,
    sayAcronym,
  ),
  rule(
    /(?<![\p{L}\p{N}.&'’-])(?<letters>\p{Lu}{2,5})(?<plural>s|['’]s)?(?![\p{L}\p{N}&]|\.\p{L})/gu,
    saySpelt,
  ),
];

/** A voice takes the stop of `A.` as the end of a sentence. The stop of `J.` shortens a name for every voice. */
function sayInitial({ part, before, after }: Place): Said {
  const name = lastWord(before);
  if (NUMBERED.has(name.toLowerCase())) return null;
  if (/^(?:\s\p{Lu}\.){1,3}\s?\p{Lu}/u.test(after)) return { stop: "" };
  if (beginsSentence(after)) return null;
  const isAfterName = isCapitalised(name) && !SENTENCE_STARTERS.has(name);
  return isAfterName ||
    (part("letter") === "A" && (before === "" || /(?:by|of|and|to|with)\s$/.test(before)))
    ? { stop: "" }
    : null;
}

/** `the U.S. Army`: the last stop shortens, and ends no sentence. */
function sayAcronym({ part, after }: Place): Said {
  const isName = part("letters").includes(" ") || !/^\s\p{L}/u.test(after);
  return isName || beginsSentence(after) ? null : { stop: "" };
}

/** A word in capitals is an acronym only where other words are not: `the CIA`, but `TELL US NOW`. */
function saySpelt({ part, before, after }: Place): Said {
  const letters = part("letters");
  const around = `${before.slice(-30)} ${after.slice(0, 30)}`;
  if (!SPELT.has(letters) || !/\p{Ll}\p{Ll}/u.test(around)) return null;
  if (letters === "US" && !/(?<!\p{L})(?:the|a|of|in|our|its)\s$/iu.test(before)) return null;
  return { letters: [...letters].join(".") };
}
