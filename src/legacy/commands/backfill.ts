import type pg from "pg";
import { readWords } from "../../platform/command-line/read-words.js";
import { StartupError } from "../../platform/errors.js";
import { ProgressBar } from "../../platform/command-line/progress-bar.js";
import {
  type BackfillOptions,
  type BackfillWatcher,
  Ending,
} from "../backfill/backfill-options.js";
import { backfill } from "../backfill/backfill.js";
import { type Checkpoint, readCheckpoints } from "../backfill/checkpoints.js";
import { LARGEST } from "../backfill/pace.js";
import { MOST_ACTIVE } from "../backfill/throttle.js";
import { SYNC_ROLE, connect, inTransactionAs } from "../connection.js";
import { countLegacyRows } from "../legacy-rows.js";
import { installedPairs } from "../pairs.js";
import { rowsText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { requireAttached } from "../transition.js";
import { wholeNumber } from "./arguments.js";
import { type SoundCounts, countSounds } from "../sound/sounds-to-move.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";
import { MOVE_AUDIO, moveAudio } from "./move-audio.js";

const OPTIONS = {
  audio: {
    about: "after that: moves the sound in audio_files into the storage of the server's settings",
  },
  lanes: {
    value: "N",
    about: "copies narrations over this many connections while the server has room",
    default: "2",
  },
  batch: {
    value: "ROWS",
    about: "the largest batch, while a batch aims at 50 ms",
    default: String(LARGEST),
  },
  "most-active": {
    value: "SESSIONS",
    about: "waits while more sessions of the server are active; default: two for each core here",
  },
} as const;
const NOTES = [
  "Ctrl-C stops after the current batches. The next run goes on there, also after a crash.",
];

const BACKFILL = declareMigration("backfill", {
  summary: "copies the rows that are there, in small batches",
  options: OPTIONS,
  notes: NOTES,
  examples: ["npm run migrate -- backfill", "npm run migrate -- backfill --audio"],
});
const RESUME = declareMigration("resume", {
  summary: "goes on with a backfill that was paused",
  options: OPTIONS,
  notes: NOTES,
});
const PAUSE = declareMigration("pause", {
  summary: "stops a running backfill after its current batch",
  options: {},
  notes: ["The triggers keep both models in step meanwhile. Go on with resume."],
});

export const backfillCommand: Command = {
  line: BACKFILL,
  read: (words) => {
    const limits = readLimits(words, BACKFILL);
    return (context) => asOnlyRunner(context.client, () => work(context, limits));
  },
};

export const resumeCommand: Command = {
  line: RESUME,
  read: (words) => {
    const limits = readLimits(words, RESUME);
    return async (context) => {
      await setPaused(context.client, false);
      return asOnlyRunner(context.client, () => work(context, limits));
    };
  },
};

export const pauseCommand: Command = {
  line: PAUSE,
  read: (words) => {
    readWords(PAUSE, words);
    return async ({ client }) => {
      await setPaused(client, true);
      return {
        data: { isPaused: true },
        lines: ["The backfill is paused. Go on with: npm run migrate -- resume"],
      };
    };
  },
};

async function setPaused(client: pg.Client, isPaused: boolean): Promise<void> {
  await requireAttached(client);
  await inTransactionAs(client, SYNC_ROLE, () =>
    client.query("UPDATE legacy_sync.settings SET is_paused = $1", [isPaused]),
  );
}

interface Limits {
  readonly isAudio: boolean;
  readonly mostLanes: number;
  readonly largestBatch: number;
  readonly mostActive: number;
}

function readLimits(words: readonly string[], line: typeof BACKFILL): Limits {
  const { values } = readWords(line, words);
  const { "most-active": mostActive = String(MOST_ACTIVE) } = values;
  return {
    isAudio: values.audio,
    mostLanes: wholeNumber("--lanes", values.lanes),
    largestBatch: wholeNumber("--batch", values.batch),
    mostActive: wholeNumber("--most-active", mostActive),
  };
}

const work = (context: CommandContext, { isAudio, ...limits }: Limits): Promise<Report> =>
  isAudio ? moveAudio(context, limits.mostActive) : copy(context, limits);

async function copy(
  { client, url, say, stopping }: CommandContext,
  { mostLanes, ...limits }: Omit<Limits, "isAudio">,
): Promise<Report> {
  const { legacy, settings } = await requireAttached(client);
  if (settings.isPaused) {
    throw new StartupError("The backfill is paused; go on with `npm run migrate -- resume`.");
  }
  const counts = await countLegacyRows(client, legacy);
  const stop = new AbortController();
  const options: BackfillOptions = {
    ...limits,
    pairs: await installedPairs(client, legacy.tables),
    watcher: watcherOf(say, (table) => counts.get(table) ?? 0),
    lanes: { most: mostLanes, open: () => connect(url, "backfill") },
    shouldStop: () => stop.signal.aborted,
  };
  const working = backfill(client, options).then(async (ending) => {
    const checkpoints = await readCheckpoints(client);
    const sounds = await countSounds(client);
    return { data: { ending, checkpoints, sounds }, lines: linesOf(ending, checkpoints, sounds) };
  });
  stopping(async () => {
    stop.abort();
    await working.catch(() => undefined);
  });
  return working;
}

type Counts = (table: Parameters<BackfillWatcher["started"]>[0]["table"]) => number;

/** Shows a bar at a terminal, and otherwise one line for each pair. */
function watcherOf(say: (line: string) => void, rowsOf: Counts): BackfillWatcher {
  let bar: ProgressBar | null = null;
  let begunAtMs = 0;
  let takenBefore = 0;
  return {
    started: ({ name, table }, { taken }) => {
      bar = process.stderr.isTTY ? new ProgressBar(name.padEnd(15), { unit: "rows" }) : null;
      begunAtMs = performance.now();
      takenBefore = taken;
      bar?.show(taken, rowsOf(table));
    },
    advanced: ({ table }, { taken }) => {
      // A full bar would end its line. The end of the pair fills the bar.
      bar?.show(Math.min(taken, rowsOf(table) - 1), rowsOf(table));
    },
    retried: ({ mapped, left }) => {
      if (mapped + left === 0) return;
      const rest = left === 0 ? "" : `; in quarantine: ${left}`;
      say(`${rowsText(mapped + left)} had to wait, ${mapped} mapped now${rest}`);
    },
    finished: ({ name, table }, { taken, written }) => {
      bar?.show(taken, taken);
      if (bar) return;
      const seconds = (performance.now() - begunAtMs) / 1000;
      const rate = Math.round((taken - takenBefore) / Math.max(seconds, 0.001));
      say(
        `${name}: ${taken} of ${rowsText(rowsOf(table))} read, ${written} written, ${seconds.toFixed(1)} s, ${rate} rows/s`,
      );
    },
  };
}

function linesOf(
  ending: Ending,
  checkpoints: readonly Checkpoint[],
  { files, storedFiles }: SoundCounts,
): string[] {
  const taken = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.taken, 0);
  const written = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.written, 0);
  const counts = `${rowsText(taken)} read, ${written} written by the backfill.`;
  const after =
    storedFiles < files
      ? `${MOVE_AUDIO}, for ${files - storedFiles} files. The server plays them already.`
      : "npm run migrate -- verify";
  const next = {
    [Ending.Done]: ["The backfill is complete.", counts, `Next: ${after}`],
    [Ending.Paused]: ["Paused after a batch.", counts, "Go on with: npm run migrate -- resume"],
    [Ending.Stopped]: ["Stopped after a batch.", counts, "Go on with: npm run migrate -- backfill"],
  };
  return next[ending];
}
