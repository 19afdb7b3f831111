import { randomBytes } from "node:crypto";
import { readWords } from "../../platform/command-line/read-words.js";
import { ProgressBar } from "../../platform/command-line/progress-bar.js";
import { countLegacyRows } from "../legacy-rows.js";
import { PAIRS } from "../pairs.js";
import { rowsText } from "../row-counts.js";
import { asOnlyRunner } from "../runner-lock.js";
import { requireAttached } from "../transition.js";
import type { Difference } from "../verify/compare.js";
import type { ShadowReport } from "../verify/shadow/shadow-reads.js";
import {
  type PairReport,
  type VerificationProgress,
  type VerificationReport,
  verify,
} from "../verify/verify.js";
import { wholeNumber } from "./arguments.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";
import { leftToDo } from "./left-to-do.js";

const SHADOW_READS = "50";
const MOST_EXAMPLES = 5;

const LINE = declareMigration("verify", {
  summary: "compares every legacy row with its row of ours",
  options: {
    repair: { about: "maps rows that differ again, and compares them again" },
    "shadow-reads": {
      value: "NUMBER",
      about: "reads so many users, stories and narrations through the API, too, 0 for none",
      default: SHADOW_READS,
    },
    "shadow-seed": {
      value: "TEXT",
      about: "reads the same sample as another run; each run names its seed",
    },
  },
  notes: [
    "Locks nothing, so both applications may write meanwhile. Ends with an error code if rows differ.",
  ],
  examples: ["npm run migrate -- verify", "npm run migrate -- verify --repair"],
});

export const verifyCommand: Command = {
  line: LINE,
  read: (words) => {
    const { values } = readWords(LINE, words);
    const asked = {
      repair: values.repair,
      size: readsAsked(values["shadow-reads"]),
      seed: values["shadow-seed"] ?? randomBytes(4).toString("hex"),
    };
    return (context) => asOnlyRunner(context.client, () => compare(context, asked));
  },
};

interface Asked {
  readonly repair: boolean;
  /** Reads through the API, of each of users, stories and narrations. */
  readonly size: number;
  readonly seed: string;
}

const readsAsked = (text: string): number =>
  text === "0" ? 0 : wholeNumber("--shadow-reads", text);

async function compare(context: CommandContext, asked: Asked): Promise<Report> {
  const { client, say } = context;
  const { repair, size, seed } = asked;
  const { legacy, settings } = await requireAttached(client);
  // The services answer only for a complete copy.
  const isRead = size > 0 && settings.backfilledAt !== null;
  const services = isRead ? (await context.openServices()).graphql : null;
  const counts = await countLegacyRows(client, legacy);
  const rowsOf = (name: string): number => {
    const table = PAIRS.find((pair) => pair.name === name)?.table;
    return table ? (counts.get(table) ?? 0) : 0;
  };
  const report = await verify(client, {
    ...{ repair, onProgress: watcherOf(say, rowsOf) },
    shadowReads: services ? { size, seed, services } : undefined,
  });
  const data = { ...report, shadowSeed: services ? seed : null };
  const next = report.isEqual ? nextAfter(await leftToDo(client)) : [adviceFor(report)];
  return { data, lines: [...linesOf(report, asked), "", ...next], hasFailed: !report.isEqual };
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

function linesOf({ pairs, shadowReads }: VerificationReport, { seed, size }: Asked): string[] {
  return [
    ...pairs.flatMap((pair) => [lineOf(pair), ...pair.examples.map(exampleOf)]),
    ...(shadowReads.length > 0 ? [`Through the API, with --shadow-seed ${seed}:`] : []),
    ...(shadowReads.length === 0 && size > 0 ? [NOT_ASKED] : []),
    ...shadowReads.flatMap((read) => [
      lineOfRead(read),
      ...read.differences.slice(0, MOST_EXAMPLES).map(exampleOf),
    ]),
  ];
}

const NOT_ASKED =
  "The backfill is not complete (npm run migrate -- backfill), so rows may be missing, and the API was not asked.";

const nextAfter = (left: readonly string[]): string[] =>
  left.length === 0
    ? ["Nothing differs. Next: stop the old application, then npm run migrate -- contract"]
    : ["Nothing differs. Before contract:", ...left.map((line) => `  ${line}`)];

function adviceFor({ pairs, shadowReads }: VerificationReport): string {
  const wrong = pairs.reduce((sum, pair) => sum + pair.wrong + pair.extra, 0);
  const answers = shadowReads.reduce((sum, read) => sum + read.differences.length, 0);
  return wrong > 0
    ? `${rowsText(wrong)} ${wrong === 1 ? "differs" : "differ"}. Map them again with: npm run migrate -- verify --repair`
    : `The rows are equal, and ${answers} answers of the API differ from them. Report this with the lines above.`;
}

function lineOfRead({ pair, rows, hidden, differences }: ShadowReport): string {
  const same = rows - hidden - differences.length;
  const others = [
    ...(hidden > 0 ? [`, ${hidden} not in the new model`] : []),
    ...(differences.length > 0 ? [`, ${differences.length} different`] : []),
  ];
  return `${pair.padEnd(15)}${rows} read: ${same} same${others.join("")}`;
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
