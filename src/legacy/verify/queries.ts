import { existsSync, readFileSync } from "node:fs";
import type { Pair } from "../pairs.js";

/** Returns the query that finds what each legacy row of a page should be here, and what it is. */
export const comparisonOf = ({ name }: Pair): string => read(`${name}.sql`);

/** Returns the query that reads a page of ours and marks rows without a legacy row, or null if any row may lack one. */
export function ownRowsOf({ name }: Pair): string | null {
  const file = `${name}.ours.sql`;
  return existsSync(place(file)) ? read(file) : null;
}

const place = (file: string): URL => new URL(`sql/${file}`, import.meta.url);
const read = (file: string): string => readFileSync(place(file), "utf8");
