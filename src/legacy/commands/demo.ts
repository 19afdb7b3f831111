import { randomInt } from "node:crypto";
import { parseArguments } from "../../platform/arguments.js";
import { DEMO_OWNER } from "../demo/demo-database.js";
import { OldApplication, type OldApplicationReport } from "../demo/old-application.js";
import { chooseStory, describeStory } from "../demo/one-story.js";
import { backfillCommand } from "./backfill.js";
import type { Command, CommandContext, Report } from "./command.js";
import { expandCommand } from "./expand.js";
import { rollbackCommand } from "./rollback.js";
import { statusCommand } from "./status.js";

const USAGE = "demo";

/** One step of the demo: what a reader should know, and the command that an operator would type. */
interface Step {
  readonly says: string;
  readonly command: Command;
  readonly words: readonly string[];
}

const STEPS: readonly Step[] = [
  {
    says: "Look around: nothing has changed yet",
    command: statusCommand,
    words: [],
  },
  {
    says: "Expand: our schemas beside the legacy tables, and triggers that keep both in step",
    command: expandCommand,
    words: [],
  },
  { says: "Backfill: copy what was there before", command: backfillCommand, words: [] },
  {
    says: "Change of mind: roll back; the old model is complete",
    command: rollbackCommand,
    words: [],
  },
  { says: "Once more: attach again", command: expandCommand, words: [] },
  { says: "Backfill what came in between", command: backfillCommand, words: [] },
];

export const demoCommand: Command = {
  summary:
    "migrates a small legacy database before your eyes, while an old application writes to it",
  usage: USAGE,
  help: [
    "Uses a PostgreSQL of its own in a temporary folder, and touches no other database.",
    "Takes less than three minutes. Ctrl-C removes everything.",
  ],
  run: async (context, words) => {
    parseArguments(words, {}, `usage: npm run migrate -- ${USAGE}`);
    return demo(context);
  },
};

async function demo(context: CommandContext): Promise<Report> {
  const { client, url, say, stopping } = context;
  const story = await chooseStory(client);
  const application = new OldApplication({
    ...{ url, role: DEMO_OWNER, writers: 2, statementsPerSecond: 50 },
    random: () => randomInt(2 ** 32) / 2 ** 32,
  });
  application.start();
  stopping(() => application.stop());
  say("An old application reads and writes all the while, 50 statements a second.");
  for (const [index, step] of STEPS.entries()) {
    say(`\n== ${index + 1} of ${STEPS.length}. ${step.says}`);
    await show(context, step, story);
  }
  const report = await application.stop();
  return { data: { ...report, latenciesMs: undefined }, lines: describeApplication(report) };
}

async function show(context: CommandContext, step: Step, story: number): Promise<void> {
  const { client, say } = context;
  say(`   npm run migrate -- ${[step.command.usage.split(" ")[0], ...step.words].join(" ")}`);
  const { lines } = await step.command.run(context, step.words);
  for (const line of lines) say(`   ${line}`);
  for (const line of await describeStory(client, story)) say(line);
}

const describeApplication = ({ statements, failures }: OldApplicationReport): string[] => [
  "",
  `The old application issued ${statements} statements meanwhile. ${failures.length} failed.`,
  ...failures.slice(0, 5),
];
