import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, Kind } from "graphql";
import type { FabulaContext } from "../../graphql/context.js";
import type { CostGate } from "../../graphql/cost/gate.js";
import type { FormatError } from "../../graphql/errors.js";
import { shortList } from "../../graphql/short-errors.js";
import { ErrorCode } from "../../platform/errors.js";

export type FormatResult = (result: ExecutionResult, context: FabulaContext) => ExecutionResult;

/** An error as a client sees the error, with its locations. */
class ShownError extends GraphQLError {
  constructor(private readonly shown: GraphQLFormattedError) {
    super(shown.message, { extensions: shown.extensions ?? null, path: shown.path ?? null });
  }

  override toJSON(): GraphQLFormattedError {
    return this.shown;
  }
}

/** Gives errors of variables the code that Apollo gives them. */
const withInputCode = (error: GraphQLError): GraphQLError =>
  error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && error.path === undefined
    ? new GraphQLError(error.message, {
        nodes: error.nodes,
        extensions: { code: ErrorCode.BadUserInput },
      })
    : error;

/** Returns a function that formats the errors of a result for clients and adds `extensions.cost`. */
export function resultFormatter(gate: CostGate, formatError: FormatError): FormatResult {
  const formatted = ({ errors, data }: ExecutionResult): GraphQLError[] => {
    const shown = errors?.map((error) => formatError(withInputCode(error))) ?? [];
    return (data ? shown : shortList(shown)).map((error) => new ShownError(error));
  };
  return (result, context) => {
    const cost = gate.settle(context);
    return {
      ...result,
      ...(result.errors ? { errors: formatted(result) } : {}),
      ...(cost ? { extensions: { ...result.extensions, cost } } : {}),
    };
  };
}
