import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../errors.js";
import { nearestTo } from "../text/nearest.js";
import { type CommandLine, type OptionValues, dashed, helpOf, usageOf } from "./command-line.js";

export interface ReadWords<L extends CommandLine> {
  /** The words that belong to no option. */
  readonly words: readonly string[];
  readonly values: OptionValues<L["options"]>;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/**
 * Reads the words of a command.
 * @throws UsageError that says what is wrong, with the usage
 */
export function readWords<L extends CommandLine>(line: L, words: readonly string[]): ReadWords<L> {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(line.options).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ("boolean" as const) : ("string" as const) },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const values = given.get(token.name) ?? [];
    values.push(valueOf(line, token));
    given.set(token.name, values);
  }
  const others = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  refuseWrongCount(line, others);
  const values = Object.entries(line.options).map(([name, option]) => {
    const found = given.get(name) ?? [];
    if (option.isRepeatable) return [name, found] as const;
    if (found.length > 1) throw wrong(line, `--${name} stands there twice; give it once.`);
    return [name, found[0] ?? (option.value === undefined ? false : option.default)] as const;
  });
  return { words: others, values: Object.fromEntries(values) as OptionValues<L["options"]> };
}

function valueOf(line: CommandLine, token: OptionToken): string | true {
  const { name, rawName, value } = token;
  const option = Object.hasOwn(line.options, name) ? line.options[name] : undefined;
  if (!option || !rawName.startsWith("--")) throw unknownOption(line, rawName);
  if (option.value !== undefined) return textOf(line, token, option.value);
  if (value === undefined) return true;
  throw wrong(line, `--${name} takes no value; write only --${name}.`);
}

function textOf(
  line: CommandLine,
  { name, value, inlineValue }: OptionToken,
  form: string,
): string {
  if (value === undefined || value === "") {
    throw wrong(line, `--${name} needs a value: --${name} ${form}.`);
  }
  if (inlineValue !== true && value.length > 1 && value.startsWith("-")) {
    throw wrong(
      line,
      `--${name} needs a value, and "${value}" looks like an option. If it is the value, write --${name}=${value}.`,
    );
  }
  return value;
}

function unknownOption(line: CommandLine, rawName: string): UsageError {
  const names = [...Object.keys(line.options), "help"];
  const [nearest] = nearestTo(rawName.replace(/^-+/, ""), names);
  const advice = nearest === undefined ? "." : `; do you mean --${nearest}?`;
  return wrong(line, `There is no option ${rawName}${advice}`);
}

function refuseWrongCount(line: CommandLine, words: readonly string[]): void {
  const { form, least, most } = line.words ?? { form: "", least: 0, most: 0 };
  if (words.length < least) throw wrong(line, `The command needs ${form}.`);
  const extra = words[most];
  if (extra === undefined) return;
  const isOption = Object.hasOwn(line.options, extra);
  const advice = isOption ? `; do you mean --${extra}?` : ".";
  throw wrong(line, `The word "${extra}" has no meaning here${advice}`);
}

/** Returns the error for words that the command does not understand. */
export const wrong = (line: CommandLine, message: string): UsageError =>
  new UsageError(`${message}\n${usageOf(line)}\nAll options: ${dashed(line.call)} --help`);

/** Returns the error for a command that does not exist. */
export function unknownCommand(name: string, names: readonly string[]): UsageError {
  const [nearest] = nearestTo(name, names);
  const advice = nearest === undefined ? "" : ` Do you mean ${nearest}?`;
  return new UsageError(`There is no command "${name}"; use ${names.join(", ")}.${advice}`);
}

/** Returns the error for an option that npm took for itself, because no `--` stood before the option. */
export function takenByNpm(call: string, option: string): UsageError {
  return new UsageError(
    `npm took --${option} for itself. Write two dashes before the words of the command: ${dashed(call)} … --${option}`,
  );
}

/** Returns what --help or --version prints. Null if the words ask for neither. */
export function answerTo(words: readonly string[], help: () => string): string | null {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const isHelp = own.includes("--help") || own.includes("-h");
  if (isHelp || (words.length === 1 && words[0] === "help")) return help();
  return own.includes("--version") ? version() : null;
}

/** Returns what a command prints instead of its work. Null if the command shall work. */
export const answerOf = (line: CommandLine, words: readonly string[]): string | null =>
  answerTo(words, () => helpOf(line));

function version(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  return `${about.name} ${about.version}`;
}
