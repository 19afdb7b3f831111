import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { scratchApp } from "./scratch-app.js";
import { type WriteCase, changeCase, createCase, editCase } from "./writes/cases.js";
import { type Cost, type Round, runRound, totalMs } from "./writes/cost.js";
import { PlainWrites } from "./writes/plain-writes.js";
import { writtenStory } from "./writes/written-stories.js";

/*
 * Compares the mutations of narrations with plain SQL that writes the same rows in one transaction, with
 * the same role and settings: the CPU of this process and of PostgreSQL, and the statements that use
 * tables. Run `npm run bench:writes`, or `npm run bench:writes -- --rounds 3`. Both sides take
 * turns in each round. The figures are medians of the rounds, and the ratio is the median of their ratios.
 */

const LINE = declareCommand({
  call: "npm run bench:writes --",
  summary: "compares the mutations of narrations with plain SQL that writes the same rows",
  options: { rounds: { value: "N", about: "an odd number of rounds", default: "7" } },
  examples: ["npm run bench:writes", "npm run bench:writes -- --rounds 3"],
});
const ROUNDS = countOf(LINE, "rounds", readScriptWords(LINE).values.rounds);
/** V8 compiles what runs often. */
const WARM_UP_ROUNDS = 3;
const CHANGES = ["publish", "unpublish", "delete"] as const;

const scratch = await scratchApp(1, { takesJobs: false });
const pidFile = join(scratch.database.filesDir, "postgres", "data", "postmaster.pid");
const postmaster = Number((await readFile(pidFile, "utf8")).split("\n")[0]);
const database = new pg.Client({ connectionString: scratch.database.migrationUrl });
await database.connect();
const plain = await PlainWrites.connect(scratch.database.url);
const sides = { services: scratch.app.services, plain };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function measure(write: WriteCase): Promise<string> {
  const rounds: Round[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const costs = await runRound(write, postmaster);
    if (round >= 0) rounds.push(costs);
  }
  await database.query("VACUUM (ANALYZE)");
  const of = (side: keyof Round, pick: (cost: Cost) => number): number =>
    median(rounds.map((round) => pick(round[side])));
  const ms = (side: keyof Round): string =>
    `${of(side, ({ serverMs }) => serverMs).toFixed(1)} + ${of(side, ({ databaseMs }) => databaseMs).toFixed(1)}`;
  const sent = (side: keyof Round): number => of(side, ({ statements }) => statements);
  const ratio = median(rounds.map((round) => totalMs(round.served) / totalMs(round.plain)));
  return `| ${write.name} | ${ms("served")} | ${ms("plain")} | ${sent("served")} / ${sent("plain")} | ${ratio.toFixed(2)} |`;
}

const short = await writtenStory(scratch, database, 2_000);
const long = await writtenStory(scratch, database, 20_000);
const edited = await scratch.narrated(short.story);
await database.query("VACUUM (ANALYZE)");
console.log("| write | service: Node + PostgreSQL ms | plain SQL | statements | x plain SQL |");
console.log("|---|---|---|---|---|");
const cases = [
  ...[1, 100, 500].map((edits) => editCase(sides, edited, edits)),
  ...[short, long].map((story) => createCase(sides, story)),
  ...CHANGES.map((change) => changeCase(sides, change, short)),
];
for (const write of cases) console.log(await measure(write));
await plain.close();
await database.end();
await scratch.close();
