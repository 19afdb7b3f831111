import { setImmediate as nextTick, setTimeout as pause } from "node:timers/promises";
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  GraphQLError,
  OperationTypeNode,
  createSourceEventStream,
  getOperationAST,
  locatedError,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { CloseCode, type Context, type ServerOptions, type SubscribePayload } from "graphql-ws";
import type { FabulaContext } from "../../graphql/context.js";
import type { CostGate } from "../../graphql/cost/gate.js";
import type { Executor } from "../../graphql/execution/executor.js";
import { ValidDocuments } from "../../graphql/execution/valid-documents.js";
import type { FormatError } from "../../graphql/errors.js";
import { MAX_TOKENS, validationRules } from "../../graphql/limits.js";
import { EXECUTION_OPTIONS, MAX_VALIDATION_ERRORS, shortList } from "../../graphql/short-errors.js";
import type { Clock } from "../../platform/clock.js";
import { ErrorCode, FabulaError, UnauthenticatedError } from "../../platform/errors.js";
import type { Readiness } from "../../platform/process/readiness.js";
import type { UserClaims } from "../../platform/users/user.store.js";
import type { AccountWatch } from "./account-watch.js";
import { type Answer, createAnswerStream } from "./operation-stream.js";
import { type FormatResult, resultFormatter } from "./result-formatter.js";
import { type SocketFacts, closeSocket } from "./socket.handler.js";
import { SocketSlots } from "./socket-slots.js";
import type { TokenVerifier, VerifiedToken } from "../tokens.js";

/** The data of a connection. The data exists from the first message until the connection ends. */
// A type alias, because graphql-ws demands an index signature, and interfaces do not satisfy this demand.
type Session = Record<PropertyKey, unknown> & {
  verified: VerifiedToken | null;
  expiry: NodeJS.Timeout;
  lastTurn: Promise<void>;
};
type Extra = SocketFacts & Partial<Session>;

type SocketContext = Context<Record<string, unknown>, Extra>;

const FORBIDDEN = 4403;
/** The maximum length of an operation's id. Every answer repeats the id. */
const MAX_ID_CHARS = 128;
const LONG_ID = `The id of an operation has more than ${MAX_ID_CHARS} characters. Send a shorter id.`;
/** The maximum memory of the kept documents of all sockets. */
const MAX_DOCUMENT_BYTES = 4_000_000;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export interface SubscriptionOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly verify: TokenVerifier;
  readonly gate: CostGate;
  readonly contextFor: (claims: UserClaims | null, address: string) => FabulaContext;
  readonly formatError: FormatError;
  readonly clock: Clock;
  readonly accounts: AccountWatch;
  readonly readiness?: Readiness | undefined;
}

/**
 * Serves GraphQL over WebSocket. Apollo handles only HTTP. So this file itself applies the parsing
 * limits, validation rules and error masks of HTTP. Each event gets a new context.
 */
export function subscriptionServer({
  schema,
  executor,
  verify,
  gate,
  contextFor,
  formatError,
  clock,
  accounts,
  readiness,
}: SubscriptionOptions): ServerOptions<Record<string, unknown>, Extra> {
  /** Returns the context of one operation on this connection. */
  const contextOf = ({ extra }: SocketContext): FabulaContext =>
    contextFor(extra.verified?.claims ?? null, extra.request.ip);
  const format = resultFormatter(gate, formatError);
  const formatResult: FormatResult = (result, context) => {
    const formatted = format(result, context);
    if (context.claims && formatted.errors?.some(isUnauthenticated))
      accounts.suspect(context.claims.subject);
    return formatted;
  };
  const slots = new SocketSlots();
  return {
    connectionInitWaitTimeout: 5_000,
    onConnect: async (context) => {
      try {
        context.extra.verified = await verify(authorizationIn(context.connectionParams));
      } catch (error) {
        const reason = error instanceof FabulaError ? error.message : "Forbidden";
        closeSocket(context.extra.socket, FORBIDDEN, reason);
        return false;
      }
      const { socket, verified } = context.extra;
      // The client may have left during the verification.
      if (socket.readyState !== socket.OPEN) return false;
      closeAtExpiry(context.extra, clock);
      if (verified) accounts.add(verified.claims.subject, socket);
      return true;
    },
    onDisconnect: (context) => {
      clearTimeout(context.extra.expiry);
    },
    onClose: (context) => {
      slots.closeSocket(context.extra.socket);
    },
    onSubscribe: subscribeHandler({ schema, gate, slots, contextOf, readiness }),
    execute: (args) => answerOnce(args, { executor, slots, formatResult }),
    subscribe: (args) => follow(args, { executor, gate, slots, formatResult }),
    onComplete: (_context, _id, payload) => {
      slots.release(payload);
    },
    onError: (_context, _id, _payload, errors) => shortList(errors.map(formatError)),
  };
}

interface SocketRequests extends Pick<SubscriptionOptions, "schema" | "gate" | "readiness"> {
  readonly slots: SocketSlots;
  readonly contextOf: (context: SocketContext) => FabulaContext;
}

/**
 * Returns the handler that admits operations. The handler checks the limits of parsing, of running
 * operations, of validation and of cost.
 */
function subscribeHandler({ schema, gate, slots, contextOf, readiness }: SocketRequests) {
  // A validation takes up to a millisecond, and apps send the same documents again and again.
  const documents = new ValidDocuments(MAX_DOCUMENT_BYTES);
  return async (
    context: SocketContext,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    if (id.length > MAX_ID_CHARS) {
      closeSocket(context.extra.socket, CloseCode.BadRequest, LONG_ID);
      return [new GraphQLError(LONG_ID)];
    }
    const known = documents.find(payload.query);
    const document = known ?? parsed(payload);
    if (document instanceof GraphQLError) return [document];
    const request = { document, payload, contextValue: contextOf(context) };
    try {
      takeSlot(slots, context, request);
      await readiness?.require();
      await nextTurn(context.extra);
      if (!(id in context.subscriptions)) throw new GraphQLError("The client left.");
      const errors = known ? [] : validated(schema, document);
      if (errors.length === 0) {
        documents.keep(payload.query, document);
        return admitted(gate, schema, request);
      }
      slots.release(payload);
      return errors;
    } catch (error) {
      slots.release(payload);
      return [locatedError(error, undefined)];
    }
  };
}

const validated = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, [...specifiedRules, ...validationRules], {
    maxErrors: MAX_VALIDATION_ERRORS,
  });

interface SocketRequest {
  readonly document: DocumentNode;
  readonly payload: SubscribePayload;
  readonly contextValue: FabulaContext;
}

/** Takes a slot for an operation. @throws RateLimitedError if too many operations run */
function takeSlot(slots: SocketSlots, { extra }: SocketContext, request: SocketRequest): void {
  const { document, payload, contextValue } = request;
  const operation = getOperationAST(document, payload.operationName);
  const isSubscription = operation?.operation === OperationTypeNode.SUBSCRIPTION;
  const kind = isSubscription ? "subscriptions" : "operations";
  slots.takeSlot(extra.socket, { caller: contextValue.payer, kind }, [payload, contextValue]);
}

/**
 * Waits until the socket may validate its next operation. A validation takes some milliseconds. With one
 * validation per socket in each turn of the event loop, other sockets are served in between.
 */
async function nextTurn(extra: Extra): Promise<void> {
  const turn = (extra.lastTurn ?? Promise.resolve()).then(() => nextTick());
  extra.lastTurn = turn;
  await turn;
}

/**
 * Takes the cost of an operation and returns the arguments of its execution.
 * @throws GraphQLError if the document has no single operation with the requested name
 * @throws QueryTooCostlyError or RateLimitedError if the cost is too high
 */
function admitted(gate: CostGate, schema: GraphQLSchema, request: SocketRequest): ExecutionArgs {
  const { document, payload, contextValue } = request;
  const { operationName, variables } = payload;
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw new GraphQLError(
      "The document has several operations, or no operation with this name. Send the name of one operation as operationName.",
      { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } },
    );
  }
  gate.admitOperation(contextValue, { document, operation, variables });
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue,
    options: EXECUTION_OPTIONS,
  };
}

interface Following extends Pick<SubscriptionOptions, "executor" | "gate"> {
  readonly slots: SocketSlots;
  readonly formatResult: FormatResult;
}

/**
 * Runs a query or mutation. Returns a stream with one answer, because only a stream can be aborted when
 * the client leaves.
 */
const answerOnce = (
  args: ExecutionArgs,
  { executor, slots, formatResult }: Omit<Following, "gate">,
): AsyncIterableIterator<ExecutionResult> => {
  const context = args.contextValue as FabulaContext;
  return createAnswerStream(context.leaving, () =>
    slots.during(context, async () => ({
      first: formatResult(await executor.execute(args), context),
      rest: null,
    })),
  );
};

const follow = (
  args: ExecutionArgs,
  { executor, gate, slots, formatResult }: Following,
): AsyncIterableIterator<ExecutionResult> => {
  const opened = args.contextValue as FabulaContext;
  return createAnswerStream(opened.leaving, async () => {
    const stream = await slots.during(opened, () => createSourceEventStream(args));
    if (!(Symbol.asyncIterator in stream))
      return { first: formatResult(stream, opened), rest: null };
    // The cost of the first event was taken when the subscription was admitted.
    let isPaid = true;
    const answer: Answer = async (event) => {
      const context = opened.renew();
      if (event instanceof UnauthenticatedError)
        return formatResult({ errors: [locatedError(event, undefined)] }, context);
      const isAdmitted = await gate.admitEvent(context, opened.cost, {
        isPaid,
        wait: (ms) =>
          pause(ms, true, { ref: false, signal: opened.leaving.signal }).catch(() => false),
      });
      if (!isAdmitted) return null;
      isPaid = false;
      const result = await executor.execute({ ...args, rootValue: event, contextValue: context });
      return formatResult(result, context);
    };
    return { first: null, rest: { events: refusalsOf(stream[Symbol.asyncIterator]()), answer } };
  });
};

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

/**
 * Makes an event of the error that ends a subscription whose user may no longer act. So the client gets the
 * reason before its socket closes.
 */
const refusalsOf = (source: AsyncIterator<unknown>): AsyncIterator<unknown> => ({
  next: () =>
    source.next().catch((error: unknown) => {
      if (error instanceof UnauthenticatedError) return { done: false, value: error };
      throw error;
    }),
  return: async () => (await source.return?.()) ?? { done: true, value: undefined },
});

const isUnauthenticated = ({ extensions }: GraphQLError): boolean =>
  extensions["code"] === ErrorCode.Unauthenticated;

/** @throws UnauthenticatedError if the client sends something that is no text */
function authorizationIn(params: Record<string, unknown> | undefined): string | undefined {
  const value = params?.["authorization"] ?? params?.["Authorization"] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw new UnauthenticatedError('authorization must be a text such as "Bearer eyJh…".');
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
