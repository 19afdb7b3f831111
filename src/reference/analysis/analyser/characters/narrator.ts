import type { TextCharacters, TextCharacter, Mention } from "./text-characters.js";
import { FIRST_PERSON } from "../lexicon/function-words.js";
import type { TokenList } from "../text/tokens.js";

/** In a first-person story, more than 0.4 % of the narration's words are "I". */
const FIRST_PERSON_SHARE = 0.004;
const FEWEST_FIRST_PERSONS = 3;
/**
 * The lowest ratio of vocatives to mentions in narration that a narrator can have. Other characters
 * call the narrator by name, but narration almost never names the narrator.
 */
const LOWEST_VOCATIVE_RATIO = 0.7;

/**
 * The characters of a text and the index of the first-person narrator. Every "I", "me" and "my" of
 * the narration is a mention of the narrator. `narrator` is null if the text has no first-person
 * narrator.
 */
export interface NarratedCharacters extends TextCharacters {
  readonly narrator: number | null;
}

export function identifyNarrator(
  characters: TextCharacters,
  tokens: TokenList,
): NarratedCharacters {
  if (!isFirstPerson(tokens)) return { ...characters, narrator: null };
  const named = likeliestNarrator(characters.members);
  const members =
    named === null
      ? [...characters.members, unnamed(characters.members.length)]
      : characters.members;
  const narrator = named?.index ?? characters.members.length;
  const own = firstPersonMentions(tokens, narrator);
  const mentions = [...characters.mentions, ...own].sort((a, b) => a.first - b.first);
  const member = members[narrator];
  if (member !== undefined) member.mentionCount += own.length;
  return { members, mentions, narrator };
}

function isFirstPerson(tokens: TokenList): boolean {
  let words = 0;
  let firstPersons = 0;
  for (const token of tokens) {
    if (token.quote !== -1 || !token.isWord) continue;
    words += 1;
    if (token.text === "I") firstPersons += 1;
  }
  return firstPersons >= FEWEST_FIRST_PERSONS && firstPersons > words * FIRST_PERSON_SHARE;
}

/**
 * Returns the named character that is most probably the narrator: other characters often call this
 * character by name, but narration rarely uses the name. Returns null if no character has at least
 * two vocatives and a high ratio of vocatives.
 */
function likeliestNarrator(members: readonly TextCharacter[]): TextCharacter | null {
  let best: TextCharacter | null = null;
  let bestScore = 0;
  for (const member of members) {
    const ratio = member.vocativeCount / (member.narrationCount + 1);
    const score = ratio * Math.log2(1 + member.vocativeCount);
    if (member.cluster === null || ratio < LOWEST_VOCATIVE_RATIO || score <= bestScore) continue;
    best = member;
    bestScore = score;
  }
  return best !== null && best.vocativeCount >= 2 ? best : null;
}

function unnamed(index: number): TextCharacter {
  const counts = { mentionCount: 0, vocativeCount: 0, narrationCount: 0, isIntroduced: false };
  return { index, cluster: null, nouns: new Set(), gender: "unknown", ...counts };
}

function firstPersonMentions(tokens: TokenList, narrator: number): readonly Mention[] {
  const mentions: Mention[] = [];
  tokens.forEach((token, first) => {
    if (token.quote !== -1 || !FIRST_PERSON.has(token.lower)) return;
    mentions.push({
      member: narrator,
      first,
      last: first + 1,
      start: token.start,
      end: token.end,
      quote: -1,
      paragraph: token.paragraph,
      isNominal: false,
      isVocative: false,
      canBeSubject: token.lower === "i",
    });
  });
  return mentions;
}
