import { type ParseArgsConfig, parseArgs } from "node:util";
import { StartupError } from "./errors.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Parses the words and options of a command line. @throws StartupError with the usage */
export function parseArguments<O extends Options>(
  words: readonly string[],
  options: O,
  usage: string,
): ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new StartupError(
      `${error instanceof Error ? error.message : "The options are not valid."}\n${usage}`,
    );
  }
}

/** Parses a command line that has options only. @throws StartupError with the usage */
export function parseOptions<O extends Options>(
  words: readonly string[],
  options: O,
  usage: string,
): ReturnType<typeof parseArguments<O>>["values"] {
  const { positionals, values } = parseArguments(words, options, usage);
  const [extra] = positionals;
  if (extra !== undefined)
    throw new StartupError(`The word "${extra}" has no meaning here.\n${usage}`);
  return values;
}
