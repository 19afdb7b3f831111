import type pg from "pg";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { findOwnObjects } from "../own-objects.js";
import { rowsText, timesText } from "../row-counts.js";
import { countSounds } from "../sound/sounds-to-move.js";
import { readTransition } from "../transition.js";
import { countUnusedSounds } from "./unused-sounds.js";

/** Something that stands in the way of contract, and what to do about that. */
export interface Obstacle {
  readonly what: string;
  readonly todo: string;
}

/** Lists everything that stands in the way of contract. Empty: nothing of the legacy database would be lost. */
export async function findObstacles(
  client: pg.Client,
  legacy: LegacyDatabase,
  { isExported }: { readonly isExported: boolean },
): Promise<Obstacle[]> {
  return [
    ...(await verificationObstacles(client)),
    ...(await leftBehind(client, isExported)),
    ...(await sessionObstacles(client, legacy)),
    ...(await findOwnObjects(client)).map(({ kind, name }) => ({
      what: `The database has a ${kind} of its own: ${name}.`,
      todo: "Move or drop it.",
    })),
  ];
}

interface State {
  readonly isVerified: boolean;
  readonly writesSince: number;
  readonly quarantined: number;
  readonly kept: number;
  readonly unmeasured: number;
}

const readState = (client: pg.Client): Promise<State | undefined> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<State>(
      `SELECT s.verified_at IS NOT NULL AS "isVerified",
         (CASE WHEN w.is_called THEN w.last_value ELSE 0 END - coalesce(s.verified_writes, 0))::float8 AS "writesSince",
         (SELECT count(*)::int FROM legacy_sync.quarantine) AS quarantined,
         (SELECT count(*)::int FROM legacy_sync.texts_to_measure) AS unmeasured
       FROM legacy_sync.settings s, legacy_sync.legacy_writes w`,
    );
    return rows[0];
  });

async function verificationObstacles(client: pg.Client): Promise<Obstacle[]> {
  const { missingTriggers, settings } = await readTransition(client);
  const state = await readState(client);
  const verify = "Run: npm run migrate -- verify";
  if (missingTriggers.length > 0 || settings?.detachedAt) {
    return [{ what: "The triggers are not attached.", todo: "Run: npm run migrate -- expand" }];
  }
  if (!settings?.backfilledAt) {
    return [{ what: "The backfill is not complete.", todo: "Run: npm run migrate -- backfill" }];
  }
  if (!state?.isVerified) {
    return [{ what: "No verification has found both models equal.", todo: verify }];
  }
  if (state.writesSince > 0) {
    return [
      {
        what: `The old application has written ${timesText(state.writesSince)} since the verification.`,
        todo: `Stop the old application. ${verify}`,
      },
    ];
  }
  if (state.unmeasured > 0) {
    return [{ what: `${state.unmeasured} texts are not measured.`, todo: verify }];
  }
  return [];
}

/** Rows and sound that only the legacy tables hold. */
async function leftBehind(client: pg.Client, isExported: boolean): Promise<Obstacle[]> {
  const state = await readState(client);
  const obstacles: Obstacle[] = [];
  if (state && state.quarantined > 0 && !isExported) {
    obstacles.push({
      what: `The quarantine has ${rowsText(state.quarantined)}.`,
      todo: "Decide about them with `npm run migrate -- quarantine`, or save them with --export DIR.",
    });
  }
  const { files, storedFiles } = await countSounds(client);
  if (storedFiles < files) {
    obstacles.push({
      what: `The sound of ${files - storedFiles} files is in audio_files only.`,
      todo: "Run: npm run migrate -- backfill --audio",
    });
  }
  const unused = await countUnusedSounds(client);
  if (unused > 0 && !isExported) {
    obstacles.push({
      what: `Nothing refers to ${unused} files of audio_files.`,
      todo: "Save them with --export DIR.",
    });
  }
  return obstacles;
}

/**
 * Sessions that have a legacy table locked, and idle sessions of logins that may use one: the owner, its members, and
 * logins with a right on a table. Our own sessions do not count. An idle session of a superuser cannot be told from
 * others, and is not seen.
 */
async function sessionObstacles(
  client: pg.Client,
  { owner, tables }: LegacyDatabase,
): Promise<Obstacle[]> {
  const { rows } = await client.query<{ pid: number; name: string }>(
    `SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'no name') AS name
     FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND (a.usename = $1
       OR (NOT r.rolsuper AND a.application_name !~ '^fabula($|[ -])' AND (pg_has_role(r.oid, $1, 'MEMBER') OR EXISTS (
         SELECT FROM unnest($2::text[]) t
         WHERE has_table_privilege(r.oid, format('public.%I', t), 'SELECT, INSERT, UPDATE, DELETE')))) OR EXISTS (
       SELECT FROM pg_locks k JOIN pg_class c ON c.oid = k.relation
       WHERE k.pid = a.pid AND k.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($2)))
     ORDER BY a.pid`,
    [owner, tables],
  );
  return rows.map(({ pid, name }) => ({
    what: `The session ${pid} (${name}) uses the legacy tables.`,
    todo: "Stop that application.",
  }));
}
