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
import type { WaveCount } from "../../platform/database/transactions/wave-count.js";
import { listeningPlugin } from "./listening.plugin.js";

type Gateway = NonNullable<ApolloServerOptions<FabulaContext>["gateway"]>;
type Schema = Parameters<Parameters<Gateway["onSchemaLoadOrUpdate"]>[0]>[0];

/** An operation to execute, with a valid document. */
export type Requested = Pick<OperationArgs, "document" | "operationName" | "variableValues"> & {
  readonly contextValue: FabulaContext;
};

const NOTHING_TO_ADD = { headers: new HeaderMap() };

/**
 * Executes operations with our executor, and gives Apollo what failed. Apollo itself parses, validates, and
 * formats errors.
 *
 * The plugin executes an operation and answers if there are no errors. Otherwise Apollo takes the same result
 * from the gateway, which Apollo calls the part of a server that executes operations. A gateway alone would
 * do, but for each request Apollo gives it an object with accessors of its own. V8 makes a hidden class for
 * each such object, and keeps the whole request in memory until the next major garbage collection.
 */
export class Executions {
  readonly plugin: ApolloServerPlugin<FabulaContext>;
  readonly gateway: Gateway;
  /** Apollo copies contexts. The copy has the same count of waves. */
  private readonly failed = new WeakMap<WaveCount, Promise<ExecutionResult>>();
  private readonly waveCounts = new WeakMap<DocumentNode, number>();

  /** @param onValid called with each document that Apollo has validated */
  constructor(
    schema: GraphQLSchema,
    private readonly executor: Executor,
    onValid: (source: string, document: DocumentNode) => void,
  ) {
    this.plugin = listeningPlugin({
      responseForOperation: async ({ source, document, request, contextValue }) => {
        if (this.hasFailed(contextValue)) return null;
        onValid(source, document);
        const { operationName, variables: variableValues } = request;
        const data = await this.dataOf({ document, operationName, variableValues, contextValue });
        return data && answerOf(data);
      },
    });
    this.gateway = gatewayOf(schema, ({ waves }) => this.failed.get(waves));
  }

  /** Returns the data. Returns null if the result has errors. Apollo must then answer with this context. */
  async dataOf(requested: Requested): Promise<Record<string, unknown> | null> {
    const execution = this.execute(requested);
    const result = await execution.catch(() => null);
    if (result?.data && !result.errors) return result.data;
    this.failed.set(requested.contextValue.waves, execution);
    return null;
  }

  /** True if the operation was executed and its result has errors. */
  hasFailed({ waves }: FabulaContext): boolean {
    return this.failed.has(waves);
  }

  private async execute(requested: Requested): Promise<ExecutionResult> {
    const { document, contextValue } = requested;
    contextValue.waves.expect(this.waveCounts.get(document));
    const result = await this.executor.execute({ ...requested, options: EXECUTION_OPTIONS });
    if (!result.errors) this.waveCounts.set(document, contextValue.waves.count);
    return result;
  }
}

const answerOf = (data: Record<string, unknown>): GraphQLResponse => ({
  body: { kind: "single", singleResult: { data } },
  http: NOTHING_TO_ADD,
});

/** Returns a gateway that gives Apollo the results that have errors. */
function gatewayOf(
  schema: GraphQLSchema,
  failureOf: (context: FabulaContext) => Promise<ExecutionResult> | undefined,
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
          const failure = failureOf(context as FabulaContext);
          if (!failure)
            throw new Error("The plugin of the gateway did not execute this operation.");
          return failure;
        },
      });
    },
    stop: () => Promise.resolve(),
  };
}
