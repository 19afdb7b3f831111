import { createHash } from "node:crypto";

/*
 * The hash of a script changes with everything in the script that changes the narration's sound. An edit
 * replaces the hashes of its segments in the hash of the script. So an edit does not read the whole script,
 * and an edit that is undone gives the earlier hash again.
 */

const HEX_DIGITS = 64;

/** Returns the hash of a script as it is made from the analysis. An analysis that is ready never changes. */
export const unchangedHash = (analysisId: number): string =>
  createHash("sha256").update(`analysis ${analysisId}`).digest("hex");

/** SQL: the sha256 of what changes the sound of segment `alias`, as bit(256). */
export const segmentHash = (alias: string): string =>
  `('x' || encode(sha256(convert_to(jsonb_build_array(${soundColumns(alias)})::text, 'UTF8')), 'hex'))::bit(256)`;

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
 * Returns the hash of a script after changes, from its hash and the differences that the changes made. The
 * order does not matter.
 */
export const combineHashes = (hashes: readonly string[]): string =>
  hashes
    .reduce((sum, hash) => sum ^ BigInt(`0x${hash}`), 0n)
    .toString(16)
    .padStart(HEX_DIGITS, "0");
