import type pg from "pg";
import { retryRefused } from "../backfill/retry-refused.js";
import { SYNC_ROLE, inTransaction, inTransactionAs } from "../connection.js";
import { PAIRS, type Pair } from "../pairs.js";
import {
  type Compared,
  type ComparedPage,
  type Difference,
  type PageRange,
  comparePage,
  compareRows,
  findExtra,
} from "./compare.js";
import { type ShadowReads, type ShadowReport, readShadows } from "./shadow/shadow-reads.js";
import { compareTexts, measureAgain } from "./texts.js";

/** What the verification of one pair found. Each legacy row is the same, quarantined, merged, kept, or wrong. */
export interface PairReport {
  readonly pair: string;
  /** Rows of the legacy table. */
  readonly rows: number;
  readonly same: number;
  readonly quarantined: number;
  readonly merged: number;
  /** Rows that are deleted here and that the old application keeps. */
  readonly kept: number;
  /** Rows that are missing or different. */
  readonly wrong: number;
  /** Rows of ours that should have a legacy row and have none. */
  readonly extra: number;
  /** Rows of ours that were made of a part of a legacy row. */
  readonly derived: number;
  /** Rows that were wrong or extra before they were mapped again. */
  readonly repaired: number;
  readonly examples: readonly Difference[];
}

export interface VerificationReport {
  readonly isEqual: boolean;
  readonly pairs: readonly PairReport[];
  /** What the API answered for a sample. Empty if the API was not asked. */
  readonly shadowReads: readonly ShadowReport[];
}

export interface VerificationOptions {
  /** Maps rows that differ again, and compares them again. */
  readonly repair?: boolean;
  readonly pageSize?: number;
  readonly onProgress?: (progress: VerificationProgress) => void;
  /** Reads a sample through the API. Absent: reads nothing. */
  readonly shadowReads?: ShadowReads | undefined;
}

export interface VerificationProgress {
  readonly pair: string;
  /** Rows that are compared. */
  readonly rows: number;
  readonly isDone: boolean;
}

const PAGE_SIZE = 5_000;
const MOST_EXAMPLES = 5;

/**
 * Compares every legacy row with its row of ours, in pages. Then reads a sample through the API. Nothing is
 * locked, so both applications may write meanwhile. Remembers the verification if nothing differs.
 */
export async function verify(
  client: pg.Client,
  options: VerificationOptions = {},
): Promise<VerificationReport> {
  // Read first, because a later write of the old application makes this verification too old.
  const writes = await legacyWrites(client);
  if (options.repair) await retryRefused(client, PAIRS, () => false);
  const pairs: PairReport[] = [];
  for (const pair of PAIRS) pairs.push(await verifyPair(client, pair, options));
  pairs.push(await verifyTexts(client, options));
  const shadowReads = options.shadowReads ? await readShadows(client, options.shadowReads) : [];
  const isEqual =
    pairs.every(({ wrong, extra }) => wrong + extra === 0) &&
    shadowReads.every(({ differences }) => differences.length === 0);
  await asSync(client, () =>
    client.query(
      `UPDATE legacy_sync.settings SET verified_at = CASE WHEN $1 THEN now() END,
         verified_writes = CASE WHEN $1 THEN $2::bigint END`,
      [isEqual, writes],
    ),
  );
  return { isEqual, pairs, shadowReads };
}

/** Returns how many rows the old application has written since `expand`. */
export const legacyWrites = (client: pg.Client): Promise<string> =>
  asSync(client, async () => {
    const { rows } = await client.query<{ writes: string }>(
      "SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END AS writes FROM legacy_sync.legacy_writes s",
    );
    return rows[0]?.writes ?? "0";
  });

async function verifyPair(
  client: pg.Client,
  pair: Pair,
  options: VerificationOptions,
): Promise<PairReport> {
  const total = {
    rows: 0,
    same: 0,
    quarantined: 0,
    merged: 0,
    kept: 0,
    wrong: 0,
    extra: 0,
    repaired: 0,
  };
  const examples: Difference[] = [];
  const note = (differences: readonly Difference[]) =>
    examples.push(...differences.slice(0, MOST_EXAMPLES - examples.length));
  for await (const page of comparedPages(client, pair, options)) {
    for (const name of ["rows", "same", "quarantined", "merged", "kept", "repaired"] as const) {
      total[name] += page[name];
    }
    total.wrong += page.differences.length;
    note(page.differences);
    options.onProgress?.({ pair: pair.name, rows: total.rows, isDone: false });
  }
  options.onProgress?.({ pair: pair.name, rows: total.rows, isDone: true });
  const { extra, repaired } = await extraRows(client, pair, options);
  note(extra.map((key) => ({ key, kind: "extra", columns: {} })));
  return {
    ...total,
    ...{ pair: pair.name, extra: extra.length, repaired: total.repaired + repaired },
    ...{ derived: await derivedRows(client, pair), examples },
  };
}

async function verifyTexts(
  client: pg.Client,
  { repair = false }: VerificationOptions,
): Promise<PairReport> {
  const found = await compareTexts(client);
  const wrong = found.differences.map(({ key }) => key);
  if (repair && wrong.length > 0) await measureAgain(client, wrong);
  const { rows, differences } = repair && wrong.length > 0 ? await compareTexts(client) : found;
  return {
    ...{ pair: "texts", rows, same: rows - differences.length, quarantined: 0, merged: 0, kept: 0 },
    ...{ wrong: differences.length, extra: 0, derived: 0 },
    ...{ repaired: wrong.length - differences.length },
    examples: differences.slice(0, MOST_EXAMPLES),
  };
}

interface Settled extends Compared {
  readonly repaired: number;
}

async function* comparedPages(
  client: pg.Client,
  pair: Pair,
  { pageSize: size = PAGE_SIZE, repair = false }: VerificationOptions,
): AsyncGenerator<Settled> {
  let after: string | null = null;
  do {
    const range: PageRange<string> = { after, size };
    const page: ComparedPage = await atOneMoment(client, () => comparePage(client, pair, range));
    yield await settle(client, { pair, page, repair });
    after = page.last;
  } while (after !== null);
}

interface Unsettled {
  readonly pair: Pair;
  readonly page: Compared;
  readonly repair: boolean;
}

/** Reads the rows that differ again, so that a row which changed meanwhile does not count. */
async function settle(client: pg.Client, { pair, page, repair }: Unsettled): Promise<Settled> {
  const keys = page.differences.map(({ key }) => key);
  if (keys.length === 0) return { ...page, repaired: 0 };
  const again = () => atOneMoment(client, () => compareRows(client, pair, keys));
  const before = await again();
  const wrong = before.differences.map(({ key }) => key);
  if (repair) await repairRows(client, pair, wrong);
  const after = repair && wrong.length > 0 ? await again() : before;
  return {
    rows: page.rows - keys.length + after.rows,
    same: page.same + after.same,
    quarantined: page.quarantined + after.quarantined,
    merged: page.merged + after.merged,
    kept: page.kept + after.kept,
    differences: after.differences,
    repaired: wrong.length - after.differences.length,
  };
}

async function extraRows(
  client: pg.Client,
  pair: Pair,
  options: VerificationOptions,
): Promise<{ readonly extra: readonly string[]; readonly repaired: number }> {
  const found = await findAllExtra(client, pair, options);
  if (!options.repair || found.length === 0) return { extra: found, repaired: 0 };
  await repairRows(client, pair, found);
  const extra = await findAllExtra(client, pair, options);
  return { extra, repaired: found.length - extra.length };
}

async function findAllExtra(
  client: pg.Client,
  pair: Pair,
  { pageSize: size = PAGE_SIZE }: VerificationOptions,
): Promise<string[]> {
  const extra: string[] = [];
  let after: unknown = null;
  do {
    const range: PageRange<unknown> = { after, size };
    const page = await atOneMoment(client, () => findExtra(client, pair, range));
    extra.push(...page.extra);
    after = page.place;
  } while (after !== null);
  return extra;
}

/** Each row has a transaction of its own, so that one row which cannot be mapped stops no other row. */
async function repairRows(
  client: pg.Client,
  { name }: Pair,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    await asSync(client, () => client.query(`SELECT legacy_sync.repair_${name}($1)`, [key]));
  }
}

const derivedRows = (client: pg.Client, { table }: Pair): Promise<number> =>
  asSync(client, async () => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM legacy_sync.id_map i
       WHERE i.source_table = $1 AND i.kind = 'derived'`,
      [table],
    );
    return rows[0]?.count ?? 0;
  });

const asSync = <T>(client: pg.Client, work: () => Promise<T>): Promise<T> =>
  inTransactionAs(client, SYNC_ROLE, work);

/** Runs statements that read. All of them see the database as it is at one moment. */
const atOneMoment = <T>(client: pg.Client, work: () => Promise<T>): Promise<T> =>
  inTransaction(client, async () => {
    await client.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // A page reads few rows. The planner does not know that, and would read whole tables.
    await client.query("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
    await client.query(`SET LOCAL ROLE ${SYNC_ROLE}`);
    return work();
  });
