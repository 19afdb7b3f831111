import { ProviderError, StartupError } from "../../platform/errors.js";
import { ProgressBar } from "../../platform/command-line/progress-bar.js";
import { Ending } from "../backfill/backfill-options.js";
import { type Moved, moveSounds } from "../sound/move-sounds.js";
import { type SoundCounts, countSounds } from "../sound/sounds-to-move.js";
import { requireAttached } from "../transition.js";
import type { CommandContext, Report } from "./command.js";
import { sizeText, unitFor } from "./sizes.js";

export const MOVE_AUDIO = "npm run migrate -- backfill --audio";
const MOST_LISTED = 20;

/** Moves the sound that users have links to from audio_files into the storage. */
export async function moveAudio(context: CommandContext, mostActive: number): Promise<Report> {
  const { client, say, stopping } = context;
  const { settings } = await requireAttached(client);
  if (settings.isPaused) {
    throw new StartupError(
      "The backfill is paused; go on with `npm run migrate -- resume --audio`.",
    );
  }
  if (settings.backfilledAt === null) {
    throw new StartupError(
      "The rows that refer to the sound are not copied yet; run `npm run migrate -- backfill` first.",
    );
  }
  const before = await countSounds(client);
  const { storage, place } = await context.openStorage();
  say(`Moving sound to ${place}`);
  const stop = new AbortController();
  const bar = barOf(say, before);
  bar.show(0, 0);
  const working = moveSounds(client, {
    ...{ storage, mostActive },
    onProgress: ({ files, bytes }) => bar.show(files, bytes),
    shouldStop: () => stop.signal.aborted,
  }).catch((error: unknown) => {
    throw explained(error);
  });
  stopping(async () => {
    stop.abort();
    await working.catch(() => undefined);
  });
  const moved = await working;
  const counts = await countSounds(client);
  return {
    data: { ...moved, counts },
    lines: linesOf(moved, counts),
    hasFailed: moved.failed.length > 0,
  };
}

function barOf(
  say: (line: string) => void,
  { files, bytes, storedFiles, storedBytes }: SoundCounts,
) {
  const lines = { isTTY: false, write: (text: string) => (say(text.trimEnd()), true) };
  const { unit, divisor } = unitFor(bytes);
  const bar = new ProgressBar("audio", {
    unit,
    terminal: process.stderr.isTTY ? process.stderr : lines,
  });
  const scaled = (value: number): number => Math.round(value / divisor);
  return {
    show: (movedFiles: number, movedBytes: number): void => {
      const done = storedFiles + movedFiles;
      // A full bar would end its line before the last small files.
      const most = done < files ? scaled(bytes) - 1 : scaled(bytes);
      bar.show(
        Math.max(0, Math.min(scaled(storedBytes + movedBytes), most)),
        scaled(bytes),
        `${done} of ${files} files`,
      );
    },
  };
}

/** What was moved before the storage failed stays there. */
function explained(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  return new StartupError(
    `${error.message} What was moved before is safe. Then go on with: ${MOVE_AUDIO}`,
    { cause: error },
  );
}

function linesOf({ ending, files, bytes, failed }: Moved, counts: SoundCounts): string[] {
  const moved = `${files} ${files === 1 ? "file" : "files"} moved, ${sizeText(bytes)}. ${soundLine(counts)}`;
  const next: Readonly<Record<Ending, string[]>> = {
    [Ending.Done]: endOf(counts),
    [Ending.Paused]: ["Paused. Go on with: npm run migrate -- resume --audio"],
    [Ending.Stopped]: [`Stopped. Go on with: ${MOVE_AUDIO}`],
  };
  return [
    moved,
    ...failed
      .slice(0, MOST_LISTED)
      .map(({ file, reason }) => `  audio_files ${file} is not moved: ${reason}`),
    ...next[ending],
  ];
}

const endOf = ({ files, storedFiles }: SoundCounts): string[] =>
  files === storedFiles
    ? [
        "All old sound that a user has a link to is in the storage.",
        "Next: npm run migrate -- verify",
      ]
    : [`Some sound is still in audio_files only. Run again: ${MOVE_AUDIO}`];

export const soundLine = ({ files, bytes, storedFiles, storedBytes }: SoundCounts): string =>
  `Checked in the storage: ${storedFiles} of ${files} files, ${sizeText(storedBytes)} of ${sizeText(bytes)}.`;
