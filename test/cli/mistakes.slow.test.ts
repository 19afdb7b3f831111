import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { type CliOutcome, type CliPlace, runCli } from "./cli.process.js";

const TEXT = "The bell rang.\n\n“Who is there?” said Anna.\n";

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-mistakes-"));
  database = await cloneDatabase();
  await writeFile(join(folder, "night.txt"), TEXT);
  await mkdir(join(folder, "empty"));
  await mkdir(join(folder, "texts"));
  await writeFile(join(folder, "texts", "NIGHT.TXT"), TEXT);
  await writeFile(join(folder, "texts", "day.Markdown"), "# Day\n\nIt was *late*.\n");
  await writeFile(join(folder, "texts", "cafe.txt"), Buffer.from("Le caf\xe9 ferme.", "latin1"));
  await writeFile(join(folder, "texts", "notes.ini"), "a=b");
});
afterEach(() => database.clean());
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const run = (words: readonly string[], more: Partial<CliPlace> = {}): Promise<CliOutcome> =>
  runCli(words, { database, folder, ...more });
const stories = (): Promise<object[]> =>
  database.superuser("SELECT title FROM reference.stories ORDER BY title");
const users = (): Promise<object[]> => database.superuser("SELECT id FROM platform.users");

test.each([
  [
    "a missing file",
    1,
    () => ["import", at("none.txt")],
    /^There is no file or folder \S+none\.txt/,
  ],
  [
    "a path through a file",
    1,
    () => ["narrate", at("night.txt/x")],
    /a part of the path is a file/,
  ],
  ["an empty word", 1, () => ["narrate", ""], /^The name of a file is empty; check the words/],
  ["a folder for a file", 1, () => ["narrate", at("texts")], /texts is a folder; name a file\.$/m],
  ["a folder without texts", 1, () => ["analyze", at("empty")], /empty contains no files of text/],
  [
    "an unknown language",
    2,
    () => ["import", at("night.txt"), "--language", "germn"],
    /do you mean German \(de\)\?/,
  ],
  [
    "no language at all",
    2,
    () => ["analyze", at("night.txt"), "--language", "!"],
    /write a tag such as en/,
  ],
  [
    "an unknown encoding",
    2,
    () => ["import", at("night.txt"), "--encoding", "utf9"],
    /There is no encoding "utf9"; name one such as utf-8/,
  ],
  ["the wrong encoding", 1, () => ["import", at("texts/cafe.txt")], /is not plain text in UTF-8/],
  [
    "an unknown user",
    1,
    () => ["import", at("night.txt"), "--user", "nobody"],
    /The demo users are ada, ben and cleo\. To make a new user, add --create-user\./,
  ],
  [
    "a slip in a user's name",
    1,
    () => ["narrate", at("night.txt"), "--user", "clea"],
    /Do you mean cleo\?/,
  ],
  ["no name at all", 2, () => ["voice", "--list", "--user", "a b"], /"a b" is no name of a user/],
  [
    "an unknown voice",
    1,
    () => ["narrate", at("night.txt"), "--voice", "Saly"],
    /There is no voice Saly\. Do you mean Sally \(flite:slt\)\? Choose one of Sally \(flite:slt\), Robert/,
  ],
  [
    "one title for many files",
    2,
    () => ["import", at("texts"), "--title", "X"],
    /belong to one file/,
  ],
  [
    "a sample without its emotion",
    2,
    () => ["voice", "--sample", "line.wav"],
    /"line\.wav" is not EMOTION=FILE\./,
  ],
  ["a sample that is a folder", 1, () => ["voice", "--sample", `joy=${folder}`], /is a folder/],
  [
    "no folder to write to",
    1,
    () => ["analyze", at("night.txt"), "--out", "/proc/none"],
    /Cannot write to \/proc\/none/,
  ],
])("%s is one plain sentence, and nothing is stored", async (_name, code, words, reason) => {
  const outcome = await run(words());

  expect(outcome).toMatchObject({ code, result: "" });
  expect(outcome.notes).toMatch(reason);
  expect(outcome.notes).not.toMatch(/^ +at |Error:/m);
  expect(await stories()).toEqual([]);
});

test("an option that npm took for itself stops the command", async () => {
  const env = { npm_config_publish: "true", npm_config_yes: "" };

  const { code, notes } = await run(["import", at("night.txt")], { env });

  expect(code).toBe(2);
  expect(notes).toBe(
    "npm took --publish for itself. Write two dashes before the words of the command: npm run import -- … --publish\n",
  );
});

test("a new user is made only with --create-user, and is known from then on", async () => {
  const made = await run(["import", at("night.txt"), "--user", "dora", "--create-user"]);
  const again = await run(["import", at("night.txt"), "--user", "dora"]);

  expect([made.code, again.code]).toEqual([0, 0]);
  expect(await users()).toEqual([{ id: "demo-user-dora" }]);
});

test("the name of a demo user may be written in any case", async () => {
  expect((await run(["import", at("night.txt"), "--user", "Ben"])).code).toBe(0);
  expect(await users()).toEqual([{ id: "demo-user-ben" }]);
});

test("a folder is imported with names in any case, and the file that fails is named", async () => {
  const { code, result, notes } = await run(["import", at("texts")]);

  expect(code).toBe(1);
  expect(result.split("\n").map((line) => line.split(" ")[0])).toEqual(["draft", "draft", ""]);
  expect(notes).toContain(`1 of 3 files failed: ${at("texts/cafe.txt")}.`);
  expect(await stories()).toMatchObject([{ title: "Day" }, { title: "NIGHT" }]);
});

test("a text comes from standard input, with a name that tells its format", async () => {
  const named = await run(["import", "-", "--name", "night.md"], {
    input: "# Night\n\nIt *rang*.\n",
  });
  const titled = await run(["import", "-", "--title", "Bell"], { input: TEXT });
  const empty = await run(["import", "-"], { input: "" });

  expect([named.code, titled.code, empty.code]).toEqual([0, 0, 1]);
  expect(await stories()).toMatchObject([{ title: "Bell" }, { title: "Night" }]);
  expect(empty.notes).toContain("standard-input is empty (0 bytes)");
});

test("analyze reads standard input, and names the document by --name", async () => {
  const out = at("analysed");

  const { code } = await run(["analyze", "-", "--name", "bell", "--out", out], { input: TEXT });

  expect(code).toBe(0);
  expect(await readdir(out)).toEqual(["bell.json", "bell.txt"]);
  expect(await readFile(join(out, "bell.txt"), "utf8")).toContain("Anna");
});

test("a database that does not answer is named with its address", async () => {
  const env = { DATABASE_URL: "postgres://u:p@127.0.0.1:1/x", MIGRATION_DATABASE_URL: "" };

  const { code, notes } = await run(["import", at("night.txt")], { env });

  expect(code).toBe(1);
  expect(notes).toMatch(/^Cannot reach the database x at 127\.0\.0\.1:1 as u .*DATABASE_URL/);
  expect(notes).not.toMatch(/^ +at /m);
});

test("a DATA_DIR that cannot be written is named", async () => {
  const env = { AUTH_SECRET: "", AUTH_ISSUER: "", AUTH_AUDIENCE: "", DATA_DIR: "/proc/none" };

  const { code, notes } = await run(["token", "ada"], { env });

  expect(code).toBe(1);
  expect(notes).toMatch(/^DATA_DIR \/proc\/none cannot store the development secret/);
});

test("token prints nothing for an unknown user, unless it may be made", async () => {
  const env = { AUTH_SECRET: "", AUTH_ISSUER: "", AUTH_AUDIENCE: "" };

  const unknown = await run(["token", "nobody"], { env });
  const allowed = await run(["token", "nobody", "--create-user"], { env });

  expect(unknown).toMatchObject({ code: 1, result: "" });
  expect(unknown.notes).toMatch(
    /^There is no user "nobody"\. The demo users are ada, ben and cleo/,
  );
  expect(allowed.result).toMatch(/^\S+\.\S+\.\S+\n$/);
});

test("a port in use and a host that is none stop the server before its database", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const main = resolve(import.meta.dirname, "../../dist/src/main.js");
  const start = async (env: Record<string, string>): Promise<string> => {
    const all = { PATH: process.env["PATH"], DATA_DIR: at("data"), ...env };
    const child = spawn(process.execPath, [main], {
      env: all,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let notes = "";
    child.stderr.on("data", (part) => (notes += String(part)));
    const [code] = (await once(child, "close")) as [number];
    return `${code} ${notes}`;
  };

  const inUse = await start({ PORT: String(port) });
  const noHost = await start({ PORT: "0", HOST: "203.0.113.9" });
  taken.close();

  expect(inUse).toBe(`1 Port ${port} is in use; stop the other program, or set PORT.\n`);
  expect(noHost).toMatch(/^1 HOST 203\.0\.113\.9 is no address of this machine; .*\n$/);
});

test("a reader that leaves early is no error", async () => {
  const child = spawn(process.execPath, [
    resolve(import.meta.dirname, "../../dist/src/cli.js"),
    "import",
    "--help",
  ]);
  let notes = "";
  child.stderr.on("data", (part) => (notes += String(part)));
  child.stdout.destroy();

  await once(child, "close");

  expect(notes).toBe("");
});
