/**
 * Two runs. `faults` kills the backfill and crashes PostgreSQL at random moments, and compares the result with
 * that of a migration without a fault. `applications` lets the old application and ours write through all steps
 * of a migration, and compares every row. Without a name, both run. Exits with 1 if something is wrong.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { print, say } from "../src/platform/process.js";
import { runBothApplications } from "./chaos/migration-applications.js";
import { runMigrationFaults } from "./chaos/migration-faults.js";
import { seededRandom } from "./recordings/seeded-random.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    narrations: { type: "string", default: "10000" },
    kills: { type: "string", default: "50" },
    stops: { type: "string", default: "10" },
    seconds: { type: "string", default: "30" },
    rate: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
  },
});
const shared = {
  narrations: Number(values.narrations),
  program: join(import.meta.dirname, "../src/legacy/migrate.js"),
  random: seededRandom(Number(values.seed)),
  say,
};

const RUNS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  faults: async () => {
    const errors = await runMigrationFaults({
      ...shared,
      kills: Number(values.kills),
      stops: Number(values.stops),
    });
    print(`${values.kills} kills, ${values.stops} stops, ${errors.length} errors`);
    return errors;
  },
  applications: async () => {
    const { lines, errors } = await runBothApplications({
      ...shared,
      seconds: Number(values.seconds),
      perSecond: Number(values.rate),
    });
    for (const line of lines) print(line);
    return errors;
  },
};

const names = positionals.length > 0 ? positionals : Object.keys(RUNS);
for (const name of names) {
  const run = RUNS[name];
  if (!run) {
    print(`There is no run ${name}. Choose from: ${Object.keys(RUNS).join(", ")}.`);
    process.exit(2);
  }
  const errors = await run();
  for (const error of errors) say(error);
  if (errors.length > 0) process.exitCode = 1;
}
