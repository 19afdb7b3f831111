import type { Attribution } from "../document.js";
import { AttributionType } from "../document.js";
import { round } from "../expression/emotion.js";
import type { AttributionInput } from "./attribution-input.js";
import type { SpeakerDecisions } from "./speaker-decisions.js";
import { decodeSpeakers } from "./speaker-decoding.js";
import type { SpeakerUnit } from "./speaker-units.js";
import type { Subject } from "./subjects.js";
import { formUnits, indexUnits } from "./speaker-units.js";
import type { TokenList } from "../text/tokens.js";

/**
 * The speaker and the addressees of a quote. `member` and `addressees` are indexes into the list
 * of the persons in the text. `member` is the speaker, or -1 if the quote has no speaker.
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

/**
 * The speakers of a text's quotes. Reads each quote when it is asked for, because 300,000 quotes with
 * their attributions would take 70 MB.
 */
export class Speakers {
  readonly #text: string;
  readonly #tokens: TokenList;
  readonly #narrator: number | null;
  readonly #units: readonly SpeakerUnit[];
  readonly #unitOfQuote: Int32Array;
  readonly #decisions: SpeakerDecisions;

  constructor(input: AttributionInput, text: string) {
    this.#text = text;
    this.#tokens = input.tokens;
    this.#narrator = input.characters.narrator;
    this.#units = formUnits(input);
    this.#unitOfQuote = indexUnits(this.#units);
    this.#decisions = decodeSpeakers(input, this.#units);
  }

  /** Returns undefined if there is no such quote. */
  get(quote: number): SpokenQuote | undefined {
    const index = this.#unitOfQuote[quote] ?? -1;
    const unit = this.#units[index];
    return (
      unit && {
        member: this.#decisions.member(index),
        addressees: this.#addresseesOf(unit, index),
        attribution: this.#attributionOf(unit, index),
        verb: unit.cue?.verb ?? -1,
      }
    );
  }

  /** Returns the number of quotes that each of `memberCount` characters speaks. */
  countQuotes(memberCount: number): readonly number[] {
    const counts = Array.from({ length: memberCount }, () => 0);
    this.#units.forEach(({ firstQuote, lastQuote }, index) => {
      const member = this.#decisions.member(index);
      if (member >= 0) counts[member] = (counts[member] ?? 0) + lastQuote - firstQuote + 1;
    });
    return counts;
  }

  /** Returns the start of every speech verb that shows a speaker. */
  verbStarts(): ReadonlySet<number> {
    const starts = new Set<number>();
    for (const { cue } of this.#units) {
      const verb = this.#tokens.get(cue?.verb ?? -1);
      if (verb !== undefined) starts.add(verb.start);
    }
    return starts;
  }

  #attributionOf(unit: SpeakerUnit, index: number): Attribution {
    const cue = unit.cue ?? unit.beat;
    const confidence = round(this.#decisions.confidence(index));
    const type =
      unit.cue === null
        ? AttributionType.Implicit
        : this.#typeOf(unit.cue.subject, this.#decisions.member(index));
    if (cue === null) return { type, method: "conversation", cue: "", confidence };
    if (cue.range.last === cue.range.first)
      return { type, method: cue.method, cue: "", confidence };
    const start = this.#tokens.get(cue.range.first)?.start ?? 0;
    const end = this.#tokens.get(cue.range.last - 1)?.end ?? start;
    return { type, method: cue.method, cue: this.#text.slice(start, end), confidence };
  }

  /**
   * Returns the type of an attribution. A common noun that means a named character is anaphoric, like
   * a pronoun. A common noun is explicit if the character has no name.
   */
  #typeOf(subject: Subject, speaker: number): AttributionType {
    if (subject.member === null) return AttributionType.Anaphoric;
    const isFirstPerson = subject.member === this.#narrator && isOneWord(subject);
    const isName = !isFirstPerson || this.#tokens.get(subject.first)?.lower !== "i";
    const standsForOther = subject.isNominal && subject.member !== speaker;
    return isName && !standsForOther ? AttributionType.Explicit : AttributionType.Anaphoric;
  }

  /**
   * Returns the characters that the unit calls by name. If the unit calls nobody, returns the
   * previous speaker of the conversation. If there is no previous speaker, returns the next speaker.
   */
  #addresseesOf(unit: SpeakerUnit, index: number): readonly number[] {
    const speaker = this.#decisions.member(index);
    if (speaker < 0) return [];
    const called = [...(unit.addressed ?? [])].filter((member) => member !== speaker);
    if (called.length > 0) return called;
    const partner = [index - 1, index + 1]
      .filter((near) => isNear(unit, this.#units[near]))
      .map((near) => this.#decisions.member(near))
      .find((member) => member >= 0 && member !== speaker);
    return partner === undefined ? [] : [partner];
  }
}

function isOneWord({ first, last }: Subject): boolean {
  return last - first === 1;
}

function isNear(unit: SpeakerUnit, other: SpeakerUnit | undefined): boolean {
  if (other?.scene !== unit.scene) return false;
  const gap = Math.max(
    other.firstParagraph - unit.lastParagraph,
    unit.firstParagraph - other.lastParagraph,
  );
  return gap <= CONVERSATION_GAP;
}
