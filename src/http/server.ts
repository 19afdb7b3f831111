import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import websocket from "@fastify/websocket";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import { makeHandler } from "graphql-ws/use/@fastify/websocket";
import { type FabulaContext, type GraphQLServices, createContext } from "../graphql/context.js";
import { type FormatError, errorFormatter } from "../graphql/errors.js";
import { CostGate } from "../graphql/cost/gate.js";
import { noteLists } from "../graphql/cost/noted-lists.js";
import { MAX_TOKENS, validationRules } from "../graphql/limits.js";
import { meterResolvers, sqlReport } from "../graphql/sql-report.js";
import { buildFabulaSchema } from "../graphql/schema.js";
import {
  type BucketSize,
  type BucketStore,
  TokenBuckets,
} from "../platform/buckets/token-buckets.js";
import { systemClock } from "../platform/clock.js";
import { newSqlMeter } from "../platform/database/metered-client.js";
import { FabulaError, UnauthenticatedError } from "../platform/errors.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import type { Logger } from "../platform/logging.js";
import { abortOnLeave } from "./abort-on-leave.js";
import { costPlugin } from "./cost.plugin.js";
import { drainOnClose } from "./drain.js";
import { healthRoutes } from "./health.route.js";
import { mediaRoutes } from "./media/media.route.js";
import type { MediaSigner } from "./media/signer.js";
import { networkOf } from "./network.js";
import { originPolicy } from "./origins.js";
import { overloadPlugin } from "./overload.plugin.js";
import { type PlaygroundRouteOptions, playgroundRoutes } from "./playground/playground.route.js";
import { guardedSockets } from "./guarded-sockets.js";
import { subscriptionServer } from "./subscriptions.js";
import type { TokenVerifier } from "./tokens.js";

export const GRAPHQL_PATH = "/graphql";
export const PLAYGROUND_PATH = "/playground";

// A request contains a story's text: up to two million characters with up to four bytes each.
const BODY_LIMIT_BYTES = 9_000_000;
const SOCKET_PAYLOAD_BYTES = 65_536;
const DEFAULT_DRAIN_MS = 4_000;
const DEFAULT_BUCKET_SIZE: BucketSize = { capacity: 40_000, perSecond: 4_000 };

/** Trusted proxies: none, a number of hops, or addresses. */
export type TrustProxy = false | number | string[];

export interface HttpServerOptions {
  readonly services: GraphQLServices;
  readonly verify: TokenVerifier;
  readonly logger: Logger;
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  /** The allowed browser origins. If undefined, the origins of this machine are allowed. */
  readonly corsOrigins: readonly string[] | undefined;
  /** True if every response contains `extensions.sql`. */
  readonly reportsSql: boolean;
  /** The budget of each user, and of each network without a token. */
  readonly bucketSize?: BucketSize | undefined;
  /** Shares budgets with other processes. Without a store, this process has its own budgets. */
  readonly bucketStore?: BucketStore | undefined;
  /** The proxies whose X-Forwarded-For header is trusted. The default is no proxy. */
  readonly trustProxy?: TrustProxy | undefined;
  /** Time that running requests get to end when the server closes. Default 4,000. */
  readonly drainMs?: number | undefined;
  /** Returns the values of the playground's examples. With null, the server has no playground. */
  readonly playground: PlaygroundRouteOptions["context"] | null;
}

/** Creates the HTTP and WebSocket server. The server does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { services, logger } = options;
  const isAllowed = originPolicy(options.corsOrigins);
  const noted = noteLists(buildFabulaSchema());
  const schema = options.reportsSql ? meterResolvers(noted) : noted;
  const formatError = errorFormatter({
    outage: (error) => {
      logger.warn(
        { err: error, code: error.code },
        "A request failed because a service does not answer",
      );
    },
    bug: (errorId, error) => {
      logger.error({ err: error, errorId }, "A request failed because of a bug");
    },
  });
  const server = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    trustProxy: trusting(options.trustProxy ?? false),
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    void reply.status(status).send(errorBody(status, error, formatError));
  });

  // Before the WebSocket plugin, whose own hook closes sockets without a code.
  drainOnClose(server, options.drainMs ?? DEFAULT_DRAIN_MS);
  await server.register(cors, {
    origin: (origin, allow) => {
      allow(null, isAllowed(origin));
    },
  });
  await server.register(websocket, {
    options: {
      maxPayload: SOCKET_PAYLOAD_BYTES,
      verifyClient: ({ origin }: { origin?: string }) => isAllowed(origin),
    },
  });
  await server.register(mediaRoutes, { storage: options.storage, signer: options.mediaSigner });
  await server.register(healthRoutes, { database: services.database });
  if (options.playground) {
    await server.register(playgroundRoutes, {
      endpoint: GRAPHQL_PATH,
      subscriptionUrl: GRAPHQL_PATH,
      context: options.playground,
    });
    server.get("/", (_request, reply) => reply.redirect(PLAYGROUND_PATH));
  }
  await addGraphQL(server, schema, formatError, options);
  return server;
}

const trusting = (trusted: TrustProxy) =>
  typeof trusted === "number" ? (_address: string, hop: number) => hop < trusted : trusted;

const bucketsFor = ({ bucketSize, bucketStore, logger }: HttpServerOptions): TokenBuckets =>
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

async function addGraphQL(
  server: FastifyInstance,
  schema: GraphQLSchema,
  formatError: FormatError,
  options: HttpServerOptions,
): Promise<void> {
  const { services, verify, reportsSql } = options;
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

function errorBody(status: number, error: FastifyError, formatError: FormatError): object {
  if (status === 413) {
    const message = `The request is larger than ${BODY_LIMIT_BYTES} bytes; split the text into parts.`;
    return { errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] };
  }
  if (status >= 400 && status < 500) {
    return { errors: [{ message: error.message, extensions: { code: "BAD_REQUEST" } }] };
  }
  return { errors: [formatError(error)] };
}
