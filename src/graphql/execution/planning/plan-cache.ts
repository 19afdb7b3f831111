import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { BoundedCache } from "../../../platform/bounded-cache.js";
import { documentBytes } from "../document-size.js";
import type { Fragments, PlannedOperation, PlannedSelection, Values } from "../plan.js";
import { planSelection } from "./planned-selection.js";
import { conditionVariables } from "./variables.js";

/** The maximum memory of all plans, in bytes. The plans of a client app need some 100 kilobytes. */
const MAX_PLAN_BYTES = 16_000_000;
/** The maximum memory of one plan. A larger plan is made again for each run, as graphql-js does. */
const MAX_BYTES_OF_A_PLAN = 2_000_000;
// Measured on documents of many flat fields (400) and of deeply nested fields (900).
const BYTES_PER_FIELD = 900;

/** Keeps the plans of the operations that were used last. The memory of the plans is bounded. */
export class PlanCache {
  private readonly plans = new BoundedCache<OperationDefinitionNode, OperationPlan>(
    MAX_PLAN_BYTES,
    MAX_BYTES_OF_A_PLAN,
  );

  constructor(private readonly schema: GraphQLSchema) {}

  get count(): number {
    return this.plans.count;
  }

  planOf(document: DocumentNode, operation: OperationDefinitionNode): OperationPlan {
    const known = this.plans.get(operation);
    if (known) return known;
    const plan: OperationPlan = new OperationPlan(this.schema, document, operation, (fields) => {
      this.plans.grow(operation, plan, fields * BYTES_PER_FIELD);
    });
    this.plans.set(operation, plan, documentBytes(document));
    return plan;
  }
}

/**
 * The plan of one operation. The plan grows with use: a selection is planned when the first object of its
 * type is found. So the first run does no more work than graphql-js does in every run.
 */
export class OperationPlan implements PlannedOperation {
  readonly fragments: Fragments;
  private readonly conditions: readonly string[];
  /** The selection of the root for each combination of conditions. */
  private readonly roots = new Map<string, PlannedSelection>();

  constructor(
    readonly schema: GraphQLSchema,
    document: DocumentNode,
    readonly operation: OperationDefinitionNode,
    /** Counts the fields that were planned. */
    readonly note: (fields: number) => void,
  ) {
    this.fragments = fragmentsOf(document);
    this.conditions = conditionVariables(this);
  }

  /** @throws GraphQLError if the condition of a `@skip` or `@include` is null */
  rootFor(variables: Values): PlannedSelection {
    const key = this.conditions.map((name) => String(variables[name])).join();
    const known = this.roots.get(key);
    if (known) return known;
    const type = this.schema.getRootType(this.operation.operation);
    if (!type) throw new Error(`The schema has no ${this.operation.operation}.`);
    const root = planSelection(this, type, [this.operation.selectionSet], variables);
    this.roots.set(key, root);
    // A root without fields needs memory too, and a client can ask for many of them.
    this.note(1);
    return root;
  }
}

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
