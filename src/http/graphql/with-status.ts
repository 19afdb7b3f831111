import { HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import { FabulaError, RateLimitedError } from "../../platform/errors.js";

/**
 * Adds an HTTP status to an error. Without a status, Apollo returns 500 for an error before execution.
 */
export function withStatus(error: unknown): unknown {
  if (!(error instanceof FabulaError)) return error;
  const http =
    error instanceof RateLimitedError
      ? { status: 429, headers: new HeaderMap([["retry-after", String(error.retryAfterSeconds)]]) }
      : { status: 400 };
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http },
  });
}
