import cors from "@fastify/cors";
import websocket from "@fastify/websocket";
import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { type FormatError, errorFormatter } from "../graphql/errors.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import { GRAPHQL_PATH, type GraphQLRouteOptions, addGraphQL } from "./graphql/graphql.route.js";
import { healthRoutes } from "./health.route.js";
import { drainOnClose } from "./limits/drain.js";
import { originPolicy } from "./limits/origins.js";
import { mediaRoutes } from "./media/media.route.js";
import type { MediaSigner } from "./media/signer.js";
import { type PlaygroundRouteOptions, playgroundRoutes } from "./playground/playground.route.js";

export { GRAPHQL_PATH };
export const PLAYGROUND_PATH = "/playground";

// A request contains a story's text: up to two million characters with up to four bytes each.
const BODY_LIMIT_BYTES = 9_000_000;
const SOCKET_PAYLOAD_BYTES = 65_536;
const DEFAULT_DRAIN_MS = 4_000;

/** Trusted proxies: none, a number of hops, or addresses. */
export type TrustProxy = false | number | string[];

export interface HttpServerOptions extends GraphQLRouteOptions {
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  /** The allowed browser origins. If undefined, the origins of this machine are allowed. */
  readonly corsOrigins: readonly string[] | undefined;
  /** The proxies whose X-Forwarded-For header is trusted. The default is no proxy. */
  readonly trustProxy?: TrustProxy | undefined;
  /**
   * The milliseconds that running requests may take after the server begins to close. The default is
   * 4,000.
   */
  readonly drainMs?: number | undefined;
  /** Returns the values of the playground's examples. With null, the server has no playground. */
  readonly playground: PlaygroundRouteOptions["context"] | null;
}

/** Creates the HTTP and WebSocket server. The server does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { services, logger } = options;
  const isAllowed = originPolicy(options.corsOrigins);
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

  // Register this before the WebSocket plugin, because the hook of that plugin closes sockets without a
  // code.
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
  await addGraphQL(server, formatError, options);
  return server;
}

const trusting = (trusted: TrustProxy) =>
  typeof trusted === "number" ? (_address: string, hop: number) => hop < trusted : trusted;

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
