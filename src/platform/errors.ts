/**
 * The error codes that a client can receive. Any other error is a bug, and clients see
 * INTERNAL_SERVER_ERROR.
 */
export const ErrorCode = {
  BadUserInput: "BAD_USER_INPUT",
  Unauthenticated: "UNAUTHENTICATED",
  Forbidden: "FORBIDDEN",
  NotFound: "NOT_FOUND",
  Conflict: "CONFLICT",
  ProviderFailed: "PROVIDER_FAILED",
  Unavailable: "UNAVAILABLE",
  Overloaded: "OVERLOADED",
  Abandoned: "ABANDONED",
  QueryTooCostly: "QUERY_TOO_COSTLY",
  RateLimited: "RATE_LIMITED",
  QuotaExceeded: "QUOTA_EXCEEDED",
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** A process cannot start. The message tells the person at the terminal what to do. */
export class StartupError extends Error {}

/** The words of a command line are wrong, whatever the files and the database hold. */
export class UsageError extends StartupError {}

/** Returns the code with which a process ends after an error. */
export const exitCodeOf = (error: unknown): number => (error instanceof UsageError ? 2 : 1);

/** An expected failure. The message is for the caller, who may see it. */
export abstract class FabulaError extends Error {
  abstract readonly code: ErrorCode;
  /** True if a job that failed with this error should run again. */
  readonly retryable: boolean = false;
  /** Additional members of the GraphQL error's `extensions`, for the client. */
  readonly details: Readonly<Record<string, unknown>> = {};
  /** The input field that the failure is about, outermost name first. Empty if it is about no field. */
  // Not named `path`: if an error has an array `path`, graphql-js does not add the field's path.
  readonly inputPath: readonly string[] = [];

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One thing that is wrong with an input. */
export interface InputProblem {
  readonly message: string;
  /** The input field, outermost name first. Entries of lists are named by their number. */
  readonly path: readonly string[];
}

/** The caller sent input that can never work. `inputPath` names the first wrong input field. */
export class InvalidInputError extends FabulaError {
  readonly code = ErrorCode.BadUserInput;
  readonly problems: readonly InputProblem[];

  constructor(
    message: string,
    override readonly inputPath: readonly string[] = [],
    problems: readonly InputProblem[] = [{ message, path: inputPath }],
  ) {
    super(message);
    this.problems = problems;
  }

  /** Returns one error for all problems of an input. */
  static of(problems: readonly InputProblem[]): InvalidInputError {
    const message = problems.map((problem) => problem.message).join(" ");
    return new InvalidInputError(message, problems[0]?.path, problems);
  }
}

/** The request needs an account, but has no token or no valid token. */
export class UnauthenticatedError extends FabulaError {
  readonly code = ErrorCode.Unauthenticated;
}

/**
 * A known user has no right to do this. Use this error only if the user is allowed to know that the
 * object exists.
 */
export class ForbiddenError extends FabulaError {
  readonly code = ErrorCode.Forbidden;

  /** @param inputPath the input field that brought the object's id */
  constructor(
    message: string,
    override readonly inputPath: readonly string[] = [],
  ) {
    super(message);
  }
}

/** The object does not exist, or belongs to another user. Clients cannot tell the difference. */
export class NotFoundError extends FabulaError {
  readonly code = ErrorCode.NotFound;

  /** @param inputPath the input field that brought the object's id */
  constructor(
    message: string,
    override readonly inputPath: readonly string[] = [],
  ) {
    super(message);
  }
}

interface ConflictOptions {
  readonly cause?: unknown;
  /** The input field that brought the id of the object. Default: `id`, if there is a current object. */
  readonly inputPath?: readonly string[];
}

/**
 * The change conflicts with stored data: a duplicate, a stale version or a wrong state. `current` is
 * the current object, or null if there is no such object.
 */
export class ConflictError extends FabulaError {
  readonly code = ErrorCode.Conflict;
  override readonly inputPath;

  constructor(
    message: string,
    readonly current: object | null = null,
    { inputPath = current === null ? [] : ["id"], ...options }: ConflictOptions = {},
  ) {
    super(message, options);
    this.inputPath = inputPath;
  }
}

/**
 * The caller read an older version of an object than the current version. `name` is the subject of
 * the message.
 */
export class StaleVersionError extends ConflictError {
  constructor(name: string, versionRead: number, current: { readonly version: number }) {
    super(
      `${name} is at version ${current.version}, you read version ${versionRead}; read it again and repeat your change.`,
      current,
    );
  }
}

/** A language model, a speech engine or a storage failed. */
export class ProviderError extends FabulaError {
  readonly code = ErrorCode.ProviderFailed;

  constructor(
    message: string,
    override readonly retryable: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** This voice can never speak this text. The provider works correctly. */
export class UnspeakableError extends ProviderError {
  constructor(message: string) {
    super(message, false);
  }
}

/** The database timed out, does not answer, or asked for a retry. */
export class UnavailableError extends FabulaError {
  readonly code = ErrorCode.Unavailable;
  override readonly retryable = true;
}

/** More callers want the database than it can serve now. The database itself answers. */
export class OverloadedError extends FabulaError {
  readonly code = ErrorCode.Overloaded;
  override readonly retryable = true;
  override readonly details;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.details = { retryAfter: retryAfterSeconds };
  }
}

/** The client left before the answer, so the server stopped the work. No client receives this error. */
export class AbandonedError extends FabulaError {
  readonly code = ErrorCode.Abandoned;

  constructor(options?: { cause?: unknown }) {
    super("The client left before the answer was ready.", options);
  }
}

/** The operation's cost exceeds the limit of one operation. Repeating the operation does not help. */
export class QueryTooCostlyError extends FabulaError {
  readonly code = ErrorCode.QueryTooCostly;
  override readonly details;

  constructor(cost: { readonly requested: number; readonly limit: number }, message: string) {
    super(message);
    this.details = { cost };
  }
}

/**
 * The caller has reached a limit that applies to each caller separately, for example the cost
 * budget. The same operation can succeed later.
 */
export class RateLimitedError extends FabulaError {
  readonly code = ErrorCode.RateLimited;
  override readonly details;

  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.details = { retryAfter: retryAfterSeconds, ...details };
  }
}

/** The user has used up a quota. The same request can succeed later. */
export class QuotaExceededError extends FabulaError {
  readonly code = ErrorCode.QuotaExceeded;
  override readonly details;

  /** @param quota `freeAt` is null if the time is unknown */
  constructor(
    message: string,
    quota: { readonly limit: number; readonly used: number; readonly freeAt: Date | null },
  ) {
    super(message);
    this.details = { quota };
  }
}
