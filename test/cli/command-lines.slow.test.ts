import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CLI_LINES, START, WORKER } from "../../src/cli/lines.js";
import { LINES as MIGRATIONS, runCommand } from "../../src/legacy/commands/run-command.js";
import { type CommandLine, usageOf } from "../../src/platform/command-line/command-line.js";
import type { CliOutcome } from "./cli.process.js";

const ROOT = resolve(import.meta.dirname, "../..");

const folder = mkdtempSync(join(tmpdir(), "fabula-lines-"));
const dataDir = join(folder, "data");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a built program without a database. */
function run(file: string, words: readonly string[]): Promise<CliOutcome> {
  const env = { PATH: process.env["PATH"], DATA_DIR: dataDir };
  const path = join(ROOT, "dist/src", file);
  return new Promise((ended) => {
    const child = execFile(process.execPath, [path, ...words], { env }, (_error, result, notes) => {
      ended({ code: child.exitCode ?? -1, result, notes });
    });
  });
}

/** The file of each command, the words that start it, and its declaration. */
const COMMANDS: readonly (readonly [string, readonly string[], CommandLine])[] = [
  ["main.js", [], START],
  ["worker.js", [], WORKER],
  ...Object.entries(CLI_LINES).map(([name, line]) => ["cli.js", [name], line] as const),
];

const isPlain = (text: string): boolean => !/^ +at |Error:|node:internal/m.test(text);

test.each(COMMANDS)("%s %j explains itself without a database", async (file, words, line) => {
  const { code, result, notes } = await run(file, [...words, "--help"]);

  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(result).toContain(usageOf(line));
  for (const name of Object.keys(line.options)) expect(result).toContain(`  --${name} `);
  expect(line.examples.length).toBeGreaterThanOrEqual(2);
  for (const example of line.examples) expect(result).toContain(example);
  expect(existsSync(dataDir)).toBe(false);
});

test.each(COMMANDS)("%s %j refuses what it does not understand", async (file, words, line) => {
  const most = line.words?.most ?? 0;
  const extra = Array.from({ length: most + 1 }, (_, index) => `word${index}`);

  const option = await run(file, [...words, "--no-such-thing"]);
  const word = await run(file, [...words, ...extra]);

  expect({ code: option.code, result: option.result }).toEqual({ code: 2, result: "" });
  expect(option.notes).toMatch(/^There is no option --no-such-thing\./);
  expect({ code: word.code, result: word.result }).toEqual({ code: 2, result: "" });
  expect(word.notes).toMatch(new RegExp(`^The word "word${most}" has no meaning here\\.`));
  expect([option, word].every(({ notes }) => isPlain(notes))).toBe(true);
  expect(existsSync(dataDir)).toBe(false);
});

test.each(MIGRATIONS.map((line) => [line.call.split(" ").at(-1) ?? "", line] as const))(
  "migrate %s explains itself, and refuses what it does not understand",
  async (name, line) => {
    const noDatabase = () => Promise.reject(new Error("A database was opened."));

    const help = await runCommand([name, "-h"], noDatabase);

    expect(help).toContain(usageOf(line));
    expect(line.examples.length).toBeGreaterThanOrEqual(2);
    await expect(runCommand([name, "--no-such-thing"], noDatabase)).rejects.toThrow(
      /^There is no option --no-such-thing\./,
    );
    await expect(runCommand([name, "a", "b", "c"], noDatabase)).rejects.toThrow(
      /^The word "[ac]" has no meaning here\./,
    );
  },
);

test.each([[[]], [["help"]], [["--help"]]])("the words %j list the commands", async (words) => {
  const { code, result, notes } = await run("cli.js", words);

  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  for (const [, , line] of COMMANDS) expect(result).toContain(`${line.call} `);
});

test("an unknown command is refused with the nearest", async () => {
  const { code, result, notes } = await run("cli.js", ["imprt"]);

  expect({ code, result }).toEqual({ code: 2, result: "" });
  expect(notes).toBe(
    'There is no command "imprt"; use token, import, narrate, analyze, introspection, voice. Do you mean import?\n',
  );
});

test("--version and help with a name answer, too", async () => {
  expect((await run("cli.js", ["--version"])).result).toMatch(/^fabula \d/);
  expect((await run("cli.js", ["help", "import"])).result).toContain(usageOf(CLI_LINES.import));
});

test("every option in the README's table of commands exists", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const rows = readme.split("\n").filter((row) => /^\| `npm (?:run|start)/.test(row));
  const unknown = rows.flatMap((row) => {
    const line = Object.entries(CLI_LINES).find(([name]) => row.includes(` ${name} --`))?.[1];
    const [form = ""] = row.split(" | ");
    const known = Object.keys(line?.options ?? {});
    const options = line
      ? [...form.matchAll(/--([a-z][a-z-]*)/g)].map(([, name = ""]) => name)
      : [];
    return options.filter((name) => !known.includes(name));
  });

  expect(rows.length).toBeGreaterThan(8);
  expect(unknown).toEqual([]);
});
