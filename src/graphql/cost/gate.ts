import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import type { TokenBuckets } from "../../platform/buckets/token-buckets.js";
import { QueryTooCostlyError, RateLimitedError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { type Estimate, estimateCost } from "./estimate.js";
import { type CostLedger, MAX_OPERATION_COST } from "./ledger.js";

/** The value of `extensions.cost` in an answer. */
export interface CostReport {
  /** The cost of this operation. */
  readonly requested: number;
  /** The maximum cost of one operation. */
  readonly limit: number;
  /** The caller's remaining budget. */
  readonly remaining: number;
}

export interface RequestedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Decides whether an operation may run. The cost must be within the limit of one operation and within
 * the caller's budget. HTTP and WebSocket both use this class.
 */
export class CostGate {
  private readonly estimates = new WeakMap<OperationDefinitionNode, Map<string, Estimate>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly buckets: TokenBuckets,
  ) {}

  /**
   * Estimates an operation and takes the cost from the caller's bucket. Call this method before execution.
   * @throws QueryTooCostlyError if the cost exceeds the limit of one operation
   * @throws RateLimitedError if the caller's bucket does not have enough
   */
  admitOperation(context: FabulaContext, requested: RequestedOperation): void {
    const estimate = this.estimateOf(requested);
    context.cost.open(estimate);
    if (estimate.requested > MAX_OPERATION_COST) throw tooCostly(estimate.requested);
    const { isTaken, remaining, waitMs } = this.buckets.take(context.payer, estimate.requested);
    if (!isTaken) throw outOfBudget(estimate.requested, remaining, waitMs);
  }

  /** An operation with the same variables always has the same cost. */
  private estimateOf({ document, operation, variables }: RequestedOperation): Estimate {
    const key = keyOf(variables ?? {});
    const known = this.estimates.get(operation) ?? new Map<string, Estimate>();
    const found = key === null ? undefined : known.get(key);
    if (found) return found;
    const fragments = fragmentsOf(document);
    const priced = { operation, fragments, variables: variables ?? {} };
    const estimate = estimateCost(this.schema, priced);
    if (key === null) return estimate;
    if (known.size >= MOST_ESTIMATES) known.clear();
    known.set(key, estimate);
    this.estimates.set(operation, known);
    return estimate;
  }

  /**
   * Takes the cost of a subscription's next event. Waits as long as the bucket does not have enough.
   * The wait loses no change, because the subscription reads its state after the wait. `isPaid` is true
   * if the cost of this event was taken before. Returns false if `wait` was aborted.
   */
  async admitEvent(
    { payer, cost }: FabulaContext,
    opened: CostLedger,
    { isPaid, wait }: { readonly isPaid: boolean; readonly wait: (ms: number) => Promise<boolean> },
  ): Promise<boolean> {
    const requested = cost.openAs(opened);
    for (;;) {
      const { isTaken, waitMs } = this.buckets.take(payer, isPaid ? 0 : requested);
      if (isTaken) return true;
      if (!(await wait(waitMs))) return false;
    }
  }

  /**
   * Charges the payer for the cost beyond the estimate. Returns the cost report. Returns null if the
   * operation has no estimate.
   */
  settle({ cost, payer }: FabulaContext): CostReport | null {
    if (cost.cost === null) return null;
    this.buckets.charge(payer, cost.beyondEstimate);
    const remaining = this.buckets.remainingOf(payer);
    return { requested: cost.cost, limit: MAX_OPERATION_COST, remaining };
  }
}

/** The estimates that are kept for one operation, each for other variables. */
const MOST_ESTIMATES = 20;
const MOST_VARIABLES = 20;
/** The characters of one variable. */
const MOST_TEXT = 100;

/** Returns a text for the variables. Returns null if they are large, because few requests repeat these. */
function keyOf(variables: Readonly<Record<string, unknown>>): string | null {
  const values = Object.values(variables);
  const areSmall = values.every((value) =>
    typeof value === "string"
      ? value.length <= MOST_TEXT
      : value === null || typeof value !== "object",
  );
  if (!areSmall || values.length > MOST_VARIABLES) return null;
  const text = JSON.stringify(variables);
  // A client can choose long names of variables that its operation does not have.
  return text.length <= MOST_VARIABLES * MOST_TEXT ? text : null;
}

const fragmentsOf = ({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );

function tooCostly(requested: number): QueryTooCostlyError {
  return new QueryTooCostlyError(
    { requested, limit: MAX_OPERATION_COST },
    `The operation would cost ${requested}; the limit is ${MAX_OPERATION_COST}. An object costs 1, a list its page size times the cost of an entry. Request smaller pages with first, nest fewer lists, or split the operation.`,
  );
}

function outOfBudget(requested: number, remaining: number, waitMs: number): RateLimitedError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new RateLimitedError(
    `The operation would cost ${requested}; your remaining budget is ${remaining}. Try again in ${seconds} s, or lower the cost: request smaller pages with first, or nest fewer lists.`,
    seconds,
    { cost: { requested, limit: MAX_OPERATION_COST, remaining } },
  );
}
