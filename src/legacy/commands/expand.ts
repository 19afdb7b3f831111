import type pg from "pg";
import { readWords } from "../../platform/command-line/read-words.js";
import { StartupError } from "../../platform/errors.js";
import { readCheckpoints, restartCheckpoints } from "../backfill/checkpoints.js";
import { Role } from "../../platform/database/connection/settings.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import { ADD_MISSING_PARTS, findMissingParts } from "../legacy-columns.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { describeTransaction, oldTransactions } from "../old-transactions.js";
import { readRights } from "../plan/rights.js";
import { asOnlyRunner } from "../runner-lock.js";
import { attach, attachedTriggers } from "../sync/attach.js";
import { install } from "../sync/install.js";
import { type Transition, readTransition, requireLegacyDatabase } from "../transition.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";

const DEFAULT_ZONE = "UTC";

const LINE = declareMigration("expand", {
  summary: "creates our schemas beside the legacy tables, and keeps both in step",
  options: {
    "legacy-time-zone": {
      value: "ZONE",
      about: "the zone of the legacy timestamps, for example Europe/Berlin; default UTC",
    },
  },
  notes: [
    "The legacy tables get triggers and change in no other way. The old application goes on.",
    "After a rollback, this command attaches the triggers again.",
  ],
  examples: ["npm run migrate -- expand --legacy-time-zone Europe/Berlin"],
});

export const expandCommand: Command = {
  line: LINE,
  read: (words) => {
    const { values } = readWords(LINE, words);
    return (context) =>
      asOnlyRunner(context.client, () => expand(context, values["legacy-time-zone"]));
  },
};

async function expand(context: CommandContext, zone: string | undefined): Promise<Report> {
  const { client, say } = context;
  const legacy = await requireLegacyDatabase(client);
  await requireAllParts(client);
  const timeZone = zone === undefined ? undefined : await knownZone(client, zone);
  for (const transaction of await oldTransactions(client)) {
    say(`Warning: ${describeTransaction(transaction)}. Expand may have to wait for it.`);
  }
  const before = await readTransition(client);
  refuseOtherZone(before, timeZone);
  if (!before.settings) await refuseMissingRights(client, legacy);
  say("Preparing our schemas");
  await context.prepare();
  if (!before.settings) {
    await refuseOwnUsers(client);
    say("Creating the schema legacy_sync");
    await install(client, { legacy, timeZone: timeZone ?? DEFAULT_ZONE });
  }
  const wasAttached = before.settings !== null && before.missingTriggers.length === 0;
  const mustRepeat = before.settings !== null && (await forgetBackfill(client, before));
  if (!wasAttached) say("Attaching the triggers");
  await attach(client, legacy);
  return reportOf(client, legacy, { happened: happenedTo(before), wasAttached, mustRepeat });
}

/** The functions of the transition take and return whole legacy rows. */
async function requireAllParts(client: pg.Client): Promise<void> {
  const parts = await findMissingParts(client);
  if (parts.length === 0) return;
  throw new StartupError(`This legacy database lacks: ${parts.join(", ")}. ${ADD_MISSING_PARTS}`);
}

/** Without this, a login that lacks a right would stop halfway, with some of our schemas made. */
async function refuseMissingRights(client: pg.Client, { owner }: LegacyDatabase): Promise<void> {
  const { login, missing } = await readRights(client, owner);
  if (missing.length === 0) return;
  throw new StartupError(
    [
      `The login ${login} lacks some rights. Nothing was changed. Run these once as a superuser, then run the command again:`,
      ...missing.map((statement) => `  ${statement}`),
    ].join("\n"),
  );
}

/** The ids of the legacy rows would meet the same ids of ours. */
async function refuseOwnUsers(client: pg.Client): Promise<void> {
  const { rows } = await inTransactionAs(client, Role.Owner, () =>
    client.query("SELECT FROM platform.users LIMIT 1"),
  );
  if (rows.length === 0) return;
  throw new StartupError(
    "Our schemas have users already, whose rows the legacy rows would overwrite. Migrate into a database in which no server of ours has worked.",
  );
}

async function knownZone(client: pg.Client, zone: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT z.name FROM pg_timezone_names z WHERE lower(z.name) = lower($1)",
    [zone],
  );
  const [known] = rows;
  if (known) return known.name;
  throw new StartupError(
    `PostgreSQL knows no time zone "${zone}"; use a name of pg_timezone_names, for example UTC or Europe/Berlin.`,
  );
}

function refuseOtherZone({ settings }: Transition, zone: string | undefined): void {
  if (!settings || zone === undefined || zone === settings.timeZone) return;
  throw new StartupError(
    `The legacy timestamps were already read in the zone ${settings.timeZone}. Leave --legacy-time-zone out; for another zone, run \`npm run migrate -- rollback --purge\` first.`,
  );
}

/**
 * While triggers were missing, the old application may have written rows that we do not have. So all rows must be
 * read again. Returns true if a backfill had begun.
 */
async function forgetBackfill(
  client: pg.Client,
  { missingTriggers }: Transition,
): Promise<boolean> {
  if (missingTriggers.length === 0) return false;
  const checkpoints = await readCheckpoints(client);
  await restartCheckpoints(client);
  await inTransactionAs(client, SYNC_ROLE, () =>
    client.query(
      "UPDATE legacy_sync.settings SET backfilled_at = NULL, verified_at = NULL, verified_writes = NULL",
    ),
  );
  return checkpoints.length > 0;
}

interface Expansion {
  readonly happened: string;
  readonly wasAttached: boolean;
  readonly mustRepeat: boolean;
}

function happenedTo({ settings, missingTriggers }: Transition): string {
  if (!settings) {
    return "Both models are in step from now on. The old application goes on unchanged.";
  }
  return missingTriggers.length === 0
    ? "The database was expanded already; nothing has changed."
    : "Both models are in step again. The old application goes on unchanged.";
}

async function reportOf(
  client: pg.Client,
  { owner, tables }: LegacyDatabase,
  { happened, wasAttached, mustRepeat }: Expansion,
): Promise<Report> {
  const { phase, settings } = await readTransition(client);
  const triggers = (await attachedTriggers(client)).length;
  const timeZone = settings?.timeZone ?? DEFAULT_ZONE;
  return {
    data: { phase, timeZone, triggers, owner, tables, wasAttached, mustRepeat },
    lines: [
      happened,
      `${tables.length} legacy tables of ${owner}, ${triggers} triggers, legacy timestamps in ${timeZone}.`,
      ...(mustRepeat
        ? [
            "The triggers were detached for a while. Rows may differ now.",
            "Next: npm run migrate -- backfill, then npm run migrate -- verify --repair",
          ]
        : ["Next: npm run migrate -- backfill"]),
    ],
  };
}
