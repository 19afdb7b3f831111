import { randomUUID } from "node:crypto";
import { GraphQLError, type GraphQLFormattedError, Kind } from "graphql";
import {
  ErrorCode,
  FabulaError,
  type InputProblem,
  InvalidInputError,
} from "../platform/errors.js";
import { shortLocations, shortMessage } from "./short-errors.js";

/** Logs failures that the caller did not cause. */
export interface FailureLog {
  /** Logs that an external system failed: the database or a provider. */
  outage(cause: FabulaError): void;
  /** Logs a bug under an error id. The client's error contains this id. */
  bug(errorId: string, cause: unknown): void;
}

/** Turns an error into the GraphQL error that a client may see. */
export type FormatError = (error: unknown) => GraphQLFormattedError;

export interface ErrorFormat {
  /** True if messages must not suggest names of the schema. */
  readonly hidesSuggestions?: boolean;
}

/** The question with suggested names at the end of a message of graphql-js. No name contains a "?". */
const SUGGESTION = / ?Did you mean [^?]*\?$/;

const INTERNAL_ERROR = "INTERNAL_SERVER_ERROR";

const OUTAGES: ReadonlySet<unknown> = new Set([ErrorCode.Unavailable, ErrorCode.ProviderFailed]);

/**
 * A client sees the message of a GraphQLError with one of these codes: the codes of graphql-js and
 * Apollo for invalid requests, and our own codes.
 */
const REQUEST_CODES: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "BAD_REQUEST",
  ...Object.values(ErrorCode),
]);

/**
 * Returns the function that formats errors for clients. Expected failures keep their message and code.
 * Any other error is masked: the client sees only an error id. HTTP and WebSocket use this function.
 */
export const errorFormatter =
  (log: FailureLog, { hidesSuggestions = false }: ErrorFormat = {}): FormatError =>
  (error) => {
    const cause = causeOf(error);
    if (cause instanceof FabulaError && OUTAGES.has(cause.code)) log.outage(cause);
    const described = describeToClient(error);
    if (described) {
      const { message } = described;
      const shown = hidesSuggestions ? message.replace(SUGGESTION, "") : message;
      return { ...described, message: shortMessage(shown) };
    }
    const errorId = randomUUID();
    log.bug(errorId, cause);
    return {
      message: `Something went wrong on our side. Report the error id ${errorId} to us.`,
      ...locationOf(error),
      extensions: { code: INTERNAL_ERROR, errorId },
    };
  };

function describeToClient(error: unknown): GraphQLFormattedError | null {
  const cause = causeOf(error);
  if (cause instanceof FabulaError) {
    const { inputPath } = cause;
    return {
      message: cause.message,
      ...locationOf(error),
      extensions: {
        ...cause.details,
        code: cause.code,
        ...(inputPath.length > 0 ? { inputPath } : {}),
        ...(cause instanceof InvalidInputError
          ? { problems: cause.problems.map(shortProblem) }
          : {}),
      },
    };
  }
  if (!(error instanceof GraphQLError)) return null;
  const code = requestCodeOf(error, cause);
  return code === null
    ? null
    : { message: error.message, ...locationOf(error), extensions: { code } };
}

const shortProblem = ({ message, path }: InputProblem): InputProblem => ({
  message: shortMessage(message),
  path,
});

/**
 * Returns the code of an error that graphql-js or Apollo raised about the request. Returns null if the
 * error is a bug.
 */
function requestCodeOf(error: GraphQLError, cause: unknown): string | null {
  const { code } = error.extensions;
  if (typeof code === "string" && REQUEST_CODES.has(code)) return code;
  if (cause === error) return error.path === undefined ? "GRAPHQL_VALIDATION_FAILED" : null;
  return isAboutInput(error, cause) ? ErrorCode.BadUserInput : null;
}

/**
 * Returns true if the error is about the caller's variables or arguments. graphql-js checks variables
 * before execution, and arguments during execution. An error about an argument has nodes of the query.
 * An error about a resolver's result has no nodes.
 */
const isAboutInput = (error: GraphQLError, cause: unknown): boolean =>
  error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION ||
  (cause instanceof GraphQLError && (cause.nodes?.length ?? 0) > 0);

/** Returns the error that was thrown, without the errors that graphql-js wrapped around it. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? causeOf(error.originalError)
    : error;
}

function locationOf(error: unknown): Pick<GraphQLFormattedError, "locations" | "path"> {
  if (!(error instanceof GraphQLError)) return {};
  return {
    ...(error.locations ? { locations: shortLocations(error.locations) } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
}
