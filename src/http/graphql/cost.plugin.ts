import type { ApolloServerPlugin } from "@apollo/server";
import type { FabulaContext } from "../../graphql/context.js";
import type { CostGate } from "../../graphql/cost/gate.js";
import type { Executions } from "./executions.js";
import { listeningPlugin } from "./listening.plugin.js";
import { withStatus } from "./with-status.js";

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
