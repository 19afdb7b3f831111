import type pg from "pg";
import { readWords, wrong } from "../../platform/command-line/read-words.js";
import { StartupError } from "../../platform/errors.js";
import { purge } from "../contract/purge.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { rowsText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { attachedTriggers, detach } from "../sync/attach.js";
import { readTransition, requireLegacyDatabase } from "../transition.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";

const LINE = declareMigration("rollback", {
  summary: "detaches our schemas; the old application goes on alone",
  options: {
    purge: {
      about: "also drops our schemas and the transition. The database is then as before expand",
    },
    export: {
      value: "DIR",
      about:
        "with --purge: a new folder for the rows that the old model cannot hold, as JSON lines",
    },
  },
  notes: [
    "The legacy tables are complete and stay. Our schemas stay too, but do not follow any more.",
    "Stop our servers and workers first: what they write from now on, the old application does not see.",
    "expand attaches the triggers again. Then the legacy rows decide.",
  ],
  examples: ["npm run migrate -- rollback", "npm run migrate -- rollback --purge --export saved"],
});

export const rollbackCommand: Command = {
  line: LINE,
  read: (words) => {
    const { values } = readWords(LINE, words);
    if (values.export !== undefined && !values.purge) {
      throw wrong(LINE, "--export belongs to --purge, which is missing.");
    }
    return (context) =>
      asOnlyRunner(context.client, () =>
        values.purge ? purgeAll(context, values.export) : rollback(context),
      );
  },
};

async function requireExpanded(client: pg.Client): Promise<LegacyDatabase> {
  const legacy = await requireLegacyDatabase(client);
  const { settings } = await readTransition(client);
  if (settings) return legacy;
  throw new StartupError("There is nothing to roll back: the database is not expanded.");
}

async function purgeAll(
  { client, say }: CommandContext,
  folder: string | undefined,
): Promise<Report> {
  const legacy = await requireExpanded(client);
  if (folder === undefined) {
    throw new StartupError(
      "--purge drops what our users made; name a new folder for these rows with --export DIR.",
    );
  }
  say(`Exporting to ${folder}, then dropping our schemas`);
  const files = [...(await purge(client, legacy, folder))];
  return {
    data: { folder, files: Object.fromEntries(files) },
    lines: [
      "Our schemas and the transition are gone. The legacy tables are as they were, without triggers.",
      ...files.map(([name, rows]) => `  ${folder}/${name}.jsonl: ${rowsText(rows)}`),
      "The sound files of our storage are still there. The rows above name them.",
    ],
  };
}

async function rollback({ client, say }: CommandContext): Promise<Report> {
  const legacy = await requireExpanded(client);
  const triggers = (await attachedTriggers(client)).length;
  say(`Detaching ${triggers} triggers`);
  await detach(client, legacy);
  return {
    data: { detachedTriggers: triggers },
    lines: [
      "The triggers are detached. The old application goes on alone.",
      "To go on with the migration: npm run migrate -- expand",
    ],
  };
}
