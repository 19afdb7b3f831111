/**
 * The command line: analyze, import, narrate, token, voice. The result of a command goes to standard output,
 * everything else to standard error.
 */
import { runAnalyze } from "./cli/analyze.js";
import { runImport } from "./cli/import.js";
import { runNarrate } from "./cli/narrate.js";
import { runToken } from "./cli/token.js";
import { runVoice } from "./cli/voice.js";
import { StartupError } from "./platform/errors.js";
import { type Stopping, runProcess } from "./platform/process.js";

const COMMANDS: Readonly<
  Record<string, (words: readonly string[], stopping: Stopping) => Promise<void>>
> = {
  analyze: runAnalyze,
  import: runImport,
  narrate: runNarrate,
  token: runToken,
  voice: runVoice,
};

await runProcess(async (stopping) => {
  const [name = "", ...words] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) {
    throw new StartupError(
      `There is no command "${name}"; use ${Object.keys(COMMANDS).join(", ")}.`,
    );
  }
  await command(words, stopping);
  return "finished";
});
