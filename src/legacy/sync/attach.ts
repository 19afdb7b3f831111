import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { StartupError } from "../../platform/errors.js";
import { SYNC_ROLE, inTransaction, inTransactionAs, quoted } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { actorsOf } from "./install.js";
import { type Attachment, readParts } from "./parts.js";

const LOCK_TIMEOUT_MS = 300;
const MOST_TRIES = 40;
const LONGEST_PAUSE_MS = 1_500;

interface AttachedTrigger {
  readonly trigger: string;
  /** `schema.table` */
  readonly table: string;
}

/** Reads the triggers of the transition that are attached now. */
export async function attachedTriggers(client: pg.Client): Promise<AttachedTrigger[]> {
  const { rows } = await client.query<AttachedTrigger>(
    `SELECT g.tgname AS trigger, t.nspname || '.' || c.relname AS "table"
     FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace t ON t.oid = c.relnamespace
     JOIN pg_proc f ON f.oid = g.tgfoid JOIN pg_namespace n ON n.oid = f.pronamespace
     WHERE n.nspname = 'legacy_sync' AND NOT g.tgisinternal ORDER BY c.oid, g.tgname`,
  );
  return rows;
}

/** Returns the triggers that are not attached, although their tables exist. */
export async function missingAttachments(
  client: pg.Client,
  { tables: names }: Pick<LegacyDatabase, "tables">,
): Promise<Attachment[]> {
  const present = new Set((await attachedTriggers(client)).map(({ trigger }) => trigger));
  const tables: ReadonlySet<string> = new Set(names.map((name) => `public.${name}`));
  return readParts().attachments.filter(
    ({ trigger, table }) =>
      !present.has(trigger) && (tables.has(table) || !table.startsWith("public.")),
  );
}

/** Attaches the triggers that are missing. Every trigger has a transaction of its own, which waits shortly. */
export async function attach(client: pg.Client, legacy: LegacyDatabase): Promise<void> {
  const actors = actorsOf(legacy);
  for (const attachment of await missingAttachments(client, legacy)) {
    const owner = quoted(actors[attachment.actor]);
    const right = `EXECUTE ON FUNCTION ${functionOf(attachment)}() `;
    await whenLockIsFree(client, attachment.table, async () => {
      // Only who creates a trigger needs the right to its function, so the right is taken back at once.
      await client.query(`SET LOCAL ROLE ${SYNC_ROLE}; GRANT ${right} TO ${owner}`);
      await client.query(`SET LOCAL ROLE ${owner}`);
      await client.query(attachment.sql);
      await client.query(`SET LOCAL ROLE ${SYNC_ROLE}; REVOKE ${right} FROM ${owner}`);
    });
  }
  await inTransactionAs(client, SYNC_ROLE, () =>
    client.query(
      "SELECT legacy_sync.note_slugs() FROM legacy_sync.settings s WHERE s.detached_at IS NOT NULL",
    ),
  );
  await client.query(
    `UPDATE legacy_sync.settings SET detached_at = NULL,
       alone = alone + tstzmultirange(tstzrange(detached_at, now())) WHERE detached_at IS NOT NULL`,
  );
}

const functionOf = ({ sql }: Attachment): string =>
  /EXECUTE FUNCTION ([a-z_.]+)/.exec(sql)?.[1] ?? "";

/** Detaches all triggers. From then on, the two models go their own ways. */
export async function detach(client: pg.Client, legacy: LegacyDatabase): Promise<void> {
  // First, so that a row of ours that no trigger sees is known to be made alone.
  await client.query("UPDATE legacy_sync.settings SET detached_at = coalesce(detached_at, now())");
  const actors = actorsOf(legacy);
  for (const { trigger, table } of await attachedTriggers(client)) {
    const actor: Attachment["actor"] = table.startsWith("public.") ? "legacy" : "owner";
    await whenLockIsFree(client, table, async () => {
      await client.query(`SET LOCAL ROLE ${quoted(actors[actor])}`);
      await client.query(`DROP TRIGGER ${quoted(trigger)} ON ${table}`);
    });
  }
}

/**
 * Runs a statement that locks a live table. Waits only shortly for the lock, because later statements of the
 * application wait behind it, and tries again after a random pause.
 */
export async function whenLockIsFree(
  client: pg.Client,
  table: string,
  work: () => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await inTransaction(client, async () => {
        await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
        await work();
      });
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
      if (tries >= MOST_TRIES) throw lockedTooLong(table, error);
      const longest = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(tries, 5));
      await pause(randomInt(longest / 2, longest));
    }
  }
}

const lockedTooLong = (table: string, cause: unknown): StartupError =>
  new StartupError(
    `The table ${table} stayed locked by other transactions; end the old transactions that pg_stat_activity lists, then run the command again.`,
    { cause },
  );
