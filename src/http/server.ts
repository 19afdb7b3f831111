import { constants } from "node:zlib";
import compress, { type FastifyCompressOptions } from "@fastify/compress";
import cors from "@fastify/cors";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import { handleProtocols } from "graphql-ws";
import { errorFormatter } from "../graphql/errors.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import { GRAPHQL_PATH, type GraphQLRouteOptions, addGraphQL } from "./graphql/graphql.route.js";
import { healthRoutes } from "./health.route.js";
import { BodyGuard, MOST_BYTES } from "./limits/bodies.js";
import {
  DEADLINES,
  type Deadlines,
  cutStalledReaders,
  deadlineOptions,
} from "./limits/deadlines.js";
import { drainOnClose } from "./limits/drain.js";
import { answerOwnHostsOnly } from "./limits/hosts.js";
import { originPolicy } from "./limits/origins.js";
import { answerBadHandshakes, answerRefusals, refusalOptions } from "./limits/refusals.js";
import { MOST_UPLOAD_BYTES } from "../instances/index.js";
import { mediaRoutes } from "./media/media.route.js";
import type { MediaSigner } from "./media/signer.js";
import type { UploadSigner } from "./uploads/upload-signer.js";
import { uploadsRoutes } from "./uploads/uploads.route.js";
import { StatementPlans } from "./playground/statement-plans.js";
import { type PlaygroundRouteOptions, playgroundRoutes } from "./playground/playground.route.js";

export { GRAPHQL_PATH };
export const PLAYGROUND_PATH = "/playground";

const SOCKET_PAYLOAD_BYTES = 65_536;
const DEFAULT_DRAIN_MS = 4_000;
/** How long a browser keeps the answer of a preflight. Browsers keep no answer longer than this. */
const PREFLIGHT_SECONDS = 7_200;

const noCompiler = () => () => {
  throw new Error(
    "A route has a JSON schema. Remove it, or give the server the compilers of Fastify.",
  );
};

/** Without these, Fastify loads its compilers of JSON schemas. No route has a JSON schema. */
const NO_COMPILERS = { buildValidator: noCompiler, buildSerializer: noCompiler };

/**
 * Only routes that ask for compression get it: sound is compressed already, and parts of files keep their length.
 * Brotli with this quality takes as long as gzip. Its default takes fifty times longer.
 */
const COMPRESSION = {
  global: false,
  globalDecompression: false,
  encodings: ["br", "gzip"],
  threshold: 1_024,
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
} satisfies FastifyCompressOptions;

/** The trusted proxies: false for none, a number of hops, or a list of addresses. */
export type TrustProxy = false | number | string[];

export interface HttpServerOptions extends GraphQLRouteOptions {
  readonly storage: BlobStorage;
  readonly mediaSigner: MediaSigner;
  readonly uploadSigner: UploadSigner;
  /** The allowed browser origins. If undefined, the origins of this machine are allowed. */
  readonly corsOrigins: readonly string[] | undefined;
  /** The proxies whose X-Forwarded-For header is trusted. The default is no proxy. */
  readonly trustProxy?: TrustProxy | undefined;
  /**
   * The time that running requests have to end after the server begins to close. The default is 4,000
   * milliseconds.
   */
  readonly drainMs?: number | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  /** Scheme and host of the server as clients see it. The playground answers at this host too. */
  readonly publicUrl?: string | undefined;
  /** Returns the demo data for the playground's examples. null if the server has no playground. */
  readonly playground: PlaygroundRouteOptions["context"] | null;
}

/** Creates the HTTP and WebSocket server. The server does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const isAllowedOrigin = originPolicy(options.corsOrigins);
  const formatError = formatFor(options);
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const bodies = new BodyGuard(deadlines);
  const server = fastify({
    ...refusalOptions,
    ...deadlineOptions(deadlines, Math.max(MOST_BYTES, MOST_UPLOAD_BYTES)),
    bodyLimit: MOST_BYTES,
    trustProxy: trusting(options.trustProxy ?? false),
    schemaController: { compilersFactory: NO_COMPILERS },
  });
  answerRefusals(server, formatError);
  cutStalledReaders(server);
  bodies.watch(server);
  // Add this hook before the WebSocket plugin adds its own hook, which closes sockets without a code.
  drainOnClose(server, options.drainMs ?? DEFAULT_DRAIN_MS);
  await server.register(cors, {
    methods: ["GET", "HEAD", "POST", "PUT"],
    maxAge: PREFLIGHT_SECONDS,
    // Otherwise, an OPTIONS that no page sends gets an answer of plain text.
    strictPreflight: false,
    exposedHeaders: ["Retry-After"],
    origin: (origin, allow) => {
      allow(null, isAllowedOrigin(origin));
    },
  });
  await server.register(websocket, {
    options: { maxPayload: SOCKET_PAYLOAD_BYTES, handleProtocols },
  });
  answerBadHandshakes(server.websocketServer);
  await server.register(compress, COMPRESSION);
  await server.register(mediaRoutes, {
    ...{ storage: options.storage, signer: options.mediaSigner },
    grants: options.services.mediaAccess,
  });
  await server.register(uploadsRoutes, {
    ...{ uploads: options.services.uploads, signer: options.uploadSigner, bodies },
  });
  await server.register(healthRoutes, {
    ...{ database: options.services.database, readiness: options.readiness },
  });
  const { playground, isProduction } = options;
  const plans = playground && !isProduction ? new StatementPlans(options.services.database) : null;
  await addPlayground(server, options, plans);
  const { pongMs } = deadlines;
  const playgroundPath = playground ? PLAYGROUND_PATH : null;
  await addGraphQL(
    server,
    { isAllowedOrigin, formatError, bodies, pongMs, playgroundPath, plans },
    options,
  );
  return server;
}

const trusting = (trusted: TrustProxy) =>
  typeof trusted === "number" ? (_address: string, hop: number) => hop < trusted : trusted;

const formatFor = ({ logger, isProduction }: HttpServerOptions) =>
  errorFormatter(
    {
      outage: (error) => {
        logger.warn(
          { err: error, code: error.code },
          "A request failed because a service does not answer",
        );
      },
      bug: (errorId, error) => {
        logger.error({ err: error, errorId }, "A request failed because of a bug");
      },
    },
    { hidesSuggestions: isProduction },
  );

/** Adds the playground. Its pages contain tokens of demo users, so only our own hosts serve the pages. */
async function addPlayground(
  server: FastifyInstance,
  { playground, publicUrl }: HttpServerOptions,
  plans: StatementPlans | null,
): Promise<void> {
  if (!playground) return;
  await server.register(async (pages) => {
    answerOwnHostsOnly(pages, publicUrl);
    await pages.register(playgroundRoutes, {
      endpoint: GRAPHQL_PATH,
      subscriptionUrl: GRAPHQL_PATH,
      context: playground,
      plans,
    });
    pages.get("/", (_request, reply) => reply.redirect(PLAYGROUND_PATH));
  });
}
