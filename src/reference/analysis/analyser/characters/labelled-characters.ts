import type { Gender } from "../document.js";
import { isHonorific } from "../lexicon/honorifics.js";
import type { Quote } from "../text/quotes/quotes.js";
import { genderOfForm } from "./name-forms.js";
import type { NameForm } from "./name-forms.js";
import type { NarratedCharacters } from "./narrator.js";
import { genderOfNoun } from "./text-characters.js";
import type { TextCharacter } from "./text-characters.js";

/** Characters of a text and, for each label of a play, the index of the character it means. */
export interface LabelledCharacters extends NarratedCharacters {
  readonly memberOfLabel: ReadonlyMap<string, number>;
}

/**
 * Finds the character that each label before a line of a play means: "NORA." is Nora Hale, if the
 * text knows her. A label that fits no character makes one, because a label is always a speaker.
 */
export function findLabelled(
  characters: NarratedCharacters,
  quotes: readonly Quote[],
): LabelledCharacters {
  const members = [...characters.members];
  const known = indexNames(members);
  const memberOfLabel = new Map<string, number>();
  let previous = -1;
  for (const { label, paragraph } of quotes) {
    if (label === null || paragraph === previous) continue;
    previous = paragraph;
    const name = readLabel(label);
    const member = known.get(keyOf(name)) ?? newMember(members, name);
    known.set(keyOf(name), member);
    memberOfLabel.set(label, member.index);
    member.mentionCount += 1;
  }
  return { ...characters, members, memberOfLabel };
}

interface LabelName {
  readonly honorific: string | null;
  readonly words: readonly string[];
  /** The words as the label writes them, with the stops of initials. */
  readonly written: string;
}

/** Reads "MRS. HALE" as a title and the name "Hale". */
function readLabel(label: string): LabelName {
  const words = label.split(/[^\p{L}\p{M}\p{N}'’-]+/u).filter((word) => word !== "");
  const [first, ...rest] = words.map(withSmallLetters);
  const title = first?.toLowerCase() ?? "";
  const written = label.trim().split(/\s+/u).map(withSmallLetters);
  if (rest.length > 0 && isHonorific(title)) {
    return { honorific: title, words: rest, written: written.slice(1).join(" ") };
  }
  return {
    honorific: null,
    words: first === undefined ? [label] : [first, ...rest],
    written: written.join(" "),
  };
}

function withSmallLetters(word: string): string {
  return word === word.toUpperCase() ? word.charAt(0) + word.slice(1).toLowerCase() : word;
}

function keyOf({ honorific, words }: Omit<LabelName, "written">): string {
  return [honorific ?? "", ...words].join(" ").trim().toLowerCase();
}

/** Indexes characters by their names, nouns, first names and last names. */
function indexNames(members: readonly TextCharacter[]): Map<string, TextCharacter> {
  const names = indexParts(members);
  for (const member of members) {
    for (const noun of member.nouns) names.set(noun, member);
    for (const form of member.cluster?.forms ?? []) names.set(form.key, member);
  }
  return names;
}

/** Indexes first and last names. A name that two characters share means neither. */
function indexParts(members: readonly TextCharacter[]): Map<string, TextCharacter> {
  const names = new Map<string, TextCharacter>();
  const shared = new Set<string>();
  for (const member of members) {
    for (const part of partsOf(member)) {
      if (names.has(part)) shared.add(part);
      names.set(part, member);
    }
  }
  for (const part of shared) names.delete(part);
  return names;
}

function partsOf({ cluster }: TextCharacter): ReadonlySet<string> {
  const forms = cluster?.forms ?? [];
  return new Set(forms.flatMap(({ lowers }) => [...lowers.slice(0, 1), ...lowers.slice(-1)]));
}

function newMember(members: TextCharacter[], name: LabelName): TextCharacter {
  const form = formOf(name);
  const cluster = { forms: [form], gender: form.gender, honorifics: new Set<string>() };
  if (name.honorific !== null) cluster.honorifics.add(name.honorific);
  const counts = { mentionCount: 0, vocativeCount: 0, narrationCount: 0, isIntroduced: false };
  const member = {
    index: members.length,
    cluster,
    nouns: new Set<string>(),
    gender: form.gender,
    ...counts,
  };
  members.push(member);
  return member;
}

function formOf({ honorific, words, written }: LabelName): NameForm {
  const lowers = words.map((word) => word.toLowerCase());
  const named = genderOfForm(honorific, lowers);
  const gender: Gender = named === "unknown" ? genderOfNoun(lowers.at(-1) ?? "") : named;
  return {
    key: keyOf({ honorific, words }),
    honorific,
    words,
    written,
    lowers,
    gender,
    leaning: "unknown",
    count: 1,
    withThe: 0,
    vocatives: 0,
    reports: 0,
    acts: 0,
    evidence: 1,
  };
}
