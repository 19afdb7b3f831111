import type { ApolloServerOptions } from "@apollo/server";
import type { DocumentNode, GraphQLSchema } from "graphql";
import type { FabulaContext } from "../../graphql/context.js";
import type { Executor } from "../../graphql/execution/executor.js";
import { EXECUTION_OPTIONS } from "../../graphql/short-errors.js";

type Gateway = NonNullable<ApolloServerOptions<FabulaContext>["gateway"]>;
type Schema = Parameters<Parameters<Gateway["onSchemaLoadOrUpdate"]>[0]>[0];

/**
 * Lets Apollo execute operations with our executor. Apollo calls the part of a server that executes
 * operations a gateway. Apollo itself still parses, validates, and formats errors.
 */
export function executorGateway(schema: GraphQLSchema, executor: Executor): Gateway {
  const waveCounts = new WeakMap<DocumentNode, number>();
  let show: (schema: Schema) => void = () => undefined;
  return {
    onSchemaLoadOrUpdate: (callback) => {
      show = callback;
      return () => undefined;
    },
    load: () => {
      show({ apiSchema: schema, coreSupergraphSdl: "" });
      return Promise.resolve({
        executor: async ({ document, request, context }) => {
          const { waves } = context as FabulaContext;
          waves.expect(waveCounts.get(document));
          const result = await executor.execute({
            document,
            operationName: request.operationName,
            variableValues: request.variables,
            contextValue: context,
            options: EXECUTION_OPTIONS,
          });
          if (!result.errors) waveCounts.set(document, waves.count);
          return result;
        },
      });
    },
    stop: () => Promise.resolve(),
  };
}
