import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  GraphQLError,
  createSourceEventStream,
  execute,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { Context, ServerOptions, SubscribePayload } from "graphql-ws";
import type { Extra as SocketExtra } from "graphql-ws/use/@fastify/websocket";
import type { FabulaContext } from "../graphql/context.js";
import type { FormatError } from "../graphql/errors.js";
import { MAX_TOKENS, validationRules } from "../graphql/limits.js";
import type { Clock } from "../platform/clock.js";
import type { UserClaims } from "../platform/users/user.store.js";
import type { TokenVerifier, VerifiedToken } from "./tokens.js";

/** The data of a connection, from its first message to its end. */
// A type, not an interface: graphql-ws wants an index signature, which only aliases satisfy.
type Session = Record<PropertyKey, unknown> & {
  verified: VerifiedToken | null;
  expiry: NodeJS.Timeout;
};
type Extra = SocketExtra & Partial<Session>;

type SocketContext = Context<Record<string, unknown>, Extra>;

const FORBIDDEN = 4403;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export interface SubscriptionOptions {
  readonly schema: GraphQLSchema;
  readonly verify: TokenVerifier;
  readonly contextFor: (claims: UserClaims | null) => FabulaContext;
  readonly formatError: FormatError;
  readonly clock: Clock;
}

/**
 * Serves GraphQL over WebSocket. Apollo does not handle these requests. So this file applies the same
 * parsing limits, validation rules and error masking again. Each event gets its own context.
 */
export function subscriptionServer({
  schema,
  verify,
  contextFor,
  formatError,
  clock,
}: SubscriptionOptions): ServerOptions<Record<string, unknown>, Extra> {
  const claimsOf = (context: SocketContext): UserClaims | null =>
    context.extra.verified?.claims ?? null;
  const formatted = (error: unknown): GraphQLError => {
    const { message, path, extensions } = formatError(error);
    return new GraphQLError(message, {
      ...(path === undefined ? {} : { path }),
      ...(extensions === undefined ? {} : { extensions }),
    });
  };
  const masked = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map(formatted) } : result;
  return {
    connectionInitWaitTimeout: 5_000,
    onConnect: async (context) => {
      try {
        context.extra.verified = await verify(authorizationIn(context.connectionParams));
      } catch (error) {
        context.extra.socket.close(
          FORBIDDEN,
          error instanceof Error ? error.message.slice(0, 120) : "Forbidden",
        );
        return false;
      }
      closeAtExpiry(context.extra, clock);
      return true;
    },
    onDisconnect: (context) => {
      clearTimeout(context.extra.expiry);
    },
    onSubscribe: (context, _id, payload) => {
      const document = parsed(payload);
      if (document instanceof GraphQLError) return [formatted(document)];
      const errors = validate(schema, document, [...specifiedRules, ...validationRules]);
      if (errors.length > 0) return errors.map(formatted);
      return {
        schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: contextFor(claimsOf(context)),
      };
    },
    execute: async (args) => masked(await execute(args)),
    subscribe: (args) =>
      subscribeAfresh(args, masked, (event) => {
        const { claims } = args.contextValue as FabulaContext;
        return execute({ ...args, schema, rootValue: event, contextValue: contextFor(claims) });
      }),
    onError: (_context, _id, _payload, errors) => errors.map(formatError),
  };
}

async function subscribeAfresh(
  args: ExecutionArgs,
  masked: (result: ExecutionResult) => ExecutionResult,
  answer: (event: unknown) => Promise<ExecutionResult> | ExecutionResult,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  return Symbol.asyncIterator in stream
    ? eventsOf(stream, async (event) => masked(await answer(event)))
    : masked(stream);
}

// Not a generator: while a generator waits for an event, it cannot notice that its reader has left.
function eventsOf(
  stream: AsyncIterable<unknown>,
  answer: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = stream[Symbol.asyncIterator]();
  return {
    next: async () => {
      const event = await events.next();
      return event.done
        ? { done: true, value: undefined }
        : { done: false, value: await answer(event.value) };
    },
    return: async () => {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function parsed(payload: SubscribePayload): DocumentNode | GraphQLError {
  try {
    return parse(payload.query, { maxLexicalTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError))
      return new GraphQLError("The query cannot be parsed; check its syntax.");
    const { message, source, positions } = error;
    return new GraphQLError(message, {
      source,
      positions,
      extensions: { code: "GRAPHQL_PARSE_FAILED" },
    });
  }
}

function authorizationIn(params: Record<string, unknown> | undefined): string | undefined {
  const value = params?.["authorization"] ?? params?.["Authorization"];
  return typeof value === "string" ? value : undefined;
}

function closeAtExpiry(extra: Extra, clock: Clock): void {
  const expiresAt = extra.verified?.expiresAt;
  if (expiresAt === undefined) return;
  const leftMs = Math.max(0, expiresAt * 1000 - clock.now().getTime());
  extra.expiry = setTimeout(
    () => {
      extra.socket.close(FORBIDDEN, "The token has expired; sign in again.");
    },
    Math.min(leftMs, LONGEST_TIMEOUT_MS),
  );
}
