import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SECRET, TRUST } from "../support/api.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";

const CLI = resolve(import.meta.dirname, "../../dist/src/cli.js");
const RUSSIAN = "Река поднялась ночью.\n\n«Кто там?» — спросила Анна.\n\n";
const ENGLISH = "The river rose in the night.\n\n“Who is there?” asked Anna.\n\n";

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-narrate-"));
  database = await cloneDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly said: string;
  readonly stories: readonly object[];
  readonly files: readonly string[];
}

/** Returns the names of the files in a folder. Returns an empty list if the folder does not exist. */
const filesIn = async (path: string): Promise<string[]> =>
  (await readdir(path).catch(() => [])).sort();

/** Runs `narrate` in a separate process, as a person does at a terminal. */
async function narrate(text: string, ...words: string[]): Promise<Outcome> {
  const file = join(folder, "night.txt");
  const out = join(folder, "out");
  await writeFile(file, text);
  const env = {
    PATH: process.env["PATH"],
    DATA_DIR: join(folder, "data"),
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    AUTH_SECRET: SECRET,
    AUTH_ISSUER: TRUST.issuer,
    AUTH_AUDIENCE: TRUST.audience,
  };
  const [code, said] = await new Promise<[number, string]>((ended) => {
    const run = [CLI, "narrate", file, "--out", out, ...words];
    const child = execFile(process.execPath, run, { env }, (_error, output, notes) => {
      ended([child.exitCode ?? -1, output + notes]);
    });
  });
  const stories = await database.superuser("SELECT visibility FROM reference.stories");
  return { code, said, stories, files: await filesIn(out) };
}

test.each([
  ["a text that no voice can speak", RUSSIAN, []],
  ["a text most of which no voice can speak", RUSSIAN + RUSSIAN + ENGLISH, []],
  ["a language without a voice", ENGLISH, ["--language", "ru"]],
  ["a voice that does not exist", ENGLISH, ["--voice", "flite:nobody"]],
  ["an empty text", "\n\n", []],
])("narrate publishes nothing of %s", async (_name, text, words) => {
  const { code, said, stories, files } = await narrate(text, ...words);

  expect(code).toBe(1);
  expect(said).not.toBe("");
  expect(stories).toEqual([]);
  expect(files).toEqual([]);
});

test("narrate says that everyone can read the text, and writes the sound", async () => {
  const { code, said, stories, files } = await narrate(ENGLISH);

  expect(code).toBe(0);
  expect(said).toMatch(/Publishing “.+”: everyone can read it/);
  expect(stories).toEqual([{ visibility: "public" }]);
  expect(files).toEqual(["night.json", "night.mp3", "night.vtt"]);
});
