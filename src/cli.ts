/**
 * The command line: analyze, import, narrate, token, voice. The result of a command goes to standard output,
 * everything else to standard error. A process loads only the code of its command.
 */
import { keepCompiledCode } from "./platform/compile-cache.js";
import { StartupError } from "./platform/errors.js";
import { type Stopping, runProcess } from "./platform/process.js";

type Command = (words: readonly string[], stopping: Stopping) => Promise<void>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import("./cli/analyze.js")).runAnalyze,
  import: async () => (await import("./cli/import.js")).runImport,
  narrate: async () => (await import("./cli/narrate.js")).runNarrate,
  token: async () => (await import("./cli/token.js")).runToken,
  voice: async () => (await import("./cli/voice.js")).runVoice,
};

await runProcess(async (stopping) => {
  const [name = "", ...words] = process.argv.slice(2);
  const load = COMMANDS[name];
  if (!load) {
    throw new StartupError(
      `There is no command "${name}"; use ${Object.keys(COMMANDS).join(", ")}.`,
    );
  }
  keepCompiledCode();
  const run = await load();
  await run(words, stopping);
  return "finished";
});
