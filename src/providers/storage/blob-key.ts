import { InvalidInputError } from "../../platform/errors.js";

// Lower case only: some disks take Ab and ab for the same folder.
const OWNER = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const KEY = /^(?:shared|owned\/([a-z0-9][a-z0-9_-]{0,63}))\/([0-9a-f]{64})$/;

export interface BlobKey {
  readonly owner: string | null;
  readonly sha256: string;
}

/** The parts of a key that a storage made, or null for anything else. */
export function parseBlobKey(key: string): BlobKey | null {
  const match = KEY.exec(key);
  const sha256 = match?.[2];
  return sha256 === undefined ? null : { owner: match?.[1] ?? null, sha256 };
}

/** The part of a key before the hash, with its slash. @throws InvalidInputError */
export function prefixOf(owner: string | undefined): string {
  if (owner === undefined) return "shared/";
  if (OWNER.test(owner)) return `owned/${owner}/`;
  throw new InvalidInputError(
    "A blob's owner must be 1 to 64 of a-z, 0-9, _ and -; pass the public id in lower case.",
    ["owner"],
  );
}
