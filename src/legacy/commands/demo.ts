import { randomInt } from "node:crypto";
import { parseOptions } from "../../platform/arguments.js";
import { DEMO_OWNER } from "../demo/demo-database.js";
import { OldApplication, type OldApplicationReport } from "../demo/old-application.js";
import { chooseStory, describeStory } from "../demo/one-story.js";
import { backfillCommand } from "./backfill.js";
import type { Command, CommandContext, Report } from "./command.js";
import { contractCommand } from "./contract.js";
import { expandCommand } from "./expand.js";
import { planCommand } from "./plan.js";
import { rollbackCommand } from "./rollback.js";
import { verifyCommand } from "./verify.js";

const USAGE = "demo";

/** One step of the demo: what a reader should know, and the command that an operator would type. */
interface Step {
  readonly says: string;
  readonly command: Command;
  readonly words: readonly string[];
}

const step = (says: string, command: Command, words: readonly string[] = []): Step => ({
  ...{ says, command, words },
});

const WHILE_THE_OLD_WRITES: readonly Step[] = [
  step("Look around: this changes nothing", planCommand),
  step(
    "Expand: our schemas beside the legacy tables, and triggers that keep both in step",
    expandCommand,
  ),
  step("Backfill: copy what was there before", backfillCommand),
  step("Verify: compare every row, while the old application goes on writing", verifyCommand),
  step("A change of mind: the old model is complete at any time", rollbackCommand),
  step("Once more: attach the triggers again", expandCommand),
  step("Backfill what came in between", backfillCommand),
  step("Verify, and map again what differs since the rollback", verifyCommand, ["--repair"]),
];

const AT_THE_END: readonly Step[] = [
  step("The old application is off. Verify for the last time", verifyCommand),
  step("What still stands in the way of contract", contractCommand, ["--dry-run"]),
];

export const demoCommand: Command = {
  summary:
    "migrates a small legacy database before your eyes, while an old application writes to it",
  usage: USAGE,
  help: [
    "Uses a PostgreSQL of its own in a temporary folder, and touches no other database.",
    "Takes less than a minute. Ctrl-C removes everything.",
  ],
  read: (words) => {
    parseOptions(words, {}, `usage: npm run migrate -- ${USAGE}`);
    return demo;
  },
};

async function demo(context: CommandContext): Promise<Report> {
  const { client, url, say, stopping } = context;
  const shown = new Shown(context, await chooseStory(client));
  const application = new OldApplication({
    ...{ url, role: DEMO_OWNER, writers: 2, statementsPerSecond: 50 },
    random: () => randomInt(2 ** 32) / 2 ** 32,
  });
  application.start();
  stopping(() => application.stop());
  say("An old application reads and writes all the while, 50 statements a second.");
  for (const each of WHILE_THE_OLD_WRITES) await shown.run(each);
  const report = await application.stop();
  for (const each of AT_THE_END) await shown.run(each);
  return { data: { ...report, latenciesMs: undefined }, lines: describeApplication(report) };
}

/** Runs the steps, and shows one story in both models after each. */
class Shown {
  private count = 0;

  constructor(
    private readonly context: CommandContext,
    private readonly story: number,
  ) {}

  async run({ says, command, words }: Step): Promise<void> {
    const { client, say } = this.context;
    this.count += 1;
    say(`\n== ${this.count}. ${says}`);
    say(`   npm run migrate -- ${[command.usage.split(" ")[0], ...words].join(" ")}`);
    const { lines } = await command.read(words)(this.context);
    for (const line of lines) say(`   ${line}`);
    for (const line of await describeStory(client, this.story)) say(line);
  }
}

const describeApplication = ({ statements, failures }: OldApplicationReport): string[] => [
  "",
  `The old application issued ${statements} statements meanwhile. ${failures.length} failed.`,
  ...failures.slice(0, 5),
];
