import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import { type FabulaContext, type GraphQLServices, createContext } from "../../graphql/context.js";
import { CostGate } from "../../graphql/cost/gate.js";
import { noteLists } from "../../graphql/cost/noted-lists.js";
import { MAX_TOKENS, validationRules } from "../../graphql/limits.js";
import { MAX_VALIDATION_ERRORS } from "../../graphql/short-errors.js";
import { meterResolvers, sqlReport } from "../../graphql/sql-report.js";
import { buildFabulaSchema } from "../../graphql/schema.js";
import {
  type BucketSize,
  type BucketStore,
  TokenBuckets,
} from "../../platform/buckets/token-buckets.js";
import { systemClock } from "../../platform/clock.js";
import { newSqlMeter } from "../../platform/database/metered-client.js";
import { FabulaError, UnauthenticatedError } from "../../platform/errors.js";
import type { Logger } from "../../platform/logging.js";
import { networkOf } from "../limits/network.js";
import { type SocketPolicy, guardedSockets } from "../sockets/guarded-sockets.js";
import { socketHandler } from "../sockets/socket.handler.js";
import { subscriptionServer } from "../sockets/subscriptions.js";
import type { TokenVerifier } from "../tokens.js";
import { abortOnLeave } from "./abort-on-leave.js";
import { costPlugin } from "./cost.plugin.js";
import { overloadPlugin } from "./overload.plugin.js";
import { refusalPlugin } from "./refusal.plugin.js";

export const GRAPHQL_PATH = "/graphql";

const DEFAULT_BUCKET_SIZE: BucketSize = { capacity: 40_000, perSecond: 4_000 };

export interface GraphQLRouteOptions {
  readonly services: GraphQLServices;
  readonly verify: TokenVerifier;
  readonly logger: Logger;
  /** False adds `extensions.sql` to every response, and the schema's names to error messages. */
  readonly isProduction: boolean;
  /** The budget of each user, and of each network without a token. */
  readonly bucketSize?: BucketSize | undefined;
  /** Shares budgets with other processes. Without a store, this process has its own budgets. */
  readonly bucketStore?: BucketStore | undefined;
}

/** Serves GraphQL at /graphql, over HTTP and WebSocket. */
export async function addGraphQL(
  server: FastifyInstance,
  policy: SocketPolicy,
  options: GraphQLRouteOptions,
): Promise<void> {
  const { services, verify, isProduction } = options;
  const { formatError } = policy;
  const schema = schemaFor(options);
  const buckets = bucketsFor(options);
  const gate = new CostGate(schema, buckets);
  const apollo = apolloFor(schema, gate, policy);
  server.addHook("onClose", async () => {
    await apollo.stop();
    await buckets.close();
  });
  await apollo.start();

  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) => {
      const leaving = abortOnLeave(reply);
      const verified = await verify(request.headers.authorization).catch(refused);
      return createContext(services, verified?.claims ?? null, {
        sqlMeter: isProduction ? null : newSqlMeter(),
        network: networkOf(request.ip),
        leaving,
      });
    },
  });
  const serveSocket = socketHandler(
    subscriptionServer({
      schema,
      verify,
      formatError,
      clock: systemClock,
      gate,
      contextFor: (claims, address) =>
        createContext(services, claims, { network: networkOf(address) }),
    }),
    options.logger,
  );
  server.route({ method: "POST", url: GRAPHQL_PATH, handler });
  server.route({
    method: "GET",
    url: GRAPHQL_PATH,
    handler,
    ...guardedSockets(serveSocket, policy),
  });
}

const apolloFor = (schema: GraphQLSchema, gate: CostGate, { formatError }: SocketPolicy) =>
  new ApolloServer<FabulaContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [...validationRules],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      costPlugin(gate),
      overloadPlugin,
      sqlReportPlugin,
      refusalPlugin,
    ],
  });

/** Adds an HTTP status to an error of the context. Without a status, Apollo responds with 500. */
function refused(error: unknown): never {
  if (!(error instanceof FabulaError)) throw error;
  const status = error instanceof UnauthenticatedError ? 401 : 503;
  throw new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status } },
  });
}

const sqlReportPlugin: ApolloServerPlugin<FabulaContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ contextValue, response }) => {
        if (contextValue.sqlMeter && response.body.kind === "single") {
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            sql: sqlReport(contextValue.sqlMeter),
          };
        }
        return Promise.resolve();
      },
    }),
};

function schemaFor({ isProduction }: GraphQLRouteOptions): GraphQLSchema {
  const noted = noteLists(buildFabulaSchema());
  return isProduction ? noted : meterResolvers(noted);
}

const bucketsFor = ({ bucketSize, bucketStore, logger }: GraphQLRouteOptions): TokenBuckets =>
  new TokenBuckets({
    size: bucketSize ?? DEFAULT_BUCKET_SIZE,
    clock: systemClock,
    store: bucketStore,
    onFailure: (error) => {
      logger.warn(
        { err: error },
        "Cannot share cost budgets with the other processes; each process counts alone",
      );
    },
  });
