import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../../connection.js";
import type { Pair } from "../../pairs.js";
import { comparisonOf } from "../queries.js";

/** What the legacy row says that our row is, by the columns of the verification. Times are texts. */
export type Values = Readonly<Record<string, unknown>>;

/** A legacy row of the sample. */
export interface ExpectedRow {
  readonly key: string;
  /** The user whose row this is. null for a story without an author. */
  readonly ownerId: string | null;
  /** True if the owner is erased here, or deactivated. Such an owner cannot read. */
  readonly isOwnerErased: boolean;
  readonly isOwnerBarred: boolean;
  /** False if the row is not in the new model, for example because it is in quarantine. */
  readonly isHere: boolean;
  readonly values: Values;
  /** The segments of a narration, in their order. Empty for other rows. */
  readonly segments: readonly Values[];
}

/** The pairs that the API answers for, and the column of the legacy row that names its owner. */
export const OWNER_COLUMNS = {
  users: "id",
  stories: "author_id",
  narrations: "user_id",
} as const;
export type ReadPair = keyof typeof OWNER_COLUMNS;

/**
 * Returns the keys of some legacy rows, spread over all of them. The same seed gives the same rows. Rows that the API
 * cannot name are left out.
 */
export const sampleKeys = (
  client: pg.Client,
  { table }: Pair,
  { seed, size }: { readonly seed: string; readonly size: number },
): Promise<string[]> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<{ key: string }>(
      `SELECT legacy_sync.sample_of_${table}($1, $2) AS key`,
      [seed, size],
    );
    return rows.map(({ key }) => key).filter(isNamedByApi);
  });

/** The ids of the API have no sign, and nobody can sign in with a blank name. */
const isNamedByApi = (key: string): boolean => key.trim() !== "" && !/^-\d/.test(key);

interface Part {
  readonly key: string;
  readonly part: string;
  readonly ownerId: string | null;
  readonly isOwnerErased: boolean;
  readonly isOwnerBarred: boolean;
  readonly isHere: boolean;
  readonly expected: Values;
}

/** Returns what these legacy rows say. Keys without a legacy row are left out. */
export async function expectedRows(
  client: pg.Client,
  pair: Pair & { readonly name: ReadPair },
  keys: readonly string[],
): Promise<ReadonlyMap<string, ExpectedRow>> {
  const parts = await inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Part>(
      `WITH l AS MATERIALIZED (SELECT * FROM legacy_sync.rows_of_${pair.table}($1)), checked AS (${comparisonOf(pair)})
       SELECT c.key, c.part, o.owner AS "ownerId", u.erased_at IS NOT NULL AS "isOwnerErased",
         u.erased_at IS NOT NULL OR u.is_active IS FALSE AS "isOwnerBarred", c.is_there AS "isHere", to_jsonb(c.expected) AS expected
       FROM checked c JOIN (SELECT l.id::text AS key, l.${OWNER_COLUMNS[pair.name]}::text AS owner FROM l) o USING (key)
       LEFT JOIN platform.users u ON u.id = o.owner`,
      [keys],
    );
    return rows;
  });
  const found = new Map<string, ExpectedRow>();
  for (const { part, expected, ...about } of parts.filter(({ part }) => part === "")) {
    const segments = parts.filter((each) => each.key === about.key && each.part !== "");
    found.set(about.key, { ...about, values: expected, segments: inOrder(segments) });
  }
  return found;
}

const inOrder = (segments: readonly Part[]): Values[] =>
  [...segments].sort((one, other) => indexOf(one) - indexOf(other)).map(({ expected }) => expected);

/** The part of a segment is `segments[7].`. */
const indexOf = ({ part }: Part): number => Number(/\d+/.exec(part)?.[0]);

/** How many stories and narrations a user has in the new model. */
export interface Counts {
  readonly stories: number;
  readonly narrations: number;
}

/**
 * Counts from the legacy rows. Rows in quarantine, and rows that only the old application keeps, are not here. Rows
 * that only ours keeps, and narrations made of a story's narrator voice, are here alone.
 */
export const expectedCounts = (
  client: pg.Client,
  users: readonly string[],
): Promise<ReadonlyMap<string, Counts>> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<Counts & { id: string }>(COUNTS, [users]);
    return new Map(rows.map(({ id, ...counts }) => [id, counts]));
  });

const COUNTS = `
WITH keys AS MATERIALIZED (SELECT * FROM legacy_sync.keys_of_users($1)),
here AS (
  SELECT k.source_table, k.user_id FROM keys k
  WHERE NOT EXISTS (SELECT FROM legacy_sync.quarantine q WHERE q.source_table = k.source_table AND q.source_id = k.key)
    AND NOT EXISTS (SELECT FROM legacy_sync.kept x WHERE x.source_table = k.source_table AND x.source_id = k.key)
  UNION ALL
  SELECT x.source_table, s.original_author_id FROM legacy_sync.kept x
  JOIN reference.stories s ON s.id::text = x.source_id WHERE x.source_table = 'stories'
  UNION ALL
  SELECT x.source_table, n.user_id FROM legacy_sync.kept x
  JOIN instances.user_story_narrations n ON n.id::text = x.source_id WHERE x.source_table = 'story_narrations'
  UNION ALL
  SELECT 'story_narrations', n.user_id FROM legacy_sync.id_map i
  JOIN instances.user_story_narrations n ON n.id::text = i.target_id
  WHERE i.kind = 'derived' AND i.target_table = 'instances.user_story_narrations' AND n.user_id = ANY ($1)
    AND NOT EXISTS (SELECT FROM keys k WHERE k.source_table = 'story_narrations' AND k.key = i.target_id))
SELECT u.id, (SELECT count(*)::int FROM here h WHERE h.user_id = u.id AND h.source_table = 'stories') AS stories,
  (SELECT count(*)::int FROM here h WHERE h.user_id = u.id AND h.source_table = 'story_narrations') AS narrations
FROM unnest($1::text[]) u (id)`;
