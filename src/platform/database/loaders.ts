import DataLoader from "dataloader";
import { sortedJson } from "../sorted-json.js";
import type { Page } from "./keyset.js";
import type { Tx } from "./database.js";

/** Runs a batch's one statement in a transaction scoped to the viewer of the request. */
export type Reader = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type Key = string | number;

/** Answers by key, in key order; null for a missing row. */
export type Loader<K extends Key, V> = Pick<DataLoader<K, V>, "load" | "loadMany">;

/**
 * One statement a batch. Nothing is remembered between batches, so the number of statements
 * depends on the shape of a query and never on which rows it met before.
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

/** A page of rows for each parent key; the store limits each parent in SQL. */
export function pageLoader<K extends Key, V>(
  read: Reader,
  load: (tx: Tx, keys: readonly K[]) => Promise<ReadonlyMap<K, Page<V>>>,
): Loader<K, Page<V>> {
  return batched<K, Page<V>>(async (keys) => {
    const pages = await read((tx) => load(tx, keys));
    return (key) => pages.get(key) ?? EMPTY_PAGE;
  });
}

/** A count for each parent key; only asked where totalCount is selected. */
export function countLoader<K extends Key>(
  read: Reader,
  load: (tx: Tx, keys: readonly K[]) => Promise<ReadonlyMap<K, number>>,
): Loader<K, number> {
  return batched<K, number>(async (keys) => {
    const counts = await read((tx) => load(tx, keys));
    return (key) => counts.get(key) ?? 0;
  });
}

/** A list without a parent, or its count: those asked with the same arguments at once are one statement. */
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

/** One loader for each canonical set of arguments: two aliases with other arguments are two loads. */
export function byArguments<A extends object, L>(make: (args: A) => L): (args: A) => L {
  const made = new Map<string, L>();
  return (args) => {
    const name = sortedJson(args);
    const known = made.get(name);
    if (known) return known;
    const loader = make(args);
    made.set(name, loader);
    return loader;
  };
}

export const EMPTY_PAGE: Page<never> = { items: [], hasNextPage: false, hasPreviousPage: false };

// The cache stays off, so a key met again in a later batch is read again; within one batch it is asked once.
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
