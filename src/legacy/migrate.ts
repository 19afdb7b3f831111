/**
 * The commands of the online migration. The result of a command goes to standard output, everything else
 * to standard error.
 */
import { join } from "node:path";
import { prepareDatabase } from "../app.js";
import { type OpenDatabase, openDatabase } from "../app/open-database.js";
import { mediaOf } from "../app/options.js";
import { storageOf } from "../app/parts.js";
import { openApp } from "../cli/open-app.js";
import { loadConfig, optionsTakenByNpm } from "../config.js";
import { takenByNpm } from "../platform/command-line/read-words.js";
import type { StorageSettings } from "../instances/index.js";
import { refuseSharedSessions } from "../platform/database/start/sessions.js";
import { type Stopping, print, runProcess, say } from "../platform/process/process.js";
import type { OpenStorage, OurServices } from "./commands/command.js";
import { DEMO, LINES, runCommand } from "./commands/run-command.js";
import { connect } from "./connection.js";
import { startDemoDatabase } from "./demo/demo-database.js";

await runProcess(async (stopping) => {
  const options = LINES.flatMap((line) => Object.keys(line.options));
  const [taken] = optionsTakenByNpm(options);
  if (taken !== undefined) throw takenByNpm("npm run migrate -- COMMAND", taken);
  const result = await runCommand(process.argv.slice(2), async (command) => {
    const demo = command === DEMO ? await startDemoDatabase(stopping, say) : undefined;
    const { url, settings } = demo
      ? { url: demo.migrationUrl, settings: () => Promise.resolve(demoStorage(demo)) }
      : await openConfigured(stopping);
    const client = await connect(url, command);
    stopping(() => client.end());
    let opened: Promise<OurServices> | undefined;
    return {
      ...{ client, url, say, stopping },
      prepare: () => prepareDatabase(url, []),
      openServices: () => (opened ??= openServices(stopping, demo)),
      openStorage: async () => openStorage(await settings()),
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

function openStorage(settings: StorageSettings): OpenStorage {
  const storage = storageOf(settings);
  if (settings.kind === "disk") return { storage, place: settings.root };
  return { storage, place: `the bucket ${settings.bucket} of ${settings.endpoint}` };
}

interface Opened {
  /** The address for migrations. */
  readonly url: string;
  /** The storage of the server. */
  readonly settings: () => Promise<StorageSettings>;
}

/** Opens the database of the configuration. */
async function openConfigured(stopping: Stopping): Promise<Opened> {
  const config = loadConfig();
  const database = await openDatabase(config, say);
  stopping(() => database.leave());
  const { migrationUrl: url } = database;
  await refuseSharedSessions(
    url,
    "The commands of the migration",
    "MIGRATION_DATABASE_URL or DIRECT_DATABASE_URL",
  );
  return { url, settings: async () => (await mediaOf(config, database)).storage };
}

/** The demo stores sound in its own folder, whatever the configuration says. */
function demoStorage({ filesDir }: OpenDatabase): StorageSettings {
  return { kind: "disk", root: join(filesDir, "blobs") };
}
