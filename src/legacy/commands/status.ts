import type pg from "pg";
import { readWords } from "../../platform/command-line/read-words.js";
import { type Checkpoint, readCheckpoints } from "../backfill/checkpoints.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { countLegacyRows } from "../legacy-rows.js";
import { installedPairs } from "../pairs.js";
import { WAITS } from "../quarantine.js";
import { rowsText } from "../row-counts.js";
import { holderOf } from "../runner-lock.js";
import { attachedTriggers } from "../sync/attach.js";
import { Phase, type Transition, type TransitionSettings, readTransition } from "../transition.js";
import { type SoundCounts, countSounds } from "../sound/sounds-to-move.js";
import { type Command, type Report, declareMigration } from "./command.js";
import { MOVE_AUDIO, soundLine } from "./move-audio.js";

/** The state of one pair. */
interface PairStatus extends Checkpoint {
  readonly table: string;
  /** The rows of the legacy table now. */
  readonly rows: number;
}

interface QuarantineCount {
  readonly table: string;
  readonly reason: string;
  readonly rows: number;
}

interface Status {
  readonly phase: Phase;
  readonly percent: number | null;
  readonly settings: TransitionSettings | null;
  readonly runner: string | null;
  readonly pairs: readonly PairStatus[];
  readonly quarantine: readonly QuarantineCount[];
  readonly legacyWrites: number | null;
  /** null before expand. */
  readonly sounds: SoundCounts | null;
  readonly triggers: { readonly attached: number; readonly missing: readonly string[] };
}

const LINE = declareMigration("status", {
  summary: "says how far the migration is",
  options: {},
  notes: ["Changes nothing. You can run this command at any time."],
});

export const statusCommand: Command = {
  line: LINE,
  read: (words) => {
    readWords(LINE, words);
    return async ({ client }) => {
      const status = await readStatus(client);
      return { data: status, lines: linesOf(status) };
    };
  },
};

async function readStatus(client: pg.Client): Promise<Status> {
  const transition = await readTransition(client);
  const { phase, legacy, settings, missingTriggers } = transition;
  const triggers = {
    attached: (await attachedTriggers(client)).length,
    missing: missingTriggers,
  };
  const none = { percent: null, pairs: [], quarantine: [], legacyWrites: null, sounds: null };
  const runner = (await holderOf(client)) ?? null;
  if (!legacy || !settings) return { ...none, phase, settings, runner, triggers };
  const pairs = await pairStatuses(client, legacy);
  const counts = { ...(await readCounts(client)), sounds: await countSounds(client) };
  return { ...counts, phase, settings, runner, pairs, triggers, percent: percentOf(pairs) };
}

async function pairStatuses(client: pg.Client, legacy: LegacyDatabase): Promise<PairStatus[]> {
  const rows = await countLegacyRows(client, legacy);
  const checkpoints = await readCheckpoints(client);
  const pairs = await installedPairs(client, legacy.tables);
  return pairs.map(({ name, table }) => {
    const found = checkpoints.find(({ pair }) => pair === name);
    const { taken = 0, written = 0, isDone = false } = found ?? {};
    return { pair: name, table, rows: rows.get(table) ?? 0, taken, written, isDone };
  });
}

const readCounts = (
  client: pg.Client,
): Promise<{ readonly quarantine: QuarantineCount[]; readonly legacyWrites: number }> =>
  inTransactionAs(client, SYNC_ROLE, async () => {
    const { rows: quarantine } = await client.query<QuarantineCount>(
      `SELECT q.source_table AS "table", CASE WHEN ${WAITS} THEN 'waiting for the backfill' ELSE q.reason END AS reason,
         count(*)::int AS rows FROM legacy_sync.quarantine q GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    const { rows } = await client.query<{ writes: number }>(
      `SELECT CASE WHEN w.is_called THEN w.last_value ELSE 0 END::float8 AS writes
       FROM legacy_sync.legacy_writes w`,
    );
    return { quarantine, legacyWrites: rows[0]?.writes ?? 0 };
  });

/** Rows that came after their page was read are not counted: the triggers have written them. */
function percentOf(pairs: readonly PairStatus[]): number {
  const all = pairs.reduce((sum, { rows }) => sum + rows, 0);
  const taken = pairs.reduce(
    (sum, { rows, taken: some, isDone }) => sum + (isDone ? rows : Math.min(some, rows)),
    0,
  );
  return all === 0 ? 100 : Math.floor((taken / all) * 100);
}

function linesOf(status: Status): Report["lines"] {
  const { phase, settings, percent, pairs, quarantine, legacyWrites, triggers, runner } = status;
  const { sounds } = status;
  const next = nextSteps(status);
  if (!settings) return [`Phase: ${phase}`, ...next];
  const paused = settings.isPaused ? " (paused)" : "";
  return [
    `Phase: ${phase}${phase === Phase.Backfilling ? ` ${percent ?? 0} %` : ""}${paused}`,
    `Time zone of the legacy timestamps: ${settings.timeZone}`,
    `Triggers: ${triggers.attached} attached, ${triggers.missing.length} missing`,
    `Writes of the old application since expand: ${legacyWrites ?? 0}`,
    `Runner: ${runner ?? "none"}`,
    "Backfill:",
    ...pairs.map(
      ({ pair, rows, taken, written, isDone }) =>
        `  ${pair.padEnd(15)}${taken} of ${rowsText(rows)} read, ${written} written${isDone ? ", done" : ""}`,
    ),
    ...(sounds && sounds.files > 0 ? ["Sound of audio_files:", `  ${soundLine(sounds)}`] : []),
    quarantine.length === 0 ? "Quarantine: empty" : "Quarantine:",
    ...quarantine.map(({ table, reason, rows }) => `  ${table}: ${rowsText(rows)}, ${reason}`),
    ...next,
  ];
}

/** Sound is moved at any time between the backfill and contract. */
function nextSteps({ phase, sounds }: Pick<Status, "phase" | "sounds">): readonly string[] {
  const isCopied = phase === Phase.Backfilled || phase === Phase.Verified;
  const isMoved = !sounds || sounds.storedFiles === sounds.files;
  return isCopied && !isMoved ? [`Next: ${MOVE_AUDIO}`] : NEXT_STEPS[phase];
}

const NEXT_STEPS: Readonly<Record<Transition["phase"], readonly string[]>> = {
  [Phase.NotLegacy]: ["Nothing to migrate: the schema public has no legacy tables."],
  [Phase.NotExpanded]: ["Next: npm run migrate -- plan, then npm run migrate -- expand"],
  [Phase.Detached]: [
    "The old application writes, and our schemas do not follow.",
    "Next: npm run migrate -- expand, which attaches the triggers again",
  ],
  [Phase.Backfilling]: ["Next: npm run migrate -- backfill (after a pause: resume)"],
  [Phase.Backfilled]: ["Next: npm run migrate -- verify"],
  [Phase.Verified]: ["Next: npm run migrate -- contract, when the old application is off"],
};
