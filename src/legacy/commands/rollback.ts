import type pg from "pg";
import { parseOptions } from "../../platform/arguments.js";
import { StartupError } from "../../platform/errors.js";
import { purge } from "../contract/purge.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { rowsText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { attachedTriggers, detach } from "../sync/attach.js";
import { readTransition, requireLegacyDatabase } from "../transition.js";
import type { Command, CommandContext, Report } from "./command.js";

const USAGE = "rollback [--purge --export DIR]";

export const rollbackCommand: Command = {
  summary: "detaches our schemas; the old application goes on alone",
  usage: USAGE,
  help: [
    "The legacy tables are complete and stay. Our schemas stay too, but do not follow any more.",
    "Stop our servers and workers first: what they write from now on, the old application does not see.",
    "expand attaches the triggers again. Then the legacy rows decide.",
    "--purge       also drops our schemas and the transition. The database is then as before expand",
    "--export DIR  with --purge: a new folder for the rows that the old model cannot hold, as JSON lines",
  ],
  read: (words) => {
    const values = parseOptions(
      words,
      { purge: { type: "boolean" }, export: { type: "string" } },
      `usage: npm run migrate -- ${USAGE}`,
    );
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
