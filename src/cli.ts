/**
 * The command line: analyze, import, introspection, narrate, token, voice. The result of a command goes to standard output,
 * everything else to standard error. A process loads only the code of its command.
 */
import { CLI_LINES, START, WORKER } from "./cli/lines.js";
import { keepCompiledCode } from "./platform/process/compile-cache.js";
import { overviewOf } from "./platform/command-line/command-line.js";
import {
  answerOf,
  answerTo,
  takenByNpm,
  unknownCommand,
} from "./platform/command-line/read-words.js";
import { endWith } from "./platform/command-line/script.js";
import { type Stopping, runProcess } from "./platform/process/process.js";

type Name = keyof typeof CLI_LINES;
type Command = (words: readonly string[], stopping: Stopping) => Promise<void>;

const COMMANDS: Readonly<Record<Name, () => Promise<Command>>> = {
  token: async () => (await import("./cli/token.js")).runToken,
  import: async () => (await import("./cli/import.js")).runImport,
  narrate: async () => (await import("./cli/narrate.js")).runNarrate,
  analyze: async () => (await import("./cli/analyze.js")).runAnalyze,
  introspection: async () => (await import("./cli/introspection.js")).runIntrospection,
  voice: async () => (await import("./cli/voice.js")).runVoice,
};

const isName = (name: string): name is Name => Object.hasOwn(CLI_LINES, name);

const overview = (): string =>
  overviewOf("npm run COMMAND -- WORDS, or node dist/src/cli.js COMMAND WORDS", [
    ...[START, WORKER, ...Object.values(CLI_LINES)].map(
      ({ call, summary }) => [call, summary] as const,
    ),
    ["npm run migrate --", "moves a database of the earlier platform over"],
  ]);

const given = process.argv.slice(2);
const [name = "help", ...words] = given[0] === "help" ? [...given.slice(1), "help"] : given;
const answer = isName(name) ? answerOf(CLI_LINES[name], words) : answerTo([name], overview);
// Help needs no new Node.
if (answer !== null) endWith(answer);
await runProcess(async (stopping) => {
  if (!isName(name)) throw unknownCommand(name, Object.keys(CLI_LINES));
  keepCompiledCode();
  const { optionsTakenByNpm } = await import("./config.js");
  const { call, options } = CLI_LINES[name];
  const [taken] = optionsTakenByNpm(Object.keys(options));
  if (taken !== undefined) throw takenByNpm(call, taken);
  const command = await COMMANDS[name]();
  await command(words, stopping);
  return "finished";
});
