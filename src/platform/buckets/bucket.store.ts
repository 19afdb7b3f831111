import { createHash } from "node:crypto";
import type { Database, Tx } from "../database/transactions/database.js";
import type { BucketSize, BucketStore } from "./token-buckets.js";

const keyOf = (name: string): string => createHash("sha256").update(name).digest("base64url");

const bucketStore = {
  /** Refills each bucket for the time since its last settlement, then subtracts the amount spent. */
  settle: (
    tx: Tx,
    spent: ReadonlyMap<string, number>,
    { capacity, perSecond }: BucketSize,
  ): Promise<{ key: string; level: number }[]> =>
    tx.query<{ key: string; level: number }[]>(
      // ORDER BY key: two processes lock rows in the same order, so they cannot deadlock. The level
      // is never below minus the capacity, so a caller waits for a limited time.
      `INSERT INTO platform.cost_buckets AS b (key, level, settled_at)
       SELECT s.key, greatest(-$3::float8, $3 - s.spent), clock_timestamp()
       FROM unnest($1::text[], $2::float8[]) AS s (key, spent) ORDER BY s.key
       ON CONFLICT (key) DO UPDATE SET settled_at = clock_timestamp(),
         level = greatest(-$3::float8, EXCLUDED.level - $3 + least($3,
           b.level + $4::float8 * greatest(0, extract(epoch FROM clock_timestamp() - b.settled_at)::float8)))
       RETURNING key, level`,
      [[...spent.keys()], [...spent.values()], capacity, perSecond],
    ),

  /** Deletes full buckets. */
  forgetFull: async (tx: Tx, { capacity, perSecond }: BucketSize): Promise<void> => {
    await tx.query(
      `DELETE FROM platform.cost_buckets
       WHERE settled_at < clock_timestamp() - make_interval(secs => ($1::float8 - level) / $2::float8)`,
      [capacity, perSecond],
    );
  },
};

/** Full buckets are deleted at every 60th settlement. */
const FORGET_EVERY = 60;

/** Buckets shared by all processes on this database. */
export function sharedBuckets(database: Database): BucketStore {
  let settled = 0;
  return {
    settle: async (spent, size) => {
      const names = new Map([...spent.keys()].map((name) => [keyOf(name), name]));
      const byKey = new Map([...spent].map(([name, amount]) => [keyOf(name), amount]));
      const rows = await database.write(null, async (tx) => {
        if (settled % FORGET_EVERY === 0) await bucketStore.forgetFull(tx, size);
        return bucketStore.settle(tx, byKey, size);
      });
      settled += 1;
      return new Map(rows.map(({ key, level }) => [names.get(key) ?? key, level]));
    },
  };
}
