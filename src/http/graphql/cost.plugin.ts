import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { FabulaContext } from "../../graphql/context.js";
import type { CostGate } from "../../graphql/cost/gate.js";
import { FabulaError, RateLimitedError } from "../../platform/errors.js";
import type { Executions } from "./executions.js";
import { listeningPlugin } from "./listening.plugin.js";

/** Refuses operations that cost too much, before execution. Adds `extensions.cost` to each answer. */
export const costPlugin = (
  gate: CostGate,
  executions: Executions,
): ApolloServerPlugin<FabulaContext> =>
  listeningPlugin({
    didResolveOperation: async ({ contextValue, document, operation, request }) => {
      // An operation that was executed has paid.
      if (!operation || executions.hasFailed(contextValue)) return;
      try {
        gate.admitOperation(contextValue, { document, operation, variables: request.variables });
      } catch (error) {
        throw withStatus(error);
      }
    },
    willSendResponse: ({ contextValue, response }) => {
      const cost = gate.settle(contextValue);
      if (cost && response.body.kind === "single") {
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, cost };
      }
      return Promise.resolve();
    },
  });

/**
 * Adds an HTTP status to an error. Without a status, Apollo returns 500 for an error before execution.
 */
function withStatus(error: unknown): unknown {
  if (!(error instanceof FabulaError)) return error;
  const http =
    error instanceof RateLimitedError
      ? { status: 429, headers: new HeaderMap([["retry-after", String(error.retryAfterSeconds)]]) }
      : { status: 400 };
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http },
  });
}
