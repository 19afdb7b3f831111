import { optionsTakenByNpm } from "../src/config.js";
import type { CommandLine } from "../src/platform/command-line/command-line.js";
import { type ReadWords, takenByNpm, wrong } from "../src/platform/command-line/read-words.js";
import { readOwnWords } from "../src/platform/command-line/script.js";

/** Reads the words of a script. Prints help or what is wrong with the words, and ends the process. */
export function readScriptWords<L extends CommandLine>(line: L): ReadWords<L> {
  // A reader like `head` closes the pipe early. Without a handler, Node would print a stack.
  process.stdout.on("error", () => process.exit());
  const [taken] = optionsTakenByNpm(Object.keys(line.options));
  if (taken !== undefined) refuse(takenByNpm(line.call, taken));
  return readOwnWords(line);
}

/** Reads a whole number. Prints what is wrong with the text, and ends the process. */
export function countOf(line: CommandLine, option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(wrong(line, `--${option} ${text} is not a whole number.`));
}

/** Refuses words that name none of the choices. */
export function requireChoices(
  line: CommandLine,
  words: readonly string[],
  choices: readonly string[],
): void {
  const other = words.find((word) => !choices.includes(word));
  if (other === undefined) return;
  refuse(wrong(line, `There is no ${other}. Choose from: ${choices.join(", ")}.`));
}

/** Says what is wrong, and ends the process with the code for wrong words. */
export function refuse({ message }: Error): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
