import type { Attribution } from "../document.js";
import { AttributionType } from "../document.js";
import { round } from "../expression/emotion.js";
import type { AttributionInput } from "./attribution-input.js";
import type { SpeakerDecision } from "./speaker-decoding.js";
import { decodeSpeakers } from "./speaker-decoding.js";
import type { SpeakerUnit } from "./speaker-units.js";
import type { Subject } from "./subjects.js";
import { formUnits } from "./speaker-units.js";

/**
 * The speaker and the addressees of a quote, as indexes of the text's characters. `member` is the
 * speaker, or -1 if the quote has no speaker.
 */
export interface SpokenQuote {
  readonly member: number;
  readonly addressees: readonly number[];
  readonly attribution: Attribution;
  /** The index of the speech verb's token. -1 if the quote has no speech verb. */
  readonly verb: number;
}

/**
 * If two quotes are more than this many paragraphs apart, the second quote does not answer the
 * first.
 */
const CONVERSATION_GAP = 3;

/** Returns the speaker of every quote, in the order of the quotes. */
export function attributeQuotes(input: AttributionInput, text: string): readonly SpokenQuote[] {
  const units = formUnits(input);
  const decisions = decodeSpeakers(input, units);
  const spoken: SpokenQuote[] = [];
  units.forEach((unit, index) => {
    const decision = decisions[index] ?? { member: -1, confidence: 0 };
    const quote = {
      member: decision.member,
      addressees: addresseesOf(units, decisions, index),
      attribution: attributionOf(input, unit, decision, text),
      verb: unit.cue?.verb ?? -1,
    };
    for (const position of unit.quotes) spoken[position] = quote;
  });
  return spoken;
}

function attributionOf(
  input: AttributionInput,
  unit: SpeakerUnit,
  decision: SpeakerDecision,
  text: string,
): Attribution {
  const cue = unit.cue ?? unit.beat;
  const confidence = round(decision.confidence);
  const type =
    unit.cue === null ? AttributionType.Implicit : typeOf(input, unit.cue.subject, decision.member);
  if (cue === null) return { type, method: "conversation", cue: "", confidence };
  const start = input.tokens[cue.range.first]?.start ?? 0;
  const end = input.tokens[cue.range.last - 1]?.end ?? start;
  return { type, method: cue.method, cue: text.slice(start, end), confidence };
}

/**
 * Returns the type of an attribution. A common noun that means a named character is anaphoric, like
 * a pronoun. A common noun is explicit if the character has no name.
 */
function typeOf(input: AttributionInput, subject: Subject, speaker: number): AttributionType {
  if (subject.member === null) return AttributionType.Anaphoric;
  const isFirstPerson = subject.member === input.characters.narrator && isOneWord(subject);
  const isName = !isFirstPerson || input.tokens[subject.first]?.lower !== "i";
  const standsForOther = subject.isNominal && subject.member !== speaker;
  return isName && !standsForOther ? AttributionType.Explicit : AttributionType.Anaphoric;
}

function isOneWord({ first, last }: Subject): boolean {
  return last - first === 1;
}

/**
 * Returns the characters that the unit calls by name. If the unit calls nobody, returns the
 * previous speaker of the conversation. If there is no previous speaker, returns the next speaker.
 */
function addresseesOf(
  units: readonly SpeakerUnit[],
  decisions: readonly SpeakerDecision[],
  index: number,
): readonly number[] {
  const unit = units[index];
  const speaker = speakerAt(decisions, index);
  if (unit === undefined || speaker < 0) return [];
  const called = [...unit.addressed].filter((member) => member !== speaker);
  if (called.length > 0) return called;
  const partner = [index - 1, index + 1]
    .filter((near) => isNear(unit, units[near]))
    .map((near) => speakerAt(decisions, near))
    .find((member) => member >= 0 && member !== speaker);
  return partner === undefined ? [] : [partner];
}

function speakerAt(decisions: readonly SpeakerDecision[], index: number): number {
  return decisions[index]?.member ?? -1;
}

function isNear(unit: SpeakerUnit, other: SpeakerUnit | undefined): boolean {
  if (other === undefined) return false;
  const gap = Math.max(
    other.firstParagraph - unit.lastParagraph,
    unit.firstParagraph - other.lastParagraph,
  );
  return gap <= CONVERSATION_GAP;
}
