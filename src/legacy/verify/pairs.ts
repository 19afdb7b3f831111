import { existsSync, readFileSync } from "node:fs";
import type { LegacyTable } from "../legacy-database.js";

/** Legacy rows and the rows of ours that must equal them. */
export interface VerifiedPair {
  /** The SQL functions of the pair carry this name. */
  readonly name: string;
  readonly source: LegacyTable;
}

/** In the order of the backfill. */
export const VERIFIED_PAIRS: readonly VerifiedPair[] = [{ name: "users", source: "users" }];

/** Returns the query that finds what each legacy row of a page should be here, and what it is. */
export const comparisonOf = ({ name }: VerifiedPair): string => read(`${name}.sql`);

/** Returns the query that reads a page of ours and marks rows without a legacy row, or null if any row may lack one. */
export function ownRowsOf({ name }: VerifiedPair): string | null {
  const file = `${name}.ours.sql`;
  return existsSync(place(file)) ? read(file) : null;
}

const place = (file: string): URL => new URL(`sql/${file}`, import.meta.url);
const read = (file: string): string => readFileSync(place(file), "utf8");
