import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const DIST = resolve(import.meta.dirname, "../../../dist");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fabula-cache-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const filesOf = (cache: string): string[] =>
  readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Analyses a text in a process of its own. Returns the document. */
function analyse(environment: Readonly<Record<string, string>>): unknown {
  const [text, out] = [join(folder, "night.txt"), join(folder, "out")];
  mkdirSync(out, { recursive: true });
  writeFileSync(text, "“Hush,” said Ada. The night was long.");
  execFileSync(process.execPath, [join(DIST, "src/cli.js"), "analyze", text, "--out", out], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "pipe",
  });
  return readdirSync(out).sort();
}

test("a process keeps its compiled code beside its built files", () => {
  analyse({});

  expect(filesOf(join(DIST, ".compiled")).length).toBeGreaterThan(0);
});

test("a process starts with damaged compiled code, and repairs it", () => {
  const cache = join(folder, "cache");
  const written = analyse({ NODE_COMPILE_CACHE: cache });
  const files = filesOf(cache);
  for (const file of files) writeFileSync(file, "damaged");

  const again = analyse({ NODE_COMPILE_CACHE: cache });

  expect(files.length).toBeGreaterThan(0);
  expect(again).toEqual(written);
  expect(files.every((file) => statSync(file).size > "damaged".length)).toBe(true);
});

test("a process starts if the folder for compiled code cannot be made", () => {
  const noFolder = join(folder, "a-file");
  writeFileSync(noFolder, "");

  expect(analyse({ NODE_COMPILE_CACHE: join(noFolder, "cache") })).toContain("night.json");
});

test("a process keeps no compiled code if the cache is switched off", () => {
  const cache = join(folder, "cache");

  analyse({ NODE_COMPILE_CACHE: cache, NODE_DISABLE_COMPILE_CACHE: "1" });

  expect(existsSync(cache)).toBe(false);
});
