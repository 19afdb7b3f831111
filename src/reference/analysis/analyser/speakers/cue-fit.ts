import type { TextCharacter } from "../characters/text-characters.js";
import { Gender } from "../document.js";
import { GENERIC_NOUNS } from "../lexicon/person-nouns.js";
import type { NominalLinks } from "./nominal-links.js";
import type { Subject } from "./subjects.js";

export interface CueWeights {
  /** For the member that the cue names. */
  readonly named: number;
  /** Added for members of the pronoun's gender, subtracted for members of the other gender. */
  readonly gendered: number;
  /** Share of `named` that a generic noun gives to every named character of its gender. */
  readonly genericNoun: number;
}

const PROMINENCE = 3;
/** With this many mentions, a character is prominent for every count of the noun. */
const PROMINENT = 20;

/** How well a cue's subject fits a candidate. */
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
    // A narrator who says "I" is never "he said".
    if (candidate === this.#narrator) return -weights.named;
    const gender = this.#genderOf(candidate);
    if (gender === Gender.Unknown || subject.pronoun === "plural") return 0;
    return gender === subject.pronoun ? weights.gendered : -weights.gendered;
  }

  /** Whether the subject is a pronoun of the other gender. */
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

  /** True if the candidate has a name and its gender allows the noun. */
  canStandFor(noun: number, candidate: number): boolean {
    if (this.isNominal(candidate) || candidate === this.#narrator) return false;
    const gender = this.#genderOf(noun);
    return gender === Gender.Unknown || gender === this.#genderOf(candidate);
  }

  /**
   * A linked noun means its name. An unlinked generic noun can mean every named character of its
   * gender.
   */
  #mentionFit(member: number, candidate: number, weights: CueWeights): number {
    const bearer = this.#links.get(member) ?? member;
    if (bearer === candidate) return weights.named;
    if (bearer !== member || !this.#isGeneric(member) || this.isNominal(candidate)) return 0;
    return this.#mayBeCalled(member, candidate) ? weights.named * weights.genericNoun : 0;
  }

  /**
   * A name that is hardly more frequent than the noun belongs to another person: the niece and Mrs.
   * Sappleton.
   */
  #mayBeCalled(noun: number, candidate: number): boolean {
    const gender = this.#genderOf(noun);
    if (gender === Gender.Unknown || gender !== this.#genderOf(candidate)) return false;
    const mentionsOfNoun = this.#members[noun]?.mentionCount ?? 0;
    const mentionsOfName = this.#members[candidate]?.mentionCount ?? 0;
    return mentionsOfName >= Math.min(PROMINENCE * mentionsOfNoun, PROMINENT);
  }

  #isGeneric(member: number): boolean {
    if (!this.isNominal(member)) return false;
    return [...(this.#members[member]?.nouns ?? [])].some((noun) => GENERIC_NOUNS.has(noun));
  }

  #genderOf(member: number): Gender {
    return this.#members[member]?.gender ?? Gender.Unknown;
  }
}
