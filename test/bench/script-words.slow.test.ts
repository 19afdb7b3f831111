import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
/** The scripts that run a file of dist/bench. */
const BENCHES = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /(dist\/bench\/\S+\.js)/.exec(script) ?? [];
  return file === undefined ? [] : [[name, file] as const];
});

const run = (file: string, word: string): Promise<object> =>
  new Promise((ended) => {
    const child = execFile(process.execPath, [join(ROOT, file), word], (_error, result, notes) =>
      ended({ code: child.exitCode, result, notes }),
    );
  });

test.each(BENCHES)(
  "npm run %s explains itself, and refuses an unknown option",
  async (name, file) => {
    const help = await run(file, "--help");
    const wrong = await run(file, "--no-such-thing");

    expect(help).toEqual({
      code: 0,
      result: expect.stringMatching(
        new RegExp(`^usage: npm run ${name}\\b[^]*\nExamples:\n.+\n.+`),
      ),
      notes: "",
    });
    expect(wrong).toEqual({
      code: 2,
      result: "",
      notes: expect.stringMatching(
        /^There is no option --no-such-thing\.\nusage: .+\nAll options: .+\n$/,
      ),
    });
  },
);
