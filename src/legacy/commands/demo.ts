import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWords } from "../../platform/command-line/read-words.js";
import { DEMO_OWNER } from "../demo/demo-database.js";
import { OldApplication, type OldApplicationReport } from "../demo/old-application.js";
import { Player, chooseSound, describeSound } from "../demo/one-sound.js";
import { chooseStory, describeStory } from "../demo/one-story.js";
import { backfillCommand } from "./backfill.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";
import { contractCommand, secondsOf } from "./contract.js";
import { expandCommand } from "./expand.js";
import { planCommand } from "./plan.js";
import { rollbackCommand } from "./rollback.js";
import { verifyCommand } from "./verify.js";

const QUIET_SECONDS = "5";

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
  step("Move the sound out of the table audio_files, file by file", backfillCommand, ["--audio"]),
  step("Verify, and map again what differs since the rollback", verifyCommand, ["--repair"]),
];

const atTheEnd = (folder: string, quietSeconds: string): readonly Step[] => [
  step("The old application is off. Move the sound that came last", backfillCommand, ["--audio"]),
  step("Verify for the last time", verifyCommand),
  step("What still stands in the way of contract", contractCommand, ["--dry-run"]),
  step("Contract: save what has no place here, then drop the legacy tables", contractCommand, [
    ...["--quiet-seconds", quietSeconds, "--export", folder],
  ]),
];

const LINE = declareMigration("demo", {
  summary:
    "migrates a small legacy database before your eyes, while an old application writes to it",
  options: {
    "quiet-seconds": {
      value: "N",
      about: "how long contract watches the old application, in earnest 60",
      default: QUIET_SECONDS,
    },
  },
  notes: [
    "Uses a PostgreSQL of its own in a temporary folder, and touches no other database.",
    "Takes about a minute. Ctrl-C removes everything.",
  ],
});

export const demoCommand: Command = {
  line: LINE,
  read: (words) => {
    const quietSeconds = readWords(LINE, words).values["quiet-seconds"];
    secondsOf(quietSeconds);
    return (context) => demo(context, quietSeconds);
  },
};

async function demo(context: CommandContext, quietSeconds: string): Promise<Report> {
  const { client, url, say, stopping } = context;
  const sound = await chooseSound(client);
  const player = new Player(client, (await context.openStorage()).storage, sound);
  const shown = new Shown(context, await chooseStory(client), player);
  const application = new OldApplication({
    ...{ url, role: DEMO_OWNER, writers: 2, statementsPerSecond: 50 },
    random: () => randomInt(2 ** 32) / 2 ** 32,
  });
  application.start();
  stopping(() => application.stop());
  say("An old application reads and writes all the while, 50 statements a second.");
  for (const each of WHILE_THE_OLD_WRITES) await shown.run(each);
  const report = await application.stop();
  const folder = await mkdtemp(join(tmpdir(), "fabula-migrate-saved-"));
  stopping(() => rm(folder, { recursive: true, force: true }));
  for (const each of atTheEnd(folder, quietSeconds)) await shown.run(each);
  const played = (await player.play())?.equals(sound.bytes) ?? false;
  return {
    data: { ...report, latenciesMs: undefined, playsAsBefore: played },
    lines: [
      ...describeApplication(report),
      `The sound of narration ${sound.narration} ${played ? "plays as before" : "does not play as before"}: ${describeSound(sound.bytes)}.`,
    ],
    hasFailed: report.failures.length > 0 || !played,
  };
}

/** Runs the steps, and shows one story and one sound in both models after each. */
class Shown {
  private count = 0;

  constructor(
    private readonly context: CommandContext,
    private readonly story: number,
    private readonly player: Player,
  ) {}

  async run({ says, command, words }: Step): Promise<void> {
    const { client, say } = this.context;
    this.count += 1;
    say(`\n== ${this.count}. ${says}`);
    say(`   ${[command.line.call, ...words].join(" ")}`);
    const { lines } = await command.read(words)(this.context);
    for (const line of lines) say(`   ${line}`);
    for (const line of await describeStory(client, this.story)) say(line);
    say(`  old sound  ${await this.player.describe()}`);
  }
}

const describeApplication = ({ statements, failures }: OldApplicationReport): string[] => [
  "",
  `The old application issued ${statements} statements meanwhile. ${failures.length} failed.`,
  ...failures.slice(0, 5),
];
