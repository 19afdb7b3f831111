import { reportOf, reportText } from "../../platform/process/error-report.js";
import { type CommandLine, overviewOf } from "../../platform/command-line/command-line.js";
import { answerOf, answerTo, unknownCommand } from "../../platform/command-line/read-words.js";
import { FabulaError, StartupError, exitCodeOf } from "../../platform/errors.js";
import { isLostConnection, sqlStateOf } from "../connection.js";
import { analysesCommand } from "./analyses.js";
import { backfillCommand, pauseCommand, resumeCommand } from "./backfill.js";
import type { Command, CommandContext, Report } from "./command.js";
import { contractCommand } from "./contract.js";
import { demoCommand } from "./demo.js";
import { expandCommand } from "./expand.js";
import { planCommand } from "./plan.js";
import { quarantineCommand } from "./quarantine.js";
import { rollbackCommand } from "./rollback.js";
import { statusCommand } from "./status.js";
import { verifyCommand } from "./verify.js";

/** The command that brings a database of its own. */
export const DEMO = "demo";

const COMMANDS: Readonly<Record<string, Command>> = {
  plan: planCommand,
  [DEMO]: demoCommand,
  status: statusCommand,
  expand: expandCommand,
  backfill: backfillCommand,
  pause: pauseCommand,
  resume: resumeCommand,
  analyses: analysesCommand,
  verify: verifyCommand,
  quarantine: quarantineCommand,
  rollback: rollbackCommand,
  contract: contractCommand,
};

/** The declarations of all commands. */
export const LINES: readonly CommandLine[] = Object.values(COMMANDS).map(({ line }) => line);

const INSUFFICIENT_PRIVILEGE = "42501";

type Open = (command: string) => Promise<CommandContext>;

/**
 * Runs the command of a command line. `open` opens the database; help needs none. With --json, an error is a JSON
 * document, too.
 * @throws StartupError that says what to do
 */
export async function runCommand(words: readonly string[], open: Open): Promise<string> {
  const isJson = words.includes("--json");
  const others = words.filter((word) => word !== "--json");
  if (!isJson) return run(others, open, ({ lines }) => lines.join("\n"));
  try {
    return await run(others, open, ({ data }) => JSON.stringify(data, null, 2));
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    return JSON.stringify({ error: messageOf(error) }, null, 2);
  }
}

/** The message of an error that nobody foresaw may quote rows. */
const messageOf = (error: unknown): string =>
  error instanceof FabulaError || error instanceof StartupError
    ? error.message
    : reportText(reportOf(error));

async function run(
  words: readonly string[],
  open: Open,
  print: (report: Report) => string,
): Promise<string> {
  const [name = "help", ...rest] = words[0] === "help" ? [...words.slice(1), "help"] : words;
  const about = answerTo([name], overview);
  if (about !== null) return about;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw unknownCommand(name, Object.keys(COMMANDS));
  const answer = answerOf(command.line, rest);
  if (answer !== null) return answer;
  const work = command.read(rest);
  const report = await work(await open(name)).catch((error: unknown) => {
    throw explained(error);
  });
  if (report.hasFailed) process.exitCode = 1;
  return print(report);
}

const overview = (): string =>
  overviewOf(
    "npm run migrate -- COMMAND [--json]",
    Object.entries(COMMANDS).map(([name, { line }]) => [name, line.summary]),
  );

/** Says what to do about an error that the login's rights or a lost connection cause. */
function explained(error: unknown): unknown {
  if (sqlStateOf(error) === INSUFFICIENT_PRIVILEGE) {
    return new StartupError(
      `The login of MIGRATION_DATABASE_URL lacks a right (${(error as Error).message}). \`npm run migrate -- plan\` lists the statements that grant what is missing.`,
      { cause: error },
    );
  }
  if (error instanceof Error && isLostConnection(error)) {
    return new StartupError(
      `The connection to the database was lost (${error.message}). When the database answers again, run the command again: a backfill goes on at its checkpoint.`,
      { cause: error },
    );
  }
  return error;
}
