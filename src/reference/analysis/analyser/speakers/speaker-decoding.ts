import type { TextCharacter } from "../characters/text-characters.js";
import { CueFitter } from "./cue-fit.js";
import { PRONOUN_GENDER } from "../lexicon/function-words.js";
import { COMMON_VERBS, MEETING_VERBS } from "../lexicon/speech-verbs.js";
import type { Mention } from "../characters/text-characters.js";
import type { TokenList } from "../text/tokens.js";
import type { AttributionInput } from "./attribution-input.js";
import type { NominalLinks, NominalVotes } from "./nominal-links.js";
import { linkNominals, voteFor } from "./nominal-links.js";
import { CueMethod } from "./speaker-cues.js";
import { type SpeakerDecision, SpeakerDecisions } from "./speaker-decisions.js";
import type { SpeakerUnit } from "./speaker-units.js";

/**
 * The weights of the clues in a candidate's score. They were first estimated, and then tuned one at
 * a time with ten novels of PDNC (Project Dialogism Novel Corpus). With the estimates, leaving out
 * the alternation of speakers cost 11 points of accuracy. Leaving out recency cost 7 points, and
 * leaving out vocatives 2.
 */
const WEIGHTS = {
  named: 10,
  pronounGender: 2.4,
  beatNamed: 5.6,
  beatGender: 1.5,
  previousSpeaker: -1.4,
  speakerBeforeLast: 1.6,
  /** Added for the previous speaker, if the paragraph between tells what this speaker does. */
  actedBefore: 1.5,
  addressedBefore: 3,
  addressedHere: -3.8,
  mentionedHere: -2.8,
  introducedHere: 8,
  lastSubject: 0.45,
  paragraphFinal: 0.6,
  namedNext: -3,
  namedAfterNext: 1.8,
  frequency: 0.8,
  recentShare: 0.8,
  /**
   * Added for a character without a name, who is a less likely speaker than a character with a
   * name.
   */
  nominal: -2,
  /** Added for a character who is in no talk or narration near the unit. */
  absent: -0.7,
  /**
   * The lowest score with which a named character gets the vote of a noun. The score does not
   * include the cue.
   */
  leastLink: 1.5,
  /**
   * A factor on `named` and `beatNamed`. If a cue has a generic noun, every named character that
   * the noun can mean gets this part of the weight.
   */
  genericNoun: 0.85,
} as const;

/**
 * The score for a recent mention: the sum of weight times exp(-distance / scale). Distances are in
 * UTF-16 units of the text.
 */
const RECENCY = [
  { weight: 1.2, scale: 250 },
  { weight: 0.8, scale: 900 },
  { weight: 0.4, scale: 3600 },
] as const;

/**
 * How strongly two units belong to one conversation, 0-1. The four values are for 0, 1, 2 and 3
 * paragraphs of narration between the units. With more paragraphs, the strength is 0.
 */
const LOOSENING = [1, 0.36, 0.3, 0.15] as const;
/** A character who was not seen for this many UTF-16 units is absent. */
const ABSENCE = 2500;
/** A character whom a quote calls by name counts as seen, this many units before the quote. */
const ADDRESSED_DISTANCE = 600;
const NOBODY: SpeakerDecision = { member: -1, confidence: 0 };
const MOST_CANDIDATES = 200;
const RECENT_TURNS = 12;

interface Event {
  readonly at: number;
  readonly paragraph: number;
  /** The index of the mentioned character. -1 if the event is a pronoun. */
  readonly member: number;
  readonly pronoun: "male" | "female" | null;
  readonly isSubject: boolean;
}

/**
 * Finds the speaker of each unit in two passes from left to right. The second pass also uses two
 * results of the first pass: the speakers of later units, and the characters that nouns mean.
 */
export function decodeSpeakers(
  input: AttributionInput,
  units: readonly SpeakerUnit[],
): SpeakerDecisions {
  const events = collectEvents(input);
  const scan = {
    members: input.characters.members,
    narrator: input.characters.narrator,
    units,
    events,
  };
  const first = new Decoder(scan, new SpeakerDecisions(0), new Map());
  const earlier = first.decode();
  return new Decoder(scan, earlier, linkNominals(first.votes, scan.members)).decode();
}

function collectEvents(input: AttributionInput): readonly Event[] {
  const events: Event[] = [];
  for (const mention of input.characters.mentions) {
    if (mention.quote !== -1) continue;
    const { start: at, paragraph, member, canBeSubject } = mention;
    const isSubject = canBeSubject && !isObject(input.tokens, mention);
    events.push({ at, paragraph, member, pronoun: null, isSubject });
  }
  for (const token of input.tokens) {
    if (token.quote !== -1 || (token.lower !== "he" && token.lower !== "she")) continue;
    const pronoun = PRONOUN_GENDER.get(token.lower) ?? null;
    events.push({
      at: token.start,
      paragraph: token.paragraph,
      member: -1,
      pronoun,
      isSubject: true,
    });
  }
  return events.sort((a, b) => a.at - b.at);
}

/** True for a mention right after its verb: Bruno in "Anton watched Bruno pour". */
function isObject(tokens: TokenList, { first }: Mention): boolean {
  const before = tokens.get(first - 1);
  if (before?.quote !== -1 || !before.isWord || tokens.get(first - 2)?.quote !== -1) return false;
  return MEETING_VERBS.has(before.lower) || COMMON_VERBS.has(before.lower);
}

interface Scan {
  readonly members: readonly TextCharacter[];
  readonly narrator: number | null;
  readonly units: readonly SpeakerUnit[];
  readonly events: readonly Event[];
}

class Decoder {
  /**
   * The votes of this pass. They show which character a noun means if a cue names the noun as the
   * speaker.
   */
  readonly votes: NominalVotes = new Map();
  readonly #cues: CueFitter;
  readonly #members: readonly TextCharacter[];
  readonly #units: readonly SpeakerUnit[];
  readonly #events: readonly Event[];
  readonly #earlier: SpeakerDecisions;
  readonly #candidates: readonly number[];
  readonly #lastSeen: number[];
  readonly #decisions: SpeakerDecisions;
  readonly #mostMentions: number;
  #nextEvent = 0;
  #lastSubject = -1;
  #lastMention: Event | null = null;

  constructor(scan: Scan, earlier: SpeakerDecisions, links: NominalLinks) {
    const { members } = scan;
    this.#members = members;
    this.#units = scan.units;
    this.#events = scan.events;
    this.#earlier = earlier;
    this.#decisions = new SpeakerDecisions(scan.units.length);
    this.#cues = new CueFitter(members, scan.narrator, links);
    this.#lastSeen = members.map(() => -Infinity);
    this.#mostMentions = members.reduce((most, member) => Math.max(most, member.mentionCount), 1);
    this.#candidates = [...members]
      .sort((a, b) => b.mentionCount - a.mentionCount || a.index - b.index)
      .slice(0, MOST_CANDIDATES)
      .map((member) => member.index);
  }

  decode(): SpeakerDecisions {
    this.#units.forEach((unit, index) => {
      this.#readUpTo(unit.start);
      const decision = this.#decide(unit, index);
      this.#decisions.set(index, decision);
      if (decision.member >= 0) this.#lastSeen[decision.member] = unit.start;
      this.#seeAddressed(unit);
    });
    return this.#decisions;
  }

  /** A character whom a speaker calls by name is there, even if narration is silent about it. */
  #seeAddressed({ addressed, start }: SpeakerUnit): void {
    for (const member of addressed ?? []) {
      this.#lastSeen[member] = Math.max(this.#seen(member), start - ADDRESSED_DISTANCE);
    }
  }

  #readUpTo(position: number): void {
    for (
      let event = this.#events[this.#nextEvent];
      event !== undefined && event.at < position;
      event = this.#events[this.#nextEvent]
    ) {
      this.#nextEvent += 1;
      const member = event.pronoun === null ? event.member : this.#antecedent(event.pronoun);
      if (member < 0) continue;
      this.#lastSeen[member] = event.at;
      this.#lastMention = { ...event, member };
      if (event.isSubject) this.#lastSubject = member;
    }
  }

  /**
   * Returns the character that a pronoun means: the last subject if its gender fits. If not,
   * returns the last mentioned character whose gender fits. Returns -1 if no character fits.
   */
  #antecedent(pronoun: "male" | "female"): number {
    const subject = this.#members[this.#lastSubject];
    if (subject?.gender === pronoun) return subject.index;
    let best = -1;
    for (const index of this.#candidates) {
      const fits = this.#members[index]?.gender === pronoun && !this.#cues.isNarrator(index);
      if (fits && this.#seen(index) > this.#seen(best)) best = index;
    }
    return best;
  }

  #seen(member: number): number {
    return this.#lastSeen[member] ?? -Infinity;
  }

  #decide(unit: SpeakerUnit, index: number): SpeakerDecision {
    const subject = unit.cue?.subject;
    const named = subject?.member ?? -1;
    if (unit.cue?.method === CueMethod.Label) return { member: named, confidence: 1 };
    if (this.#cues.isNominal(named)) this.#vote(unit, index, named);
    const winner = this.#bestOf(unit, index, this.#poolFor(named));
    // If the text has "she said" before any woman is known, choose no speaker instead of a man.
    const isMisfit = subject !== undefined && this.#cues.conflicts(subject, winner.member);
    return isMisfit ? NOBODY : winner;
  }

  /**
   * Returns the candidates for a unit. If the cue names a character who is too rare to be a
   * candidate, returns only this character.
   */
  #poolFor(named: number): readonly number[] {
    return named >= 0 && !this.#candidates.includes(named) ? [named] : this.#candidates;
  }

  #bestOf(unit: SpeakerUnit, index: number, pool: readonly number[]): SpeakerDecision {
    let best = -1;
    let bestScore = -Infinity;
    const scores: number[] = [];
    for (const candidate of pool) {
      const score = this.#score(unit, index, candidate);
      scores.push(score);
      if (score > bestScore) [best, bestScore] = [candidate, score];
    }
    const total = scores.reduce((sum, score) => sum + Math.exp(score - bestScore), 0);
    return { member: best, confidence: total > 0 ? 1 / total : 0 };
  }

  /**
   * Votes for the named character who would be the speaker without the cue. If no named character
   * has a high enough score, votes for the noun itself.
   */
  #vote(unit: SpeakerUnit, index: number, noun: number): void {
    let best = noun;
    let bestScore: number = WEIGHTS.leastLink;
    for (const candidate of this.#candidates) {
      if (!this.#cues.canStandFor(noun, candidate)) continue;
      const score = this.#score(unit, index, candidate) - this.#cueScore(unit, candidate);
      if (score > bestScore) [best, bestScore] = [candidate, score];
    }
    voteFor(this.votes, noun, best);
  }

  #score(unit: SpeakerUnit, index: number, candidate: number): number {
    return (
      this.#cueScore(unit, candidate) +
      this.#recencyScore(unit, candidate) +
      this.#turnScore(index, candidate) +
      this.#addressScore(unit, index, candidate) +
      this.#frequencyScore(index, candidate) +
      (this.#cues.isNominal(candidate) ? WEIGHTS.nominal : 0)
    );
  }

  #cueScore(unit: SpeakerUnit, candidate: number): number {
    const { named, pronounGender, beatNamed, beatGender, genericNoun } = WEIGHTS;
    if (unit.cue !== null) {
      const weights = { named, gendered: pronounGender, genericNoun };
      return this.#cues.fit(unit.cue.subject, candidate, weights);
    }
    if (unit.beat === null) return 0;
    const weights = { named: beatNamed, gendered: beatGender, genericNoun };
    return this.#cues.fit(unit.beat.subject, candidate, weights);
  }

  #recencyScore(unit: SpeakerUnit, candidate: number): number {
    const distance = unit.start - this.#seen(candidate);
    let score = distance > ABSENCE ? WEIGHTS.absent : 0;
    if (Number.isFinite(distance)) {
      for (const { weight, scale } of RECENCY) score += weight * Math.exp(-distance / scale);
    }
    if (this.#lastSubject === candidate) score += WEIGHTS.lastSubject;
    const isFinal = this.#lastMention?.member === candidate;
    const isPreceding = this.#lastMention?.paragraph === unit.firstParagraph - 1;
    return score + (isFinal && isPreceding ? WEIGHTS.paragraphFinal : 0);
  }

  #turnScore(index: number, candidate: number): number {
    const previous = this.#tie(index - 1, index);
    const beforeLast = previous * this.#tie(index - 2, index - 1);
    const next = this.#tie(index, index + 1);
    const afterNext = next * this.#tie(index + 1, index + 2);
    let score = 0;
    if (this.#decisions.member(index - 1) === candidate)
      score += WEIGHTS.previousSpeaker * previous + this.#goesOnScore(index, candidate);
    if (this.#decisions.member(index - 2) === candidate)
      score += WEIGHTS.speakerBeforeLast * beforeLast;
    score += WEIGHTS.namedNext * next * this.#foreseeSpeaker(index + 1, candidate);
    return score + WEIGHTS.namedAfterNext * afterNext * this.#foreseeSpeaker(index + 2, candidate);
  }

  /** The speaker before can go on after an action: “I’ll go.” She paused at the door. “Or shall I?” */
  #goesOnScore(index: number, candidate: number): number {
    const action = this.#units[index]?.action ?? null;
    if (action === null || this.#tie(index - 1, index) === 0) return 0;
    const { actedBefore, genericNoun } = WEIGHTS;
    const weights = { named: actedBefore, gendered: actedBefore, genericNoun };
    return this.#cues.fit(action, candidate, weights);
  }

  /** Returns how strongly two units belong to one conversation, 0-1. */
  #tie(earlier: number, later: number): number {
    const before = this.#units[earlier];
    const after = this.#units[later];
    if (before === undefined || after?.scene !== before.scene) return 0;
    const gap = after.firstParagraph - before.lastParagraph - 1;
    return LOOSENING[Math.max(0, gap)] ?? 0;
  }

  /**
   * Returns how certain it is that the candidate speaks a later unit, 0-1. If the cue of the later
   * unit names a character, returns 1 for this character and 0 for all others. If the cue names
   * nobody, returns the confidence of the first pass for the speaker that the first pass chose, and 0
   * for all others. During the first pass there is no earlier result, so the method returns 0.
   */
  #foreseeSpeaker(index: number, candidate: number): number {
    const named = this.#units[index]?.cue?.subject.member ?? null;
    if (named !== null) return named === candidate ? 1 : 0;
    return this.#earlier.member(index) === candidate ? this.#earlier.confidence(index) : 0;
  }

  #addressScore(unit: SpeakerUnit, index: number, candidate: number): number {
    const tie = this.#tie(index - 1, index);
    let score = 0;
    if (this.#units[index - 1]?.addressed?.has(candidate) === true)
      score += WEIGHTS.addressedBefore * tie;
    if (unit.addressed?.has(candidate) === true) score += WEIGHTS.addressedHere;
    if (unit.introduced?.has(candidate) === true) score += WEIGHTS.introducedHere;
    return score + (unit.mentioned?.has(candidate) === true ? WEIGHTS.mentionedHere : 0);
  }

  #frequencyScore(index: number, candidate: number): number {
    const share = (this.#members[candidate]?.mentionCount ?? 0) / this.#mostMentions;
    let turns = 0;
    for (let back = 1; back <= RECENT_TURNS; back += 1) {
      if (this.#units[index - back]?.scene !== this.#units[index]?.scene) break;
      if (this.#decisions.member(index - back) === candidate) turns += 1;
    }
    return WEIGHTS.frequency * share + WEIGHTS.recentShare * (turns / RECENT_TURNS);
  }
}
