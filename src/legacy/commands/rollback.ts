import { parseArguments } from "../../platform/arguments.js";
import { StartupError } from "../../platform/errors.js";
import { asOnlyRunner } from "../runner-lock.js";
import { attachedTriggers, detach } from "../sync/attach.js";
import { readTransition, requireLegacyDatabase } from "../transition.js";
import type { Command, CommandContext, Report } from "./command.js";

const USAGE = "rollback";

export const rollbackCommand: Command = {
  summary: "detaches our schemas; the old application goes on alone",
  usage: USAGE,
  help: [
    "The legacy tables are complete and stay. Our schemas stay too, but do not follow any more.",
    "Stop our servers and workers first: what they write from now on, the old application does not see.",
    "expand attaches the triggers again. Then the legacy rows decide.",
  ],
  run: async (context, words) => {
    parseArguments(words, {}, `usage: npm run migrate -- ${USAGE}`);
    return asOnlyRunner(context.client, () => rollback(context));
  },
};

async function rollback({ client, say }: CommandContext): Promise<Report> {
  const legacy = await requireLegacyDatabase(client);
  const { settings } = await readTransition(client);
  if (!settings) {
    throw new StartupError("There is nothing to roll back: the database is not expanded.");
  }
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
