import { randomUUID } from "node:crypto";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { ErrorCode, FabulaError, InvalidInputError } from "../platform/errors.js";

/** Told of what the caller could not help. */
export interface FailureLog {
  /** Something outside failed: the database, a provider. */
  outage(cause: FabulaError): void;
  /** Comes with the id that the caller was given. */
  bug(errorId: string, cause: unknown): void;
}

/** A GraphQL error as a client may see it. */
export type FormatError = (error: unknown) => GraphQLFormattedError;

const INTERNAL_ERROR = "INTERNAL_SERVER_ERROR";

const OUTAGES: ReadonlySet<unknown> = new Set([ErrorCode.Unavailable, ErrorCode.ProviderFailed]);

/** Codes of graphql-js and Apollo for requests that are wrong in themselves. */
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
 * Shows expected failures with their code and masks everything else behind an error id. The same
 * function serves HTTP and WebSocket.
 */
export const errorFormatter =
  (log: FailureLog): FormatError =>
  (error) => {
    const cause = causeOf(error);
    if (cause instanceof FabulaError && OUTAGES.has(cause.code)) log.outage(cause);
    const shown = shownError(error);
    if (shown) return shown;
    const errorId = randomUUID();
    log.bug(errorId, cause);
    return {
      message: `Something went wrong on our side; when you report it, quote ${errorId}.`,
      ...placeOf(error),
      extensions: { code: INTERNAL_ERROR, errorId },
    };
  };

function shownError(error: unknown): GraphQLFormattedError | null {
  const cause = causeOf(error);
  if (cause instanceof FabulaError) {
    const inputPath = cause instanceof InvalidInputError ? cause.inputPath : [];
    return {
      message: cause.message,
      ...placeOf(error),
      extensions: { code: cause.code, ...(inputPath.length > 0 ? { inputPath } : {}) },
    };
  }
  if (!(error instanceof GraphQLError)) return null;
  const code = requestCodeOf(error, cause);
  return code === null ? null : { message: error.message, ...placeOf(error), extensions: { code } };
}

/** The code of an error that graphql-js or Apollo raised about the request; null where it is a bug. */
function requestCodeOf(error: GraphQLError, cause: unknown): string | null {
  const { code } = error.extensions;
  if (typeof code === "string" && REQUEST_CODES.has(code)) return code;
  if (cause === error) return error.path === undefined ? "GRAPHQL_VALIDATION_FAILED" : null;
  // Arguments are coerced while executing: such an error points at the query, a failed answer does not.
  return cause instanceof GraphQLError && cause.nodes?.length ? ErrorCode.BadUserInput : null;
}

/** What was thrown, inside whatever graphql-js wrapped around it. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? causeOf(error.originalError)
    : error;
}

function placeOf(error: unknown): Pick<GraphQLFormattedError, "locations" | "path"> {
  if (!(error instanceof GraphQLError)) return {};
  return {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
}
