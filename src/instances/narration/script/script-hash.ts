import { createHash } from "node:crypto";

/*
 * The hash of a script changes with everything in the script that changes the narration's sound. An edit
 * replaces the hashes of its segments in the hash of the script. So an edit does not read the whole script,
 * and an edit that is undone gives the earlier hash again.
 */

const HASH_BYTES = 32;

/** Returns the hash of a script as it is made from the analysis. An analysis that is ready never changes. */
export const unchangedHash = (analysisId: number): string =>
  createHash("sha256").update(`analysis ${analysisId}`).digest("hex");

/** SQL: the sha256 of what changes the sound of segment `alias`. */
export const segmentHash = (alias: string): string =>
  `sha256(convert_to(ROW(${soundColumns(alias)})::text, 'UTF8'))`;

/** SQL: the columns that change the sound of segment `alias`. */
export const soundColumns = (alias: string): string =>
  [
    "position",
    "kind",
    "text",
    "speaker_id",
    "emotion",
    "intensity",
    "voice",
    "prosody",
    "pause_after_ms",
  ]
    .map((column) => `${alias}.${column}`)
    .join(", ");

/**
 * Returns the sum of hashes, in hexadecimal digits. Two equal hashes add up to nothing, and the order does
 * not matter.
 * @param hashes one after the other
 */
export function sumOfHashes(hashes: Uint8Array): string {
  const sum = Buffer.alloc(HASH_BYTES);
  for (const [index, byte] of hashes.entries()) {
    const at = index % HASH_BYTES;
    sum.writeUInt8(sum.readUInt8(at) ^ byte, at);
  }
  return sum.toString("hex");
}

/**
 * Returns the hash of a script after changes, from its hash and the differences that the changes made.
 */
export const combineHashes = (hashes: readonly string[]): string =>
  sumOfHashes(Buffer.from(hashes.join(""), "hex"));
