import {
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type GraphQLResponse,
  HeaderMap,
} from "@apollo/server";
import type { DocumentNode, ExecutionResult, GraphQLSchema } from "graphql";
import type { FabulaContext } from "../../graphql/context.js";
import type { Executor, OperationArgs } from "../../graphql/execution/executor.js";
import { EXECUTION_OPTIONS } from "../../graphql/short-errors.js";
import { listeningPlugin } from "./listening.plugin.js";

type Gateway = NonNullable<ApolloServerOptions<FabulaContext>["gateway"]>;
type Schema = Parameters<Parameters<Gateway["onSchemaLoadOrUpdate"]>[0]>[0];

/** What makes Apollo execute operations with our executor. */
export interface Execution {
  readonly plugin: ApolloServerPlugin<FabulaContext>;
  readonly gateway: Gateway;
}

/**
 * Lets Apollo execute operations with our executor. Apollo itself still parses, validates, and formats
 * errors.
 *
 * The plugin executes an operation and answers if there are no errors. Otherwise Apollo takes the same result
 * from the gateway, which Apollo calls the part of a server that executes operations. A gateway alone would
 * do, but for each request Apollo gives it an object with accessors of its own. V8 makes a hidden class for
 * each such object, and keeps the whole request in memory until the next major garbage collection.
 */
export function executionWith(schema: GraphQLSchema, executor: Executor): Execution {
  const failed = new WeakMap<object, Promise<ExecutionResult>>();
  const waveCounts = new WeakMap<DocumentNode, number>();
  const execute = async (args: OperationArgs, { waves }: FabulaContext) => {
    waves.expect(waveCounts.get(args.document));
    const result = await executor.execute(args);
    if (!result.errors) waveCounts.set(args.document, waves.count);
    return result;
  };
  const plugin = listeningPlugin({
    responseForOperation: async ({ document, request, contextValue }) => {
      const execution = execute(
        {
          ...{ document, contextValue, options: EXECUTION_OPTIONS },
          ...{ operationName: request.operationName, variableValues: request.variables },
        },
        contextValue,
      );
      const result = await execution.catch(() => null);
      if (result && !result.errors) return answerOf(result);
      failed.set(contextValue, execution);
      return null;
    },
  });
  return { plugin, gateway: gatewayOf(schema, failed) };
}

const NOTHING_TO_ADD = { headers: new HeaderMap() };

const answerOf = ({ data = null }: ExecutionResult): GraphQLResponse => ({
  body: { kind: "single", singleResult: { data } },
  http: NOTHING_TO_ADD,
});

/** Returns a gateway that gives Apollo the results that have errors. */
function gatewayOf(
  schema: GraphQLSchema,
  failed: WeakMap<object, Promise<ExecutionResult>>,
): Gateway {
  let show: (schema: Schema) => void = () => undefined;
  return {
    onSchemaLoadOrUpdate: (callback) => {
      show = callback;
      return () => undefined;
    },
    load: () => {
      show({ apiSchema: schema, coreSupergraphSdl: "" });
      return Promise.resolve({
        executor: async ({ context }) => {
          const result = failed.get(context);
          if (!result) throw new Error("The plugin of the gateway did not execute this operation.");
          return result;
        },
      });
    },
    stop: () => Promise.resolve(),
  };
}
