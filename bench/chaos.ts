/**
 * Runs the scenarios that are named after `npm run chaos`, or all scenarios. Exits with 1 if a
 * value exceeds its bar.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { print } from "../src/platform/process/process.js";
import { crowdedPage } from "./chaos/crowded-page.js";
import { leavingReader } from "./chaos/leaving-reader.js";
import { longAnalysis } from "./chaos/long-analysis.js";
import type { Scenario } from "./chaos/scenario.js";
import { readScriptWords, requireChoices } from "./script-words.js";

const SCENARIOS: readonly Scenario[] = [longAnalysis, crowdedPage, leavingReader];

const KNOWN = SCENARIOS.map(({ name }) => name);
const LINE = declareCommand({
  call: "npm run chaos --",
  summary: "runs what may go wrong, and exits with 1 if a value exceeds its bar",
  words: {
    ...{ form: "[SCENARIO …]", least: 0, most: KNOWN.length },
    about: `${KNOWN.join(", ")}; default all`,
  },
  options: {},
  examples: ["npm run chaos", `npm run chaos -- ${KNOWN[0] ?? ""}`],
});
const { words: names } = readScriptWords(LINE);
requireChoices(LINE, names, KNOWN);
for (const { name, run } of SCENARIOS) {
  if (names.length > 0 && !names.includes(name)) continue;
  print(`Scenario ${name}`);
  for (const { what, value, unit, bar } of await run()) {
    const isKept = value <= bar;
    if (!isKept) process.exitCode = 1;
    print(
      `  ${isKept ? "kept  " : "MISSED"} ${what}: ${value.toFixed(1)} ${unit}, bar ${bar} ${unit}`,
    );
  }
}
