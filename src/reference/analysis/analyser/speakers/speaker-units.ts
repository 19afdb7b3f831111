import { Gender } from "../document.js";
import type { Mention } from "../characters/text-characters.js";
import type { AttributionInput } from "./attribution-input.js";
import { addresseeOf } from "./cue-addressees.js";
import type { SpeakerCue } from "./speaker-cues.js";
import { actionAbove, findBeat, findCue } from "./speaker-cues.js";
import type { Subject } from "./subjects.js";

/**
 * Quotes that one speaker says together: the quotes of one paragraph, or one speech that continues
 * over several paragraphs. The sets contain the indexes of characters. Instead of an empty
 * set, a unit has null: a long text has 300,000 units, and three empty sets take 500 bytes.
 */
export interface SpeakerUnit {
  /** The indexes of the first and the last quote. All quotes between them belong to the unit. */
  readonly firstQuote: number;
  lastQuote: number;
  readonly firstParagraph: number;
  lastParagraph: number;
  readonly start: number;
  /** The index of the scene. Units of different scenes are not one conversation. */
  readonly scene: number;
  /** The subject of the paragraph between the unit before and this unit, if it is one paragraph. */
  readonly action: Subject | null;
  cue: SpeakerCue | null;
  beat: SpeakerCue | null;
  addressed: Set<number> | null;
  mentioned: Set<number> | null;
  /** Characters who say their own name in the unit: "I’m Vera". */
  introduced: Set<number> | null;
}

const INTRODUCTION = /^(?:.* )?(?:i'm|i am|my name is|my name's|they call me|people call me)$/u;
const LONGEST_INTRODUCTION = 3;

/**
 * Groups quotes into units. The quotes of a paragraph form one unit, unless their cues name
 * different speakers.
 */
export function formUnits(input: AttributionInput): readonly SpeakerUnit[] {
  const units: SpeakerUnit[] = [];
  for (const quote of input.quotes) {
    const found = findCue(input, quote.index);
    // In a long tale told by a character, "said I" means this character, not the narrator. So such
    // a cue is ignored.
    const isTale = quote.isContinuation && isFirstPerson(input, found);
    const cue = isTale ? null : found;
    const open = units.at(-1);
    if (open !== undefined && belongsTo(input, open, quote.index, cue)) {
      open.lastQuote = quote.index;
      open.lastParagraph = quote.paragraph;
      open.cue = strongerCue(open.cue, cue);
    } else {
      units.push(newUnit(input, open, quote.index, cue));
    }
  }
  for (const unit of units) if (unit.cue === null) unit.beat = findBeat(input, unit);
  addQuotedMentions(input, units);
  addCueAddressees(input, units);
  return units;
}

function isFirstPerson(input: AttributionInput, cue: SpeakerCue | null): boolean {
  const { narrator } = input.characters;
  return narrator !== null && cue?.subject.member === narrator;
}

function newUnit(
  input: AttributionInput,
  before: SpeakerUnit | undefined,
  index: number,
  cue: SpeakerCue | null,
): SpeakerUnit {
  const quote = input.quotes[index];
  const paragraph = quote?.paragraph ?? 0;
  return {
    firstQuote: index,
    lastQuote: index,
    firstParagraph: paragraph,
    lastParagraph: paragraph,
    start: quote?.start ?? 0,
    scene: input.scenes[paragraph] ?? 0,
    action: before?.lastParagraph === paragraph - 2 ? actionAbove(input, index) : null,
    cue,
    beat: null,
    addressed: null,
    mentioned: null,
    introduced: null,
  };
}

function belongsTo(
  input: AttributionInput,
  open: SpeakerUnit,
  index: number,
  cue: SpeakerCue | null,
): boolean {
  const quote = input.quotes[index];
  if (quote === undefined) return false;
  if (quote.isContinuation && open.lastParagraph === quote.paragraph - 1) return true;
  if (open.lastParagraph !== quote.paragraph) return false;
  return cue === null || open.cue === null || isSameSpeaker(input, open.cue, cue);
}

function isSameSpeaker(input: AttributionInput, a: SpeakerCue, b: SpeakerCue): boolean {
  const memberA = a.subject.member;
  const memberB = b.subject.member;
  if (memberA !== null && memberB !== null) return memberA === memberB;
  const genderA = genderOf(input, a);
  const genderB = genderOf(input, b);
  return genderA === genderB || genderA === Gender.Unknown || genderB === Gender.Unknown;
}

function genderOf(input: AttributionInput, cue: SpeakerCue): string {
  const { member, pronoun } = cue.subject;
  return pronoun ?? input.characters.members[member ?? -1]?.gender ?? Gender.Unknown;
}

function strongerCue(a: SpeakerCue | null, b: SpeakerCue | null): SpeakerCue | null {
  if (a === null || b === null) return a ?? b;
  return a.subject.member === null && b.subject.member !== null ? b : a;
}

function addQuotedMentions(input: AttributionInput, units: readonly SpeakerUnit[]): void {
  const unitOfQuote = indexUnits(units);
  for (const mention of input.characters.mentions) {
    const unit = units[unitOfQuote[mention.quote] ?? -1];
    if (unit === undefined) continue;
    const role = roleOf(input, mention);
    unit[role] = (unit[role] ?? new Set()).add(mention.member);
  }
}

function addCueAddressees(input: AttributionInput, units: readonly SpeakerUnit[]): void {
  for (const unit of units) {
    const addressee = unit.cue === null ? -1 : addresseeOf(input, unit.cue);
    if (addressee >= 0) unit.addressed = (unit.addressed ?? new Set()).add(addressee);
  }
}

/** Returns the index of each quote's unit. */
export function indexUnits(units: readonly SpeakerUnit[]): Int32Array {
  const indexes = new Int32Array((units.at(-1)?.lastQuote ?? -1) + 1);
  units.forEach(({ firstQuote, lastQuote }, index) =>
    indexes.fill(index, firstQuote, lastQuote + 1),
  );
  return indexes;
}

function roleOf(
  input: AttributionInput,
  mention: Mention,
): "addressed" | "mentioned" | "introduced" {
  if (isIntroduction(input, mention)) return "introduced";
  return mention.isVocative ? "addressed" : "mentioned";
}

function isIntroduction({ tokens }: AttributionInput, mention: Mention): boolean {
  if (mention.isNominal || !mention.canBeSubject) return false;
  const before = tokens.range(mention.first - LONGEST_INTRODUCTION, mention.first);
  const words = [...before]
    .filter(({ quote }) => quote === mention.quote)
    .map(({ lower }) => lower);
  return INTRODUCTION.test(words.join(" ")) && tokens.get(mention.last)?.isWord !== true;
}
