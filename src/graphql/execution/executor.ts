import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  execute,
  getVariableValues,
} from "graphql";
import { CollectedErrors } from "./collected-errors.js";
import { runFields, runSerially } from "./completing/fields.js";
import { PendingPart } from "./completing/pending.js";
import type { Run } from "./plan.js";
import { PlanCache } from "./planning/plan-cache.js";
import { Position } from "./position.js";

/** The arguments of graphql-js's `execute` that the executor knows. */
export type OperationArgs = Pick<
  ExecutionArgs,
  "document" | "rootValue" | "contextValue" | "variableValues" | "operationName" | "options"
>;

type PromiseOr<T> = T | Promise<T>;

/**
 * Executes operations like `execute` of graphql-js, byte for byte, but keeps what does not depend on the
 * request: which fields an object of each type has, their constant arguments, and how their values become
 * parts of the answer. Expects validated documents.
 */
export class Executor {
  private readonly plans: PlanCache;

  constructor(private readonly schema: GraphQLSchema) {
    this.plans = new PlanCache(schema);
  }

  /** The number of operations whose plans are kept. */
  get planCount(): number {
    return this.plans.count;
  }

  execute(args: OperationArgs): PromiseOr<ExecutionResult> {
    const { document, operationName, contextValue, rootValue } = args;
    const operation = operationOf(document, operationName);
    // graphql-js describes what is wrong with these arguments.
    if (!operation || !this.schema.getRootType(operation.operation)) {
      return execute({ ...args, schema: this.schema });
    }
    const { errors, coerced } = getVariableValues(
      this.schema,
      operation.variableDefinitions ?? [],
      args.variableValues ?? {},
      { maxErrors: args.options?.maxCoercionErrors ?? 50 },
    );
    if (errors) return { errors };
    const planned = this.plans.planOf(document, operation);
    const run: Run = {
      ...{ planned, rootValue, contextValue, variables: coerced },
      ...{ errors: new CollectedErrors(), position: new Position(), args: new Map() },
    };
    return answerOf(run, () => {
      const root = planned.rootFor(coerced);
      const runAll = operation.operation === OperationTypeNode.MUTATION ? runSerially : runFields;
      return runAll(run, root, rootValue);
    });
  }
}

/**
 * An error at the root ends the answer of graphql-js after about so many turns of the queue. The answer also
 * has the errors of other fields from these turns.
 */
const TURNS_OF_A_FAILURE = 4;

function answerOf(run: Run, work: () => unknown): PromiseOr<ExecutionResult> {
  const answer = (data: unknown): ExecutionResult => {
    const found = data as NonNullable<ExecutionResult["data"]> | null;
    const errors = run.errors.all;
    return errors.length === 0 ? { data: found } : { errors, data: found };
  };
  const failed = (error: unknown): ExecutionResult => {
    run.errors.add(error as GraphQLError, undefined);
    return answer(null);
  };
  const failLater = async (error: unknown): Promise<ExecutionResult> => {
    for (let turn = 1; turn < TURNS_OF_A_FAILURE; turn++) await Promise.resolve();
    return failed(error);
  };
  try {
    const data = work();
    if (!(data instanceof PendingPart)) return answer(data);
    return new Promise((resolve) => {
      data.receiver = {
        take: (all) => {
          resolve(answer(all));
        },
        refuse: (error) => {
          void failLater(error).then(resolve);
        },
      };
    });
  } catch (error) {
    return failed(error);
  }
}

/** Returns null if the document has no operation with this name, or several without a name. */
function operationOf(
  { definitions }: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | null {
  const operations = definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (name === null || name === undefined) {
    return operations.length === 1 ? (operations[0] ?? null) : null;
  }
  return operations.findLast((operation) => operation.name?.value === name) ?? null;
}
