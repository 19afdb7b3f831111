import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { epubOf } from "../support/epub.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { type CliOutcome, runCli } from "./cli.process.js";

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-import-"));
  database = await cloneDatabase();
});
afterEach(() => database.clean());
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `import` in a separate process, as a person does at a terminal. */
async function runImport(
  name: string,
  bytes: Uint8Array | string,
  ...words: readonly string[]
): Promise<CliOutcome> {
  await writeFile(join(folder, name), bytes);
  return runCli(["import", join(folder, name), ...words], { database, folder });
}

const stories = (): Promise<object[]> =>
  database.superuser(
    `SELECT s.title, s.author_name, s.language, s.visibility, t.content, t.chapters
     FROM reference.stories s JOIN reference.story_texts t USING (content_hash)`,
  );

test("import makes a story of an EPUB, with its chapters and the name of its author", async () => {
  const book = epubOf({
    pages: [{ body: "<p>The bell rang.</p>" }, { body: "<p>It stopped.</p>" }],
    toc: [
      { title: "I", href: "page1.xhtml" },
      { title: "II", href: "page2.xhtml" },
    ],
  });

  const { code, result } = await runImport("bell.epub", book, "--publish");

  expect({ code, result }).toEqual({ code: 0, result: 'public the-bell "The Bell"\n' });
  expect(await stories()).toEqual([
    {
      ...{
        title: "The Bell",
        author_name: "Ada Lovelace",
        language: "en-GB",
        visibility: "public",
      },
      content: "The bell rang.\n\nIt stopped.",
      chapters: [
        { title: "I", start: 0 },
        { title: "II", start: 16 },
      ],
    },
  ]);
});

test("import reads a text in the encoding that its option names", async () => {
  const text = Buffer.from("Le caf\xe9 ferme.", "latin1");

  const refused = await runImport("cafe.txt", text);
  const read = await runImport("cafe.txt", text, "--encoding", "iso-8859-1", "--language", "fr");

  expect(refused.code).toBe(1);
  expect(refused.notes).toContain("the option --encoding");
  expect(read.code).toBe(0);
  expect(await stories()).toMatchObject([{ content: "Le café ferme.", language: "fr" }]);
});

test("import says what a file is that it cannot read, and stores nothing", async () => {
  const { code, notes } = await runImport("book.epub", "%PDF-1.7\n");

  expect(code).toBe(1);
  expect(notes).toContain("book.epub is a PDF, which cannot be imported.");
  expect(await stories()).toEqual([]);
});
