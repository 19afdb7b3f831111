/**
 * The commands of the online migration. The result of a command goes to standard output, everything else
 * to standard error.
 */
import { prepareDatabase } from "../app.js";
import { type OpenDatabase, openDatabase } from "../app/open-database.js";
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
    const demo = command === DEMO ? await startDemoDatabase(stopping, say) : undefined;
    const url = demo?.migrationUrl ?? (await openConfigured(stopping));
    const client = await connect(url, command);
    stopping(() => client.end());
    let opened: Promise<OurServices> | undefined;
    return {
      ...{ client, url, say, stopping },
      prepare: () => prepareDatabase(url, []),
      openServices: () => (opened ??= openServices(stopping, demo)),
    };
  });
  print(result);
  return "finished";
});

async function openServices(
  stopping: Stopping,
  database: OpenDatabase | undefined,
): Promise<OurServices> {
  const { services, requeueLost } = await openApp(stopping, { runsJobs: false, database });
  return { database: services.database, queueLostWork: requeueLost, graphql: services };
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
