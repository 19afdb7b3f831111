/** The codes a client can meet. Everything else is a bug and is masked as INTERNAL_SERVER_ERROR. */
export const ErrorCode = {
  BadUserInput: "BAD_USER_INPUT",
  Unauthenticated: "UNAUTHENTICATED",
  Forbidden: "FORBIDDEN",
  NotFound: "NOT_FOUND",
  Conflict: "CONFLICT",
  ProviderFailed: "PROVIDER_FAILED",
  Unavailable: "UNAVAILABLE",
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Something that keeps a process from starting; its message tells the person at the terminal what to do. */
export class StartupError extends Error {}

/** An expected failure: its message is written for the caller and may be shown to them. */
export abstract class FabulaError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether a job that met this error should run again. */
  readonly retryable: boolean = false;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The caller sent something that can never work as it is. `inputPath` names the input field. */
export class InvalidInputError extends FabulaError {
  readonly code = ErrorCode.BadUserInput;

  constructor(
    message: string,
    // Not `path`: graphql-js takes an error with an array of that name for one it has placed already.
    readonly inputPath: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Nobody, or nobody provable, asked for something that needs an account. */
export class UnauthenticatedError extends FabulaError {
  readonly code = ErrorCode.Unauthenticated;
}

/** A known user asked for something that is not theirs to do, and whose existence is no secret. */
export class ForbiddenError extends FabulaError {
  readonly code = ErrorCode.Forbidden;
}

/** Absent, or another user's: the two are never told apart. */
export class NotFoundError extends FabulaError {
  readonly code = ErrorCode.NotFound;
}

/** Unique, stale version or wrong state. `current` is the object as it is now, where there is one. */
export class ConflictError extends FabulaError {
  readonly code = ErrorCode.Conflict;

  constructor(
    message: string,
    readonly current: object | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The caller read an older version of an object than the current one. `name` is the subject of the message. */
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

/** A text that this voice will never say; nothing is wrong with its provider. */
export class UnspeakableError extends ProviderError {
  constructor(message: string) {
    super(message, false);
  }
}

/** The database timed out, is away or asked for a retry. */
export class UnavailableError extends FabulaError {
  readonly code = ErrorCode.Unavailable;
  override readonly retryable = true;
}
