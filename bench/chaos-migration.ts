/**
 * Kills the backfill and crashes PostgreSQL at random moments, and compares the result with that of a migration
 * without a fault.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { print, say } from "../src/platform/process.js";
import { runMigrationFaults } from "./chaos/migration-faults.js";
import { seededRandom } from "./recordings/seeded-random.js";

const { values } = parseArgs({
  options: {
    narrations: { type: "string", default: "10000" },
    kills: { type: "string", default: "50" },
    stops: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
  },
});

const errors = await runMigrationFaults({
  narrations: Number(values.narrations),
  kills: Number(values.kills),
  stops: Number(values.stops),
  program: join(import.meta.dirname, "../src/legacy/migrate.js"),
  random: seededRandom(Number(values.seed)),
  say,
});
for (const error of errors) say(error);
print(`${values.kills} kills, ${values.stops} stops, ${errors.length} errors`);
if (errors.length > 0) process.exitCode = 1;
