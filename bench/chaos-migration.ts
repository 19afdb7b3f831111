/**
 * Two runs. `faults` kills the backfill and crashes PostgreSQL at random moments, and compares the result with
 * that of a migration without a fault. `applications` lets the old application and ours write through all steps
 * of a migration, and compares every row. Without a name, both run. Exits with 1 if something is wrong.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords, requireChoices } from "./script-words.js";
import { join } from "node:path";
import { print, say } from "../src/platform/process/process.js";
import { runBothApplications } from "./chaos/migration-applications.js";
import { runMigrationFaults } from "./chaos/migration-faults.js";
import { seededRandom } from "./recordings/seeded-random.js";

const LINE = declareCommand({
  call: "npm run chaos:migration --",
  summary: "breaks the online migration again and again, and compares the results",
  words: {
    ...{ form: "[RUN …]", least: 0, most: 2 },
    about: "faults, applications; default both",
  },
  options: {
    narrations: { value: "N", about: "legacy narrations", default: "10000" },
    kills: { value: "N", about: "kills of the backfill", default: "50" },
    stops: { value: "N", about: "stops of PostgreSQL", default: "10" },
    seconds: { value: "N", about: "how long both applications write", default: "30" },
    rate: { value: "N", about: "their writes per second", default: "200" },
    seed: { value: "N", about: "the seed of the random numbers", default: "1" },
  },
  examples: ["npm run chaos:migration", "npm run chaos:migration -- faults --kills 5"],
});
const { values, words } = readScriptWords(LINE);
const numberOf = (option: keyof typeof values): number => countOf(LINE, option, values[option]);
const shared = {
  narrations: numberOf("narrations"),
  program: join(import.meta.dirname, "../src/legacy/migrate.js"),
  random: seededRandom(numberOf("seed")),
  say,
};

const RUNS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  faults: async () => {
    const errors = await runMigrationFaults({
      ...shared,
      kills: numberOf("kills"),
      stops: numberOf("stops"),
    });
    print(`${values.kills} kills, ${values.stops} stops, ${errors.length} errors`);
    return errors;
  },
  applications: async () => {
    const { lines, errors } = await runBothApplications({
      ...shared,
      seconds: numberOf("seconds"),
      perSecond: numberOf("rate"),
    });
    for (const line of lines) print(line);
    return errors;
  },
};

requireChoices(LINE, words, Object.keys(RUNS));
for (const name of words.length > 0 ? words : Object.keys(RUNS)) {
  const errors = (await RUNS[name]?.()) ?? [];
  for (const error of errors) say(error);
  if (errors.length > 0) process.exitCode = 1;
}
