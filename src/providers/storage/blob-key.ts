import { InvalidInputError } from "../../platform/errors.js";

// Lower case only: on some disks, Ab and ab are the same folder.
const OWNER = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const KEY = /^(?:shared|owned\/([a-z0-9][a-z0-9_-]{0,63}))\/([0-9a-f]{64})$/;

export interface BlobKey {
  readonly owner: string | null;
  readonly sha256: string;
}

/** Parses a key that a storage made. Returns null for any other string. */
export function parseBlobKey(key: string): BlobKey | null {
  const match = KEY.exec(key);
  const sha256 = match?.[2];
  return sha256 === undefined ? null : { owner: match?.[1] ?? null, sha256 };
}

/**
 * Returns the part of a key before the hash, including the slash.
 * @throws InvalidInputError if the owner is not a name of 1 to 64 characters of a-z, 0-9, _ and -
 */
export function prefixOf(owner: string | undefined): string {
  if (owner === undefined) return "shared/";
  if (OWNER.test(owner)) return `owned/${owner}/`;
  throw new InvalidInputError(
    "A blob's owner must be 1 to 64 characters of a-z, 0-9, _ and -; pass the public id in lower case.",
    ["owner"],
  );
}
