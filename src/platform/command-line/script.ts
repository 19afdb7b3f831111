import { UsageError } from "../errors.js";
import type { CommandLine } from "./command-line.js";
import { type ReadWords, answerOf, readWords } from "./read-words.js";

/**
 * Reads the words of this process. If the words ask for help, or if they are wrong, prints what to know and
 * ends the process. Call this before other work.
 */
export function readOwnWords<L extends CommandLine>(line: L): ReadWords<L> {
  const words = process.argv.slice(2);
  const answer = answerOf(line, words);
  if (answer !== null) endWith(answer);
  try {
    return readWords(line, words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Prints the answer and ends the process. A reader that is gone makes no error: the process ends first. */
export function endWith(answer: string): never {
  process.stdout.write(`${answer}\n`);
  process.exit(0);
}
