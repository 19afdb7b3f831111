import type pg from "pg";
import { readWords } from "../../platform/command-line/read-words.js";
import { UsageError } from "../../platform/errors.js";
import { contract, writesWithin } from "../contract/contract.js";
import { makeExportFolder, saveQuarantine } from "../contract/export.js";
import { type Obstacle, findObstacles } from "../contract/obstacles.js";
import { saveUnusedSounds } from "../contract/unused-sounds.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { rowsText, timesText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { requireAttached } from "../transition.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";

const QUIET_SECONDS = "60";

const LINE = declareMigration("contract", {
  summary: "drops the transition and the legacy tables; cannot be undone",
  options: {
    "dry-run": { about: "only lists what stands in the way" },
    "quiet-seconds": {
      value: "N",
      about: "how long the old application must not write before",
      default: QUIET_SECONDS,
    },
    export: {
      value: "DIR",
      about: "saves what has no place here in a new folder, so that it may go",
    },
  },
  notes: [
    "The folder of --export gets the legacy rows in quarantine as JSON lines, and the files of audio_files to which",
    "nothing refers, each with a JSON line.",
    "Refuses unless the last verification found no difference and the old application has not written since.",
  ],
  examples: ["npm run migrate -- contract --dry-run", "npm run migrate -- contract --export saved"],
});

export const contractCommand: Command = {
  line: LINE,
  read: (words) => {
    const { values } = readWords(LINE, words);
    const options = {
      isDry: values["dry-run"],
      quietSeconds: secondsOf(values["quiet-seconds"]),
      folder: values.export,
    };
    return (context) => asOnlyRunner(context.client, () => run(context, options));
  },
};

/** @throws UsageError */
export function secondsOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`--quiet-seconds ${text} is not a whole number from 0 to 99999.`);
}

interface Options {
  readonly isDry: boolean;
  readonly quietSeconds: number;
  readonly folder: string | undefined;
}

async function run(
  { client, say }: CommandContext,
  { isDry, quietSeconds, folder }: Options,
): Promise<Report> {
  const { legacy } = await requireAttached(client);
  const obstacles = await findObstacles(client, legacy, { isExported: folder !== undefined });
  if (obstacles.length > 0 || isDry) return reportOf(obstacles);
  say(`Watching the old application for ${quietSeconds} s`);
  const writes = await writesWithin(client, quietSeconds);
  if (writes > 0) {
    return reportOf([
      {
        what: `The old application has written ${timesText(writes)} in ${quietSeconds} s.`,
        todo: "Stop the old application, then run: npm run migrate -- verify",
      },
    ]);
  }
  const saved = folder === undefined ? NOTHING : await save(client, legacy, folder);
  say("Dropping the transition and the legacy tables");
  await contract(client, legacy);
  return {
    data: { isDone: true, obstacles: [], savedRows: saved.rows, savedSounds: saved.sounds },
    lines: [
      "The migration is complete. The legacy tables and the schema legacy_sync are gone.",
      ...(folder === undefined
        ? []
        : [
            `Saved ${rowsText(saved.rows)} of the legacy tables and ${saved.sounds} sound files in ${folder}.`,
          ]),
      "The role fabula_legacy has no rights left. Drop it when no other database uses it: DROP ROLE fabula_legacy",
    ],
  };
}

interface Saved {
  readonly rows: number;
  readonly sounds: number;
}

const NOTHING: Saved = { rows: 0, sounds: 0 };

async function save(client: pg.Client, legacy: LegacyDatabase, folder: string): Promise<Saved> {
  makeExportFolder(folder);
  const rows = await saveQuarantine(client, legacy, folder);
  return { rows, sounds: await saveUnusedSounds(client, folder) };
}

function reportOf(obstacles: readonly Obstacle[]): Report {
  return {
    data: { isDone: false, obstacles },
    lines:
      obstacles.length === 0
        ? ["Nothing stands in the way of contract."]
        : [
            "Contract would lose something, so nothing has changed:",
            ...obstacles.map(({ what, todo }) => `  ${what} ${todo}`),
          ],
    hasFailed: obstacles.length > 0,
  };
}
