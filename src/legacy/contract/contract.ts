import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { StartupError } from "../../platform/errors.js";
import { SYNC_ROLE, quoted } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { whenLockIsFree } from "../sync/attach.js";
import { countOnOurOwn, uninstall } from "../sync/uninstall.js";
import { legacyWrites } from "../verify/verify.js";

/** Waits. Returns how many rows the old application has written meanwhile. */
export async function writesWithin(client: pg.Client, seconds: number): Promise<number> {
  const before = await legacyWrites(client);
  await pause(seconds * 1_000);
  return Number(await legacyWrites(client)) - Number(before);
}

/**
 * Drops the transition and the legacy tables, in one transaction: a process that is killed leaves everything as it
 * was. Nothing can be undone afterwards.
 * @throws StartupError if the old application has written since the verification
 */
export async function contract(client: pg.Client, legacy: LegacyDatabase): Promise<void> {
  const tables = legacy.tables.map((table) => `public.${table}`).join(", ");
  const owner = quoted(legacy.owner);
  await whenLockIsFree(client, tables, async () => {
    await client.query(`SET LOCAL ROLE ${owner}`);
    await client.query(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
    await client.query("RESET ROLE");
    await refuseLateWrites(client);
    await countOnOurOwn(client, legacy);
    await uninstall(client, legacy);
    await client.query(`SET LOCAL ROLE ${owner}`);
    // Not CASCADE: an object that nobody has listed stops the drop.
    await client.query(`DROP TABLE ${tables}`);
  });
}

async function refuseLateWrites(client: pg.Client): Promise<void> {
  await client.query(`SET LOCAL ROLE ${SYNC_ROLE}`);
  const { rows } = await client.query<{ isLate: boolean }>(
    `SELECT s.verified_writes IS DISTINCT FROM CASE WHEN w.is_called THEN w.last_value ELSE 0 END AS "isLate"
     FROM legacy_sync.settings s, legacy_sync.legacy_writes w`,
  );
  await client.query("RESET ROLE");
  if (rows[0]?.isLate) {
    throw new StartupError(
      "The old application has written since the verification; stop it, then run `npm run migrate -- verify` again.",
    );
  }
}
