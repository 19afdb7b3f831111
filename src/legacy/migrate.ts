/**
 * The commands of the online migration. The result of a command goes to standard output, everything else
 * to standard error.
 */
import { prepareDatabase } from "../app.js";
import { openDatabase } from "../app/open-database.js";
import { loadConfig } from "../config.js";
import { refuseSharedSessions } from "../platform/database/start/sessions.js";
import { print, runProcess, say } from "../platform/process.js";
import { runCommand } from "./commands/run-command.js";
import { connect } from "./connection.js";

await runProcess(async (stopping) => {
  const result = await runCommand(process.argv.slice(2), async (command) => {
    const database = await openDatabase(loadConfig(), say);
    stopping(() => database.leave());
    const { migrationUrl: url } = database;
    await refuseSharedSessions(
      url,
      "The commands of the migration",
      "MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL",
    );
    const client = await connect(url, command);
    stopping(() => client.end());
    return { client, url, prepare: () => prepareDatabase(url, []), say, stopping };
  });
  print(result);
  return "finished";
});
