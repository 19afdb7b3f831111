import type { FieldNode } from "graphql";
import { QueryTooCostlyError } from "../../platform/errors.js";
import type { Estimate } from "./estimate.js";

/** The maximum cost of one operation, or of one event of a subscription. */
export const MAX_OPERATION_COST = 20_000;

/**
 * Counts the cost of one operation: the estimate, corrected by the real length of lists without a page.
 * Stops an operation whose corrected cost exceeds the limit.
 */
export class CostLedger {
  private estimate: Estimate | null = null;
  private corrections = 0;

  open(estimate: Estimate): void {
    this.estimate = estimate;
  }

  /**
   * Copies a subscription's estimate into this ledger. This ledger belongs to one event of the
   * subscription. Returns the estimated cost.
   */
  openAs({ estimate }: CostLedger): number {
    this.estimate = estimate;
    return estimate?.requested ?? 0;
  }

  /** The corrected cost so far. null before the estimate. */
  get cost(): number | null {
    return this.estimate && this.estimate.requested + this.beyondEstimate;
  }

  /** The cost of the list entries and rows that the estimate did not expect. */
  get beyondEstimate(): number {
    return Math.max(0, this.corrections);
  }

  /**
   * Counts the entries of a list without a page.
   * @throws QueryTooCostlyError if the cost now exceeds the limit
   */
  noteList(
    name: string,
    fieldNodes: readonly FieldNode[],
    entries: { expected: number; found: number },
  ): void {
    const [first] = fieldNodes;
    const entryCost = (first && this.estimate?.entryCosts.get(first)) ?? 1;
    this.correct((entries.found - entries.expected) * entryCost, name, entries.found);
  }

  /**
   * Adds 1 to the cost for each row that a field reads beyond `rows.expected`. The cost of the
   * field in FIELD_COSTS already includes the expected rows.
   * @throws QueryTooCostlyError if the cost now exceeds the limit
   */
  noteRows(name: string, rows: { expected: number; found: number }): void {
    this.correct(Math.max(0, rows.found - rows.expected), name, rows.found);
  }

  private correct(difference: number, name: string, found: number): void {
    this.corrections += difference;
    const requested = (this.estimate?.requested ?? 0) + this.corrections;
    if (difference <= 0 || requested <= MAX_OPERATION_COST) return;
    throw new QueryTooCostlyError(
      { requested, limit: MAX_OPERATION_COST },
      `${name} has ${found} entries here, so the operation costs ${requested}; the limit is ${MAX_OPERATION_COST}. Request fewer objects with this field at once.`,
    );
  }
}
