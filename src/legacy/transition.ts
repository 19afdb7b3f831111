import type pg from "pg";
import { StartupError } from "../platform/errors.js";
import { SYNC_ROLE, inTransactionAs } from "./connection.js";
import { type LegacyDatabase, findLegacyDatabase } from "./legacy-database.js";
import { missingAttachments } from "./sync/attach.js";
import { isInstalled } from "./sync/install.js";

/** How far the transition of a database is. */
export const Phase = {
  NotLegacy: "no legacy database",
  NotExpanded: "not expanded",
  Detached: "detached",
  Backfilling: "backfilling",
  Backfilled: "backfilled",
  Verified: "verified",
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** The row of `legacy_sync.settings`. Times are in UTC. */
export interface TransitionSettings {
  readonly timeZone: string;
  readonly isPaused: boolean;
  readonly expandedAt: string;
  readonly detachedAt: string | null;
  readonly backfilledAt: string | null;
  readonly verifiedAt: string | null;
}

/** The transition of a database. `settings` is null before expand. */
export interface Transition {
  readonly phase: Phase;
  readonly legacy: LegacyDatabase | null;
  readonly settings: TransitionSettings | null;
  /** The triggers that are not attached. */
  readonly missingTriggers: readonly string[];
}

export async function readTransition(client: pg.Client): Promise<Transition> {
  const legacy = await findLegacyDatabase(client);
  const settings = (await isInstalled(client)) ? await readSettings(client) : null;
  const missing = settings && legacy ? await missingAttachments(client, legacy) : [];
  const missingTriggers = missing.map(({ trigger }) => trigger);
  return { legacy, settings, missingTriggers, phase: phaseOf(legacy, settings, missingTriggers) };
}

function phaseOf(
  legacy: LegacyDatabase | null,
  settings: TransitionSettings | null,
  missingTriggers: readonly string[],
): Phase {
  if (!legacy) return Phase.NotLegacy;
  if (!settings) return Phase.NotExpanded;
  if (settings.detachedAt !== null || missingTriggers.length > 0) return Phase.Detached;
  if (settings.backfilledAt === null) return Phase.Backfilling;
  return settings.verifiedAt === null ? Phase.Backfilled : Phase.Verified;
}

const readSettings = (client: pg.Client): Promise<TransitionSettings | null> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows } = await client.query<TransitionSettings>(
      `SELECT s.time_zone AS "timeZone", s.is_paused AS "isPaused", s.expanded_at::text AS "expandedAt",
         s.detached_at::text AS "detachedAt", s.backfilled_at::text AS "backfilledAt",
         s.verified_at::text AS "verifiedAt"
       FROM legacy_sync.settings s`,
    );
    return rows[0] ?? null;
  });

/** @throws StartupError if the database has no legacy tables */
export async function requireLegacyDatabase(client: pg.Client): Promise<LegacyDatabase> {
  const legacy = await findLegacyDatabase(client);
  if (legacy) return legacy;
  throw new StartupError(
    "This is no legacy database: the schema public has no tables users, stories and story_narrations. Check DATABASE_URL and MIGRATION_DATABASE_URL.",
  );
}

export interface Attached {
  readonly legacy: LegacyDatabase;
  readonly settings: TransitionSettings;
}

/** @throws StartupError unless the triggers keep both models in step */
export async function requireAttached(client: pg.Client): Promise<Attached> {
  const legacy = await requireLegacyDatabase(client);
  const { settings, phase } = await readTransition(client);
  if (!settings) {
    throw new StartupError(
      "The database is not expanded yet; run `npm run migrate -- expand` first.",
    );
  }
  if (phase === Phase.Detached) {
    throw new StartupError(
      "The triggers are not attached, so changes of the old application would be lost; run `npm run migrate -- expand` first.",
    );
  }
  return { legacy, settings };
}
