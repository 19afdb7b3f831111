import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import { makeHandler } from "graphql-ws/use/@fastify/websocket";
import { type FabulaContext, type GraphQLServices, createContext } from "../../graphql/context.js";
import type { FormatError } from "../../graphql/errors.js";
import { CostGate } from "../../graphql/cost/gate.js";
import { noteLists } from "../../graphql/cost/noted-lists.js";
import { MAX_TOKENS, validationRules } from "../../graphql/limits.js";
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
import { guardedSockets } from "../sockets/guarded-sockets.js";
import { subscriptionServer } from "../sockets/subscriptions.js";
import type { TokenVerifier } from "../tokens.js";
import { abortOnLeave } from "./abort-on-leave.js";
import { costPlugin } from "./cost.plugin.js";
import { overloadPlugin } from "./overload.plugin.js";

export const GRAPHQL_PATH = "/graphql";

const DEFAULT_BUCKET_SIZE: BucketSize = { capacity: 40_000, perSecond: 4_000 };

export interface GraphQLRouteOptions {
  readonly services: GraphQLServices;
  readonly verify: TokenVerifier;
  readonly logger: Logger;
  /** True if every response contains `extensions.sql`. */
  readonly reportsSql: boolean;
  /** The budget of each user, and of each network without a token. */
  readonly bucketSize?: BucketSize | undefined;
  /** Shares budgets with other processes. Without a store, this process has its own budgets. */
  readonly bucketStore?: BucketStore | undefined;
}

/** Serves GraphQL at /graphql, over HTTP and WebSocket. */
export async function addGraphQL(
  server: FastifyInstance,
  formatError: FormatError,
  options: GraphQLRouteOptions,
): Promise<void> {
  const { services, verify, reportsSql } = options;
  const schema = schemaFor(options);
  const buckets = bucketsFor(options);
  server.addHook("onClose", async () => {
    await apollo.stop();
    await buckets.close();
  });
  const gate = new CostGate(schema, buckets);
  const apollo = new ApolloServer<FabulaContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [...validationRules],
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      costPlugin(gate),
      overloadPlugin,
      sqlReportPlugin,
    ],
  });
  await apollo.start();

  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) => {
      const leaving = abortOnLeave(reply);
      const verified = await verify(request.headers.authorization).catch(refused);
      return createContext(services, verified?.claims ?? null, {
        sqlMeter: reportsSql ? newSqlMeter() : null,
        network: networkOf(request.ip),
        leaving,
      });
    },
  });
  const serveSocket = makeHandler(
    subscriptionServer({
      schema,
      verify,
      formatError,
      clock: systemClock,
      gate,
      contextFor: (claims, address) =>
        createContext(services, claims, { network: networkOf(address) }),
    }),
  );
  server.route({ method: "POST", url: GRAPHQL_PATH, handler });
  server.route({
    method: "GET",
    url: GRAPHQL_PATH,
    handler,
    ...guardedSockets(serveSocket, formatError),
  });
}

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

function schemaFor({ reportsSql }: GraphQLRouteOptions): GraphQLSchema {
  const noted = noteLists(buildFabulaSchema());
  return reportsSql ? meterResolvers(noted) : noted;
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
