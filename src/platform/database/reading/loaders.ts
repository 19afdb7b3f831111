import DataLoader from "dataloader";
import type { Page } from "./keyset.js";
import type { Tx } from "../transactions/database.js";

/** Runs the one statement of a batch, in a transaction with the request's viewer. */
export type Reader = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type Key = string | number;

/** Loads values by key. `loadMany` returns the values in the order of the keys. */
export type Loader<K extends Key, V> = Pick<DataLoader<K, V>, "load" | "loadMany">;

/**
 * Loads rows with one statement per batch. A missing row is null. The loader keeps nothing between
 * batches. So the number of statements depends on the shape of a query, never on rows that were
 * loaded before.
 */
export function loaderByKey<K extends Key, V extends object>(
  read: Reader,
  load: (tx: Tx, keys: readonly K[]) => Promise<readonly V[]>,
  keyOf: (row: V) => K,
): Loader<K, V | null> {
  return batched<K, V | null>(async (keys) => {
    const rows = await read((tx) => load(tx, keys));
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    return (key) => byKey.get(key) ?? null;
  });
}

/** Loads a page of rows for each parent key. The store limits the rows of each parent in SQL. */
export function pageLoader<K extends Key, V>(
  read: Reader,
  load: (tx: Tx, keys: readonly K[]) => Promise<ReadonlyMap<K, Page<V>>>,
): Loader<K, Page<V>> {
  return batched<K, Page<V>>(async (keys) => {
    const pages = await read((tx) => load(tx, keys));
    return (key) => pages.get(key) ?? EMPTY_PAGE;
  });
}

/**
 * Loads values that need several reads or much work, all values of a batch at once. So what follows the batch is
 * one batch again. A missing value is null.
 */
export const batchLoader = <K extends Key, V>(
  load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): Loader<K, V | null> =>
  batched<K, V | null>(async (keys) => {
    const found = await load(keys);
    return (key) => found.get(key) ?? null;
  });

/** Loads a count for each parent key. Resolvers call it only if the query selects totalCount. */
export function countLoader<K extends Key>(
  read: Reader,
  load: (tx: Tx, keys: readonly K[]) => Promise<ReadonlyMap<K, number>>,
): Loader<K, number> {
  return batched<K, number>(async (keys) => {
    const counts = await read((tx) => load(tx, keys));
    return (key) => counts.get(key) ?? 0;
  });
}

/**
 * Loads a list that has no parent, or the count of such a list. Calls of one batch with the same
 * arguments share one statement.
 */
export function listLoader<A extends object, V>(
  read: Reader,
  load: (tx: Tx, args: A) => Promise<V>,
): (args: A) => Promise<V> {
  const loaders = byArguments((args: A) =>
    batched<string, V>(async () => {
      const answer = await read((tx) => load(tx, args));
      return () => answer;
    }),
  );
  return (args) => loaders(args).load("list");
}

/**
 * Keeps one loader for each set of arguments. Two aliases with different arguments are two loads. Each caller
 * must write the names of its arguments in one order, because the JSON of equal arguments must be equal.
 */
export function byArguments<A extends object, L>(make: (args: A) => L): (args: A) => L {
  const made = new Map<string, L>();
  return (args) => {
    const name = JSON.stringify(args);
    const known = made.get(name);
    if (known) return known;
    const loader = make(args);
    made.set(name, loader);
    return loader;
  };
}

export const EMPTY_PAGE: Page<never> = {
  nodes: [],
  hasNextPage: false,
  hasPreviousPage: false,
  placeAt: () => {
    throw new RangeError("An empty page has no places.");
  },
};

// The cache is off: a later batch reads a key again. One batch reads each key once.
function batched<K extends Key, V>(
  answer: (keys: readonly K[]) => Promise<(key: K) => V>,
): DataLoader<K, V> {
  return new DataLoader<K, V>(
    async (keys) => {
      const of = await answer([...new Set(keys)]);
      return keys.map(of);
    },
    { cache: false },
  );
}
