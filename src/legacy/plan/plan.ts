import type pg from "pg";
import { quoted } from "../connection.js";
import { findMissingParts } from "../legacy-columns.js";
import { type LegacyDatabase, findLegacyDatabase } from "../legacy-database.js";
import { type OldTransaction, oldTransactions } from "../old-transactions.js";
import { type OwnObject, findOwnObjects } from "../own-objects.js";
import { isInstalled } from "../sync/install.js";
import { findBystanders } from "./bystanders.js";
import { type FoundOddity, countOddities } from "./count-oddities.js";
import { type Estimate, type TableSize, estimateBackfill, readSegmentAverage } from "./estimate.js";
import { type Rights, readRights } from "./rights.js";
import { type SoundPlan, planSounds } from "./sounds.js";

export interface Plan {
  readonly owner: string;
  readonly isExpanded: boolean;
  readonly tables: readonly TableSize[];
  /** Tables and columns that this database lacks. `expand` refuses until they exist. */
  readonly missingParts: readonly string[];
  /** null if the login may not read the legacy tables. */
  readonly oddities: readonly FoundOddity[] | null;
  /** What contract would lose. */
  readonly ownObjects: readonly OwnObject[];
  /** The other tables and functions of the schema public. */
  readonly bystanders: readonly string[];
  readonly rights: Rights;
  readonly backfill: Estimate;
  /** null if the login may not read the legacy tables, or if there is no table audio_files. */
  readonly sounds: SoundPlan | null;
  readonly oldTransactions: readonly OldTransaction[];
}

/** Looks at a database in one transaction that changes nothing. Returns null if it is no legacy database. */
export async function makePlan(client: pg.Client): Promise<Plan | null> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const legacy = await findLegacyDatabase(client);
    if (!legacy) return null;
    const rights = await readRights(client, legacy.owner);
    const facts = {
      owner: legacy.owner,
      isExpanded: await isInstalled(client),
      missingParts: await findMissingParts(client),
      ownObjects: await findOwnObjects(client),
      bystanders: await findBystanders(client),
      oldTransactions: await oldTransactions(client),
    };
    if (rights.actsAsOwner) await client.query(`SET LOCAL ROLE ${quoted(legacy.owner)}`);
    const tables = await readSizes(client, legacy, rights.actsAsOwner);
    const segments = rights.actsAsOwner ? await readSegmentAverage(client) : undefined;
    const hasSounds = rights.actsAsOwner && legacy.tables.includes("audio_files");
    const backfill = await estimateBackfill(client, tables, segments);
    return {
      ...{ ...facts, rights, tables, backfill },
      oddities: rights.actsAsOwner ? await countOddities(client, legacy.tables) : null,
      sounds: hasSounds ? await planSounds(client, backfill.slowness) : null,
    };
  } finally {
    await client.query("ROLLBACK");
  }
}

async function readSizes(
  client: pg.Client,
  { tables }: LegacyDatabase,
  mayCount: boolean,
): Promise<TableSize[]> {
  const sizes = tables.map(
    (table) =>
      `SELECT '${table}' AS "table", pg_total_relation_size(c.oid)::float8 AS bytes,
         ${mayCount ? `(SELECT count(*) FROM public.${table})` : "CASE WHEN c.reltuples >= 0 THEN c.reltuples END"}::float8 AS rows
       FROM pg_class c WHERE c.oid = 'public.${table}'::regclass`,
  );
  const { rows } = await client.query<TableSize>(sizes.join(" UNION ALL "));
  return rows;
}
