import { parseOptions } from "../../platform/arguments.js";
import { ProgressBar } from "../../platform/progress-bar.js";
import { countLegacyRows } from "../legacy-rows.js";
import { PAIRS } from "../pairs.js";
import { rowsText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { requireAttached } from "../transition.js";
import type { Difference } from "../verify/compare.js";
import {
  type PairReport,
  type VerificationProgress,
  type VerificationReport,
  verify,
} from "../verify/verify.js";
import type { Command, CommandContext, Report } from "./command.js";

const USAGE = "verify [--repair]";

export const verifyCommand: Command = {
  summary: "compares every legacy row with its row of ours",
  usage: USAGE,
  help: [
    "--repair  maps rows that differ again, and compares them again",
    "Locks nothing, so both applications may write meanwhile. Ends with an error code if rows differ.",
  ],
  run: async (context, words) => {
    const values = parseOptions(
      words,
      { repair: { type: "boolean" } },
      `usage: npm run migrate -- ${USAGE}`,
    );
    return asOnlyRunner(context.client, () => compare(context, values.repair ?? false));
  },
};

async function compare({ client, say }: CommandContext, repair: boolean): Promise<Report> {
  const { legacy } = await requireAttached(client);
  const counts = await countLegacyRows(client, legacy);
  const rowsOf = (name: string): number => {
    const table = PAIRS.find((pair) => pair.name === name)?.table;
    return table ? (counts.get(table) ?? 0) : 0;
  };
  const report = await verify(client, { repair, onProgress: watcherOf(say, rowsOf) });
  return { data: report, lines: linesOf(report), hasFailed: !report.isEqual };
}

function watcherOf(
  say: (line: string) => void,
  rowsOf: (pair: string) => number,
): (progress: VerificationProgress) => void {
  const bars = new Map<string, ProgressBar>();
  return ({ pair, rows, isDone }) => {
    if (!process.stderr.isTTY) {
      if (isDone) say(`${pair}: ${rowsText(rows)} compared`);
      return;
    }
    const bar = bars.get(pair) ?? new ProgressBar(pair.padEnd(15), { unit: "rows" });
    bars.set(pair, bar);
    // A full bar would end its line. The end of the pair fills the bar.
    if (isDone) bar.show(rows, rows);
    else bar.show(Math.min(rows, rowsOf(pair) - 1), rowsOf(pair));
  };
}

function linesOf({ isEqual, pairs }: VerificationReport): string[] {
  const wrong = pairs.reduce((sum, pair) => sum + pair.wrong + pair.extra, 0);
  return [
    ...pairs.flatMap((pair) => [lineOf(pair), ...pair.examples.map(exampleOf)]),
    "",
    isEqual
      ? "Nothing differs. Next: stop the old application, then npm run migrate -- contract"
      : `${rowsText(wrong)} ${wrong === 1 ? "differs" : "differ"}. Map them again with: npm run migrate -- verify --repair`,
  ];
}

function lineOf(report: PairReport): string {
  const { pair, rows, same } = report;
  const others = (
    ["quarantined", "merged", "kept", "wrong", "extra", "derived", "repaired"] as const
  )
    .filter((name) => report[name] > 0)
    .map((name) => `, ${report[name]} ${name}`);
  return `${pair.padEnd(15)}${rowsText(rows)}: ${same} same${others.join("")}`;
}

function exampleOf({ key, kind, columns }: Difference): string {
  const values = Object.entries(columns).map(
    ([name, { expected, found }]) => `${name} is ${found}, not ${expected}`,
  );
  return `  ${key} ${kind}${values.length > 0 ? `: ${values.join("; ")}` : ""}`;
}
