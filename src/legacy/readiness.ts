import type pg from "pg";
import type { Database } from "../platform/database/transactions/database.js";
import { StartupError } from "../platform/errors.js";
import type { Obstacle, ReadinessCheck } from "../platform/process/readiness.js";
import { findLegacyDatabase } from "./legacy-database.js";
import { isInstalled } from "./sync/install.js";

const obstacle = (message: string): Obstacle => ({ status: "migrating", message });

/** The obstacle of each answer of `legacy_sync.phase`. */
const OBSTACLES: Readonly<Record<string, Obstacle>> = {
  backfilling: obstacle(
    "The data is being migrated. An operator completes the copy with `npm run migrate -- backfill`; `npm run migrate -- status` says how far it is.",
  ),
  detached: obstacle(
    "The data does not follow the old application, because the migration was rolled back. An operator goes on with `npm run migrate -- expand`.",
  ),
};

async function applies(client: pg.ClientBase): Promise<boolean> {
  if (!(await findLegacyDatabase(client))) return false;
  if (await isInstalled(client)) return true;
  throw new StartupError(
    [
      "This database belongs to the old application. Nothing was changed.",
      "Look what a migration does:  npm run migrate -- plan",
      "Then begin the migration:    npm run migrate -- expand",
    ].join("\n"),
  );
}

const obstacleIn = (database: Database): Promise<Obstacle | null> =>
  database.read({ viewer: null }, async (tx) => {
    // Contract drops the function while servers run.
    const [found] = await tx.query<{ exists: boolean }[]>(
      "SELECT to_regprocedure('legacy_sync.phase()') IS NOT NULL AS exists",
    );
    if (!found?.exists) return null;
    const [row] = await tx.query<{ phase: string }[]>("SELECT legacy_sync.phase() AS phase");
    return OBSTACLES[row?.phase ?? ""] ?? null;
  });

/** Serves a legacy database only while its rows are copied and kept in step. */
export const legacyReadiness: ReadinessCheck = { applies, obstacleIn };
