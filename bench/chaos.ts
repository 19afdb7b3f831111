/**
 * Runs the scenarios that are named after `npm run chaos`, or all scenarios. Exits with 1 if a
 * value exceeds its bar.
 */
import { print } from "../src/platform/process.js";
import { crowdedPage } from "./chaos/crowded-page.js";
import { leavingReader } from "./chaos/leaving-reader.js";
import { longAnalysis } from "./chaos/long-analysis.js";
import type { Scenario } from "./chaos/scenario.js";

const SCENARIOS: readonly Scenario[] = [longAnalysis, crowdedPage, leavingReader];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  const known = SCENARIOS.map(({ name }) => name).join(", ");
  print(`There is no scenario ${unknown.join(", ")}. Choose from: ${known}.`);
  process.exit(2);
}
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
