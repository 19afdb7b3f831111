import {
  ConflictError,
  FabulaError,
  InvalidInputError,
  UnauthenticatedError,
  UnavailableError,
} from "../../errors.js";

const MAX_ATTEMPTS = 5;

/** SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONTENTION = new Set(["40001", "40P01", "55P03"]);
const AWAY = new Set(["57014", "57P01", "57P02", "57P03", "53300", "53400", "25P03", "25P04"]);
const BAD_VALUE = new Set(["22003", "22007", "22008", "22021", "22023", "22P02", "22P05"]);
/** The codes of `access.require_active`, and what a refused user can do. */
const BARRED: Readonly<Record<string, string>> = {
  FB001: "This account is deactivated; ask the operator of this server to activate it.",
  FB002: "This account was erased; sign in with another account.",
};
const AWAY_SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
]);
// TypeORM releases a runner if its connection ends between two statements of a transaction.
const AWAY_MESSAGE =
  /already released|client was closed|connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended|query read timeout/i;

interface DatabaseFailure {
  readonly code?: string;
  readonly severity?: string;
  readonly constraint?: string;
  readonly message: string;
}

/**
 * Translates a database failure into one of our errors, by its SQLSTATE. No other code translates
 * SQLSTATEs. An unknown error is a bug and is returned unchanged.
 */
export function translateError(error: unknown): unknown {
  if (error instanceof FabulaError || !(error instanceof Error)) return error;
  const failure = failureOf(error);
  const { code = "", constraint } = failure;
  if (code === "23505") {
    return new ConflictError(
      `A row with the same value already exists (${constraintName(constraint)}).`,
      null,
      {
        cause: error,
      },
    );
  }
  const barred = BARRED[code];
  if (barred) return new UnauthenticatedError(barred);
  if (BAD_VALUE.has(code))
    return new InvalidInputError("A value does not fit its column; correct the input.");
  if (CONTENTION.has(code)) {
    return new UnavailableError("Another request is changing the same rows; try again.", {
      cause: error,
    });
  }
  if (isAway(failure)) {
    return new UnavailableError("The database is not answering; try again shortly.", {
      cause: error,
    });
  }
  return error;
}

// FATAL, with any code, means that the server ended or refused the connection. The statement is not
// the cause.
const isAway = ({ code = "", severity, message }: DatabaseFailure): boolean =>
  severity === "FATAL" ||
  code.startsWith("08") ||
  AWAY.has(code) ||
  AWAY_SYSTEM.has(code) ||
  AWAY_MESSAGE.test(message);

/** The codes of a prepared statement that is refused, because a migration changed a column. */
const OUT_OF_DATE = ["0A000", "26000"];

/**
 * The codes of a refused statement that can succeed in another transaction: an earlier statement of the
 * transaction failed, or the prepared statement was out of date.
 */
const REFUSED_HERE = new Set(["25P02", ...OUT_OF_DATE]);

/** Returns PostgreSQL's reason if it refused the statement itself. Returns null for every other error. */
export function reasonOfRefusal(error: unknown): string | null {
  if (error instanceof FabulaError || !(error instanceof Error)) return null;
  const { severity, message } = failureOf(error);
  return severity === "ERROR" ? message : null;
}

/** Returns true if a failed read can succeed in a new transaction. */
export const canReadAgain = (error: unknown): boolean =>
  error instanceof Error && REFUSED_HERE.has(failureOf(error).code ?? "");

/** Returns true if an earlier statement of the transaction failed. */
export const isRefusedAfterFailure = (error: unknown): boolean =>
  error instanceof Error && failureOf(error).code === "25P02";

/** Returns true if the error is a unique violation of the constraint `constraint`. */
export function isDuplicateOf(error: unknown, constraint: string): boolean {
  if (!(error instanceof ConflictError) || !(error.cause instanceof Error)) return false;
  const failure = failureOf(error.cause);
  return failure.code === "23505" && constraintName(failure.constraint) === constraint;
}

/** A row refers to a row that another transaction deleted after this one had read the row. */
const PARENT_GONE = "23503";
const CAN_WRITE_AGAIN = new Set([...CONTENTION, ...OUT_OF_DATE, PARENT_GONE]);

/**
 * Runs `work`. After a deadlock, a serialization failure, a lock timeout, a reference to a deleted row or a statement
 * that was out of date, pauses for a random time and runs `work` again. So `work` sees that a row is gone. Runs `work`
 * at most five times.
 */
export async function retryOnContention<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof UnavailableError ? error.cause : error;
      const code = cause instanceof Error ? (failureOf(cause).code ?? "") : "";
      if (!CAN_WRITE_AGAIN.has(code) || attempt === MAX_ATTEMPTS) throw error;
      const pauseMs = Math.random() * 10 * 2 ** attempt;
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

function failureOf(error: Error): DatabaseFailure {
  const driverError = (error as { driverError?: unknown }).driverError;
  if (driverError instanceof Error) return driverError;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error;
}

// A sharded PostgreSQL appends _<shard> to constraint names.
const constraintName = (name = "unique"): string => name.replace(/_\d+$/, "");
