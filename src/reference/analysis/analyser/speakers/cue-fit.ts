import type { TextCharacter } from "../characters/text-characters.js";
import { Gender } from "../document.js";
import { GENERIC_NOUNS } from "../lexicon/person-nouns.js";
import type { NominalLinks } from "./nominal-links.js";
import type { Subject } from "./subjects.js";

export interface CueWeights {
  /** The score of the character that the cue names. */
  readonly named: number;
  /**
   * Added to the score of a candidate with the gender of the pronoun. Subtracted from the score of
   * a candidate with another gender.
   */
  readonly gendered: number;
  /**
   * A factor, 0-1, for a cue with a generic noun, for example "the man". Every named character that
   * the noun can mean gets `named` times this factor.
   */
  readonly genericNoun: number;
}

const PROMINENCE = 3;
/**
 * A noun can mean a named character with at least this many mentions, even if the noun is more
 * frequent than the name.
 */
const PROMINENT = 20;

/**
 * Scores how well the subject of a cue fits a candidate for the speaker. A cue is the words beside
 * a quote that show the quote's speaker.
 */
export class CueFitter {
  readonly #members: readonly TextCharacter[];
  readonly #narrator: number | null;
  readonly #links: NominalLinks;

  constructor(members: readonly TextCharacter[], narrator: number | null, links: NominalLinks) {
    this.#members = members;
    this.#narrator = narrator;
    this.#links = links;
  }

  fit(subject: Subject, candidate: number, weights: CueWeights): number {
    if (subject.member !== null) return this.#mentionFit(subject.member, candidate, weights);
    // If the narrator says "I", "he said" never means the narrator.
    if (candidate === this.#narrator) return -weights.named;
    const gender = this.#genderOf(candidate);
    if (gender === Gender.Unknown || subject.pronoun === "plural") return 0;
    return gender === subject.pronoun ? weights.gendered : -weights.gendered;
  }

  /**
   * True if the subject is "he" and the candidate is female, or "she" and the candidate is male.
   */
  conflicts(subject: Subject, candidate: number): boolean {
    const gender = this.#genderOf(candidate);
    const isGendered = gender === Gender.Female || gender === Gender.Male;
    return (
      isGendered &&
      subject.pronoun !== null &&
      subject.pronoun !== "plural" &&
      gender !== subject.pronoun
    );
  }

  isNarrator(member: number): boolean {
    return member === this.#narrator;
  }

  /** True for a character with nouns but without a name: "the fox". */
  isNominal(member: number): boolean {
    return this.#members[member]?.cluster === null && member !== this.#narrator;
  }

  /**
   * True if the noun can mean the candidate. The candidate must have a name, must not be the
   * narrator, and must have the gender of the noun. A noun without gender fits every candidate.
   */
  canStandFor(noun: number, candidate: number): boolean {
    if (this.isNominal(candidate) || candidate === this.#narrator) return false;
    const gender = this.#genderOf(noun);
    return gender === Gender.Unknown || gender === this.#genderOf(candidate);
  }

  /**
   * Scores a cue whose subject is a mention. A noun that is linked to a name means only the
   * character with this name. A generic noun without a link can mean every named character of its
   * gender.
   */
  #mentionFit(member: number, candidate: number, weights: CueWeights): number {
    const bearer = this.#links.get(member) ?? member;
    if (bearer === candidate) return weights.named;
    if (bearer !== member || !this.#isGeneric(member) || this.isNominal(candidate)) return 0;
    return this.#mayBeCalled(member, candidate) ? weights.named * weights.genericNoun : 0;
  }

  /**
   * True if the noun can mean the named candidate. Both must have the same gender, and the name
   * must be three times as frequent as the noun or have 20 mentions. A rarer name belongs to
   * another person: "the niece" is not Mrs. Sappleton. A noun that occurs once, and that nothing
   * introduces, describes a known person: "said the old gentleman".
   */
  #mayBeCalled(noun: number, candidate: number): boolean {
    const gender = this.#genderOf(noun);
    if (gender === Gender.Unknown || gender !== this.#genderOf(candidate)) return false;
    const mentionsOfNoun = this.#members[noun]?.mentionCount ?? 0;
    const mentionsOfName = this.#members[candidate]?.mentionCount ?? 0;
    const isDescription = mentionsOfNoun === 1 && this.#members[noun]?.isIntroduced !== true;
    return isDescription || mentionsOfName >= Math.min(PROMINENCE * mentionsOfNoun, PROMINENT);
  }

  #isGeneric(member: number): boolean {
    if (!this.isNominal(member)) return false;
    return [...(this.#members[member]?.nouns ?? [])].some((noun) => GENERIC_NOUNS.has(noun));
  }

  #genderOf(member: number): Gender {
    return this.#members[member]?.gender ?? Gender.Unknown;
  }
}
