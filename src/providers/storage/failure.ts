import {
  FabulaError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
} from "../../platform/errors.js";

const FULL = ["ENOSPC", "EDQUOT"];
// Another try may succeed after these errors. ENOENT occurs while writing if a sweep or an erasure
// has deleted the folder or the temporary file.
const PASSING = [
  "EAGAIN",
  "EBUSY",
  "EINTR",
  "EMFILE",
  "ENFILE",
  "ENOENT",
  "ENOTEMPTY",
  "ETIMEDOUT",
];

export const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";

/**
 * Translates a file system's error for the caller. A full disk is retryable, because space may
 * become free later.
 */
export function diskFailure(error: unknown): FabulaError {
  if (error instanceof FabulaError) return error;
  const code = codeOf(error);
  if (FULL.includes(code)) {
    return new ProviderError(
      `The disk of the blob storage is full (${code}); nothing was stored. Free some space and try again.`,
      true,
      { cause: error },
    );
  }
  return new ProviderError(
    `The blob storage's disk failed (${code}); check its folder and permissions.`,
    PASSING.includes(code),
    { cause: error },
  );
}

/** Awaits a file system operation and translates its errors. */
export const onDisk = async <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw diskFailure(error);
  });

export const noSuchBlob = (key: string): NotFoundError =>
  new NotFoundError(`Blob ${JSON.stringify(key.slice(0, 160))} does not exist.`);

export const rangeBeyondEnd = (key: string, start: number): InvalidInputError =>
  new InvalidInputError(`Blob ${key} has no byte ${start}; ask for a range inside the blob.`, [
    "range",
  ]);

export function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error
    ? String(error.code)
    : "unknown";
}
