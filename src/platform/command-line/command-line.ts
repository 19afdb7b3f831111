/** One option of a command. */
export interface OptionLine {
  /** The name of the value in the usage, for example FILE. An option without a value is a switch. */
  readonly value?: string;
  readonly about: string;
  /** The value if the option is not given. A default that only a sentence can tell stands in `about`. */
  readonly default?: string;
  readonly isRepeatable?: true;
}

/** The words of a command that belong to no option. */
export interface WordsLine {
  /** The words in the usage, for example FILE|DIR. */
  readonly form: string;
  readonly about: string;
  readonly least: number;
  readonly most: number;
}

type Options = Readonly<Record<string, OptionLine>>;

/**
 * All that a person may type for one command. `readWords` reads the words by this declaration, and `helpOf`
 * prints the declaration.
 */
export interface CommandLine<O extends Options = Options> {
  /** What a person types before the words, for example `npm run import --`. */
  readonly call: string;
  readonly summary: string;
  readonly words?: WordsLine;
  readonly options: O;
  /** What else a person must know, one line each. */
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
}

type ValueOf<O extends OptionLine> = O extends { readonly value: string }
  ? O extends { readonly isRepeatable: true }
    ? readonly string[]
    : O extends { readonly default: string }
      ? string
      : string | undefined
  : boolean;

/** The values of the options. A switch is true or false. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

/** Declares a command, so that `readWords` knows the types of its values. */
export const declareCommand = <const O extends Options>(line: CommandLine<O>): CommandLine<O> =>
  line;

export const usageOf = ({ call, words, options }: CommandLine): string => {
  const parts = Object.entries(options).map(([name, option]) => {
    const more = option.isRepeatable ? " …" : "";
    return `[${formOf(name, option)}${more}]`;
  });
  const all = [...(words ? [words.form] : []), ...parts];
  return ["usage:", all.length > 0 ? call : call.replace(/ --$/, ""), ...all].join(" ");
};

/** npm takes options for itself if no `--` stands before them. */
export const dashed = (call: string): string => (/ --( |$)/.test(call) ? call : `${call} --`);

const formOf = (name: string, { value }: OptionLine): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;

/** Returns the text of --help. */
export function helpOf(line: CommandLine): string {
  const { summary, words, options, notes = [], examples } = line;
  const rows: (readonly [form: string, about: string])[] = [
    ...(words ? [[words.form, words.about] as const] : []),
    ...Object.entries(options).map(
      ([name, option]) => [formOf(name, option), aboutOf(option)] as const,
    ),
    ["--help, -h", "prints this"],
  ];
  const width = Math.max(...rows.map(([form]) => form.length)) + 2;
  return [
    usageOf(line),
    "",
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    "",
    ...rows.map(([form, about]) => `  ${form.padEnd(width)}${about}`),
    ...(notes.length > 0 ? ["", ...notes] : []),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
  ].join("\n");
}

const aboutOf = ({ about, default: standard }: OptionLine): string =>
  standard === undefined ? about : `${about}; default ${standard}`;

/** Returns the list of commands, for a program without a command. */
export function overviewOf(
  usage: string,
  commands: readonly (readonly [name: string, summary: string])[],
): string {
  const width = Math.max(...commands.map(([name]) => name.length)) + 2;
  return [
    `usage: ${usage}`,
    "",
    ...commands.map(([name, summary]) => `  ${name.padEnd(width)}${summary}`),
    "",
    "The option --help of a command prints its options and examples.",
  ].join("\n");
}
