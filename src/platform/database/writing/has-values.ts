import { sortedJson } from "../../sorted-json.js";

/**
 * Returns true if a row has all these values, so that writing them would change nothing. A member that is
 * undefined leaves its column alone. Documents are equal if their JSON is equal.
 */
export const hasValues = <T extends object>(
  row: { readonly [P in keyof T]?: T[P] | undefined },
  values: { readonly [P in keyof T]?: T[P] | undefined },
): boolean =>
  (Object.keys(values) as (keyof T)[]).every(
    (name) => values[name] === undefined || sameJson(row[name], values[name]),
  );

const sameJson = (one: unknown, other: unknown): boolean =>
  sortedJson([one ?? null]) === sortedJson([other ?? null]);
