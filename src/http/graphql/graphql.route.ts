import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import { type FabulaContext, type GraphQLServices, createContext } from "../../graphql/context.js";
import { CostGate } from "../../graphql/cost/gate.js";
import { noteLists } from "../../graphql/cost/noted-lists.js";
import { Executor } from "../../graphql/execution/executor.js";
import { MAX_TOKENS, validationRules } from "../../graphql/limits.js";
import { MAX_VALIDATION_ERRORS } from "../../graphql/short-errors.js";
import { type MakeSqlReport, meterResolvers, sqlReport } from "../../graphql/sql-report.js";
import { buildFabulaSchema } from "../../graphql/schema/schema.js";
import {
  type BucketSize,
  type BucketStore,
  TokenBuckets,
} from "../../platform/buckets/token-buckets.js";
import { systemClock } from "../../platform/clock.js";
import { type SqlMeter, newSqlMeter } from "../../platform/database/connection/metered-client.js";
import type { Logger } from "../../platform/process/logging.js";
import type { Readiness } from "../../platform/process/readiness.js";
import type { BodyGuard } from "../limits/bodies.js";
import { networkOf } from "../limits/network.js";
import { AccountWatch } from "../sockets/account-watch.js";
import { type SocketPolicy, guardedSockets } from "../sockets/guarded-sockets.js";
import { socketHandler } from "../sockets/socket.handler.js";
import { subscriptionServer } from "../sockets/subscriptions.js";
import type { TokenVerifier, VerifiedToken } from "../tokens.js";
import type { StatementPlans } from "../playground/statement-plans.js";
import { abortOnLeave } from "./abort-on-leave.js";
import { requireUtf8 } from "./charset.js";
import { costPlugin } from "./cost.plugin.js";
import { DirectAnswers } from "./direct-answers.js";
import { Executions } from "./executions.js";
import { leadToPlayground, refuseForeignPages } from "./landing.js";
import { listeningPlugin } from "./listening.plugin.js";
import { overloadPlugin } from "./overload.plugin.js";
import { refusalPlugin } from "./refusal.plugin.js";

export const GRAPHQL_PATH = "/graphql";

const DEFAULT_BUCKET_SIZE: BucketSize = { capacity: 40_000, perSecond: 4_000 };

/** The limits that this route shares with the server. */
export interface GraphQLPolicy extends SocketPolicy {
  readonly bodies: BodyGuard;
  readonly pongMs: number;
  /** Where a person who opens the address of GraphQL in a browser arrives. null if there is no playground. */
  readonly playgroundPath: string | null;
  /** Explains the statements in `extensions.sql`. null if there is no playground. */
  readonly plans: Pick<StatementPlans, "urlOf"> | null;
}

export interface GraphQLRouteOptions {
  readonly services: GraphQLServices;
  readonly verify: TokenVerifier;
  readonly logger: Logger;
  /**
   * True if the server runs in production. If false, every response has `extensions.sql`, and error
   * messages suggest names of the schema.
   */
  readonly isProduction: boolean;
  /** Requests are refused while the data cannot be served. Without this option, the data can be served. */
  readonly readiness?: Readiness | undefined;
  /** The budget of each user, and of each network without a token. */
  readonly bucketSize?: BucketSize | undefined;
  /** The budgets that all processes share. Without a store, this process counts alone. */
  readonly bucketStore?: BucketStore | undefined;
  /** How often the server looks whether the users of open sockets are still active. Default: 5 s. */
  readonly accountCheckMs?: number | undefined;
}

/** Serves GraphQL at /graphql, over HTTP and WebSocket. */
export async function addGraphQL(
  server: FastifyInstance,
  policy: GraphQLPolicy,
  options: GraphQLRouteOptions,
): Promise<void> {
  const { services, verify, logger, readiness } = options;
  const schema = schemaFor(options);
  const buckets = bucketsFor(options);
  const gate = new CostGate(schema, buckets);
  const accounts = new AccountWatch({
    ...{ logger, database: services.database, everyMs: options.accountCheckMs },
  });
  const executor = new Executor(schema);
  const viewers = new WeakMap<FastifyRequest, VerifiedToken>();
  const report = (meter: SqlMeter) => sqlReport(meter, policy.plans?.urlOf ?? null);
  const direct = new DirectAnswers(gate, contextMaker(options, viewers), report);
  const executions = new Executions(schema, executor, direct.keep);
  const apollo = apolloFor(executions, gate, { ...policy, logger, report });
  server.addHook("onClose", async () => {
    await apollo.stop();
    await accounts.stop();
    await buckets.close();
  });
  await apollo.start();

  const identify = identifier(options, policy, viewers);
  const askApollo = fastifyApolloHandler(apollo, {
    context: (request: FastifyRequest, reply: FastifyReply) =>
      Promise.resolve(direct.contextOf(request, reply)),
  });
  const serveSocket = socketHandler(
    subscriptionServer({
      schema,
      executor,
      verify,
      formatError: policy.formatError,
      clock: systemClock,
      gate,
      accounts,
      readiness,
      contextFor: (claims, address) =>
        createContext(services, claims, { network: networkOf(address) }),
    }),
    { logger, pongMs: policy.pongMs },
  );
  const sockets = guardedSockets(serveSocket, policy);
  const handleGet: Handler = async (request, reply) => {
    if (leadToPlayground(request, reply, policy.playgroundPath)) return reply;
    refuseForeignPages(request, policy.isAllowedOrigin);
    return askApollo.call(server, request, reply);
  };
  const handlePost: Handler = async (request, reply) =>
    (await direct.answer(executions, request, reply)) ??
    (await askApollo.call(server, request, reply));
  const route = { url: GRAPHQL_PATH, compress: {} };
  server.route({ ...route, method: "POST", onRequest: identify, handler: handlePost });
  server.route({
    ...{ ...route, method: "GET", handler: handleGet, wsHandler: sockets.wsHandler },
    onRequest: [identify, sockets.onRequest],
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const contextMaker =
  (
    { services, isProduction }: GraphQLRouteOptions,
    viewers: WeakMap<FastifyRequest, VerifiedToken>,
  ) =>
  (request: FastifyRequest, reply: FastifyReply): FabulaContext =>
    createContext(services, viewers.get(request)?.claims ?? null, {
      sqlMeter: isProduction ? null : newSqlMeter(),
      network: networkOf(request.ip),
      leaving: abortOnLeave(reply),
    });

/** Verifies the token before the body is read, because the size limit depends on the token. */
const identifier =
  (
    { verify, readiness }: GraphQLRouteOptions,
    { bodies }: GraphQLPolicy,
    viewers: WeakMap<FastifyRequest, VerifiedToken>,
  ) =>
  async (request: FastifyRequest): Promise<void> => {
    if (request.ws) return;
    requireUtf8(request);
    await readiness?.require();
    const verified = await verify(request.headers.authorization);
    if (!verified) return;
    viewers.set(request, verified);
    bodies.allowLarge(request);
  };

/** Drops the texts that Apollo logs, because they can contain errors. `failureLog` logs these errors. */
const apolloLog = (logger: Logger) => {
  const note = (): void => {
    logger.debug("Apollo Server reported something. An error is logged on its own.");
  };
  return { debug: note, info: note, warn: note, error: note };
};

const failureLog = (logger: Logger): ApolloServerPlugin<FabulaContext> => ({
  unexpectedErrorProcessingRequest: ({ error }) => {
    logger.error({ err: error }, "A request failed because of a bug");
    return Promise.resolve();
  },
});

interface ApolloOptions extends SocketPolicy {
  readonly logger: Logger;
  readonly report: MakeSqlReport;
}

const apolloFor = (
  executions: Executions,
  gate: CostGate,
  { formatError, logger, report }: ApolloOptions,
) =>
  new ApolloServer<FabulaContext>({
    gateway: executions.gateway,
    // Like Apollo's own function, but without a line end, for which the whole text would be copied.
    stringifyResult: (result) => JSON.stringify(result),
    logger: apolloLog(logger),
    introspection: true,
    // No cookie signs anybody in, and `refuseForeignPages` refuses what Apollo's own rule is for.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [...validationRules],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    formatError: (_formatted, error) => formatError(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      costPlugin(gate, executions),
      overloadPlugin,
      sqlReportPlugin(report),
      refusalPlugin,
      failureLog(logger),
      executions.plugin,
    ],
  });

const sqlReportPlugin = (report: MakeSqlReport) =>
  listeningPlugin({
    willSendResponse: ({ contextValue: { sqlMeter }, response: { body } }) => {
      if (sqlMeter && body.kind === "single")
        body.singleResult.extensions = { ...body.singleResult.extensions, sql: report(sqlMeter) };
      return Promise.resolve();
    },
  });

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
