import type { Gender } from "../document.js";
import type { AliasCluster } from "./aliases.js";
import { clusterAliases, TitleIndex } from "./aliases.js";
import { FEMALE_NOUNS, MALE_NOUNS } from "../lexicon/person-nouns.js";
import { assignFormGenders } from "./form-genders.js";
import {
  collectForms,
  formKey,
  isAfterPreposition,
  isNameForm,
  isPerson,
  isPossessiveBefore,
  isVocative,
} from "./name-forms.js";
import type { NameSpan } from "./names.js";
import { countCases, findNames } from "./names.js";
import { SharedSentences } from "./shared-sentences.js";
import { discoverNominals, findNominals, isIntroducing } from "./nominals.js";
import type { TokenList } from "../text/tokens.js";

/**
 * A character of the text during the analysis. `index` is the character's place in the `members` of
 * `TextCharacters`.
 */
export interface TextCharacter {
  readonly index: number;
  readonly cluster: AliasCluster | null;
  /** The nouns that mean this character. A character without a name has only nouns. */
  readonly nouns: Set<string>;
  gender: Gender;
  mentionCount: number;
  vocativeCount: number;
  narrationCount: number;
  /** True if the text introduces the character by a noun: "a stranger", "his mother". */
  isIntroduced: boolean;
}

/**
 * Tokens `first` to `last` (exclusive) that refer to a character. `member` is the character's
 * index. `start` and `end` are UTF-16 offsets. `quote` is -1 in narration.
 */
export interface Mention {
  readonly member: number;
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
  readonly quote: number;
  readonly paragraph: number;
  readonly isNominal: boolean;
  readonly isVocative: boolean;
  /** True if the mention is not possessive and does not follow a preposition. */
  readonly canBeSubject: boolean;
}

/** All characters of a text, with their mentions. */
export interface TextCharacters {
  readonly members: readonly TextCharacter[];
  /** In reading order. */
  readonly mentions: readonly Mention[];
}

/**
 * Finds the characters of a text: persons with names, and noun phrases that speak. Also makes a
 * character of each noun in `unnamed`. If the noun of a phrase is also a name ("the fox", "Fox"),
 * noun and name mean one character.
 */
export function findCharacters(tokens: TokenList, unnamed: readonly string[] = []): TextCharacters {
  const cases = countCases(tokens);
  const names = findNames(tokens, cases);
  const collected = collectForms(tokens, names);
  assignFormGenders(collected, names, tokens);
  const forms = [...collected.values()].filter((form) => isNameForm(form, cases));
  const members: TextCharacter[] = clusterAliases(forms, new SharedSentences(tokens, names))
    .filter((cluster) => isPerson(cluster.forms))
    .map((cluster, index) => newMember(index, cluster, cluster.gender));
  const memberOfForm = new Map<string, TextCharacter>();
  for (const member of members) {
    for (const form of member.cluster?.forms ?? []) memberOfForm.set(form.key, member);
  }
  const memberOfNoun = addNominalMembers(
    [...discoverNominals(tokens).keys(), ...unnamed],
    members,
    memberOfForm,
  );
  const mentions = collectMentions(tokens, names, memberOfForm, memberOfNoun);
  for (const mention of mentions) countMention(members[mention.member], mention);
  return { members, mentions };
}

function newMember(index: number, cluster: AliasCluster | null, gender: Gender): TextCharacter {
  const counts = { mentionCount: 0, vocativeCount: 0, narrationCount: 0, isIntroduced: false };
  return { index, cluster, nouns: new Set(), gender, ...counts };
}

function addNominalMembers(
  keys: readonly string[],
  members: TextCharacter[],
  memberOfForm: ReadonlyMap<string, TextCharacter>,
): ReadonlyMap<string, TextCharacter> {
  const memberOfNoun = new Map<string, TextCharacter>();
  const titles = new TitleIndex(members.flatMap(({ cluster }) => cluster ?? []));
  for (const key of new Set(keys)) {
    const bearer = titles.bearerOf(key)?.forms[0]?.key;
    const named = memberOfForm.get(key) ?? memberOfForm.get(bearer ?? "");
    const member = named ?? newMember(members.length, null, genderOfNoun(key));
    if (named === undefined) members.push(member);
    member.nouns.add(key);
    memberOfNoun.set(key, member);
  }
  return memberOfNoun;
}

export function genderOfNoun(key: string): Gender {
  const head = key.split(" ").at(-1) ?? key;
  if (/[^s]s$/u.test(head)) return "neutral";
  if (FEMALE_NOUNS.has(head)) return "female";
  return MALE_NOUNS.has(head) ? "male" : "unknown";
}

function collectMentions(
  tokens: TokenList,
  names: readonly NameSpan[],
  memberOfForm: ReadonlyMap<string, TextCharacter>,
  memberOfNoun: ReadonlyMap<string, TextCharacter>,
): readonly Mention[] {
  const mentions: Mention[] = [];
  const taken = new Set<number>();
  for (const name of names) {
    const member = memberOfForm.get(formKey(name));
    if (member === undefined) continue;
    for (let at = name.first; at < name.last; at += 1) taken.add(at);
    mentions.push(mentionOf(tokens, name, member.index, isVocative(tokens, name)));
  }
  for (const phrase of findNominals(tokens, new Set(memberOfNoun.keys()))) {
    const member = memberOfNoun.get(phrase.key);
    if (member === undefined || taken.has(phrase.last - 1)) continue;
    mentions.push({ ...mentionOf(tokens, phrase, member.index, false), isNominal: true });
    member.isIntroduced ||= isIntroducing(tokens, phrase);
  }
  return mentions.sort((a, b) => a.first - b.first);
}

function mentionOf(
  tokens: TokenList,
  span: { readonly first: number; readonly last: number },
  member: number,
  vocative: boolean,
): Mention {
  const { first, last } = span;
  const [head, tail] = [tokens.get(first), tokens.get(last - 1)];
  if (head === undefined || tail === undefined)
    throw new RangeError(`No tokens at ${String(first)}`);
  return {
    member,
    first,
    last,
    start: head.start,
    end: tail.end,
    quote: head.quote,
    paragraph: head.paragraph,
    isNominal: false,
    isVocative: vocative,
    canBeSubject: !isPossessiveBefore(tokens, last) && !isAfterPreposition(tokens, first),
  };
}

function countMention(member: TextCharacter | undefined, mention: Mention): void {
  if (member === undefined) return;
  member.mentionCount += 1;
  if (mention.isVocative) member.vocativeCount += 1;
  if (mention.quote === -1) member.narrationCount += 1;
}
