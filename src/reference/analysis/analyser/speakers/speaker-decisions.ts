/**
 * The decision who speaks a unit. `member` is the index of the speaker, or -1 if the text shows no
 * speaker. `confidence` is the softmax probability of the speaker among all candidates, 0-1.
 */
export interface SpeakerDecision {
  readonly member: number;
  readonly confidence: number;
}

/**
 * The decisions for units, by the unit's index. The decisions are arrays of numbers, because a long
 * text can have 300,000 units.
 */
export class SpeakerDecisions {
  readonly #members: Int32Array;
  readonly #confidences: Float64Array;

  constructor(unitCount: number) {
    this.#members = new Int32Array(unitCount).fill(-1);
    this.#confidences = new Float64Array(unitCount);
  }

  /** Returns the speaker of a unit. Returns -1 if there is no unit, decision or speaker. */
  member(unit: number): number {
    return this.#members[unit] ?? -1;
  }

  confidence(unit: number): number {
    return this.#confidences[unit] ?? 0;
  }

  set(unit: number, { member, confidence }: SpeakerDecision): void {
    this.#members[unit] = member;
    this.#confidences[unit] = confidence;
  }
}
