import type { Tx } from "../transactions/database.js";
import {
  type Keyed,
  type Keyset,
  type Page,
  type PageRequest,
  pageOf,
  pageWithPlaces,
} from "./keyset.js";

/** Splits the rows of one statement into a page for each parent. Rows keep their order. */
export function pagesByParent<T extends object, P>(
  rows: readonly Keyed<T>[],
  request: PageRequest,
  parentOf: (row: T) => P,
): Map<P, Page<T>> {
  const groups = Map.groupBy(rows, parentOf);
  return new Map([...groups].map(([parent, group]) => [parent, pageOf<T>(group, request)]));
}

interface Positioned {
  readonly position: number;
}

/** Does the same as `pagesByParent` for lists that are ordered by `position` alone. */
export function pagesByPosition<T extends Positioned, P>(
  rows: readonly T[],
  request: PageRequest,
  parentOf: (row: T) => P,
): Map<P, Page<T>> {
  const groups = Map.groupBy(rows, parentOf);
  return new Map(
    [...groups].map(([parent, group]) => [parent, pageWithPlaces(group, request, placeOf)]),
  );
}

function placeOf({ position }: Positioned): Keyset {
  const text = String(position);
  return { sort: text, id: text };
}

/** Runs a grouped count that selects `parent` and `count`. */
export async function countsByParent<P>(
  tx: Tx,
  sql: string,
  values: readonly unknown[],
): Promise<Map<P, number>> {
  const rows = await tx.query<{ parent: P; count: number }[]>(sql, [...values]);
  return new Map(rows.map(({ parent, count }) => [parent, count]));
}
