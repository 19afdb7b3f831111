/**
 * The commands of the online migration. The result of a command goes to standard output, everything else
 * to standard error.
 */
import { prepareDatabase } from "../app.js";
import { openDatabase } from "../app/open-database.js";
import { openApp } from "../cli/open-app.js";
import { loadConfig, optionsTakenByNpm } from "../config.js";
import { StartupError } from "../platform/errors.js";
import { refuseSharedSessions } from "../platform/database/start/sessions.js";
import { type Stopping, print, runProcess, say } from "../platform/process.js";
import type { OurServices } from "./commands/command.js";
import { DEMO, OPTIONS, runCommand } from "./commands/run-command.js";
import { connect } from "./connection.js";
import { startDemoDatabase } from "./demo/demo-database.js";

await runProcess(async (stopping) => {
  const [taken] = optionsTakenByNpm(OPTIONS);
  if (taken !== undefined) {
    throw new StartupError(
      `npm took --${taken} for itself. Write two dashes before the command: npm run migrate -- COMMAND --${taken}`,
    );
  }
  const result = await runCommand(process.argv.slice(2), async (command) => {
    const url = await (command === DEMO
      ? startDemoDatabase(stopping, say)
      : openConfigured(stopping));
    const client = await connect(url, command);
    stopping(() => client.end());
    return {
      ...{ client, url, say, stopping },
      prepare: () => prepareDatabase(url, []),
      openServices: () => openServices(stopping),
    };
  });
  print(result);
  return "finished";
});

async function openServices(stopping: Stopping): Promise<OurServices> {
  const { services, requeueLost } = await openApp(stopping, { runsJobs: false });
  return { database: services.database, queueLostWork: requeueLost };
}

/** Opens the database of the configuration. Returns the address for migrations. */
async function openConfigured(stopping: Stopping): Promise<string> {
  const database = await openDatabase(loadConfig(), say);
  stopping(() => database.leave());
  const { migrationUrl: url } = database;
  await refuseSharedSessions(
    url,
    "The commands of the migration",
    "MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL",
  );
  return url;
}
