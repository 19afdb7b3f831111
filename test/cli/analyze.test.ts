import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAnalyze } from "../../src/cli/analyze.js";
import type { AnalysisDocument } from "../../src/reference/index.js";
import { epubOf } from "../support/epub.js";
import { contentHashOf, readStoryFile } from "../../src/reference/index.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-analyze-"));
  await mkdir(join(folder, "texts"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(join(folder, "texts", name), content);
const out = (name: string): Promise<string> => readFile(join(folder, "out", name), "utf8");
const analyse = (path = "texts"): Promise<void> =>
  runAnalyze([join(folder, path), "--out", join(folder, "out")]);

test("every offset of the document belongs to the text file beside the document", async () => {
  const content = "\uFEFFPrologue\r\n\r\n‘Who’s there?’ said Anna.\r\n\r\nNobody answered.\r\n";
  await write("night.txt", content);

  await analyse();

  const text = await out("night.txt");
  const document = JSON.parse(await out("night.json")) as AnalysisDocument;
  expect(document.contentHash).toBe(contentHashOf(text));
  expect(text).toBe("Prologue\n\n‘Who’s there?’ said Anna.\n\nNobody answered.");
  const tiles = document.segments.map(({ start, end }) => text.slice(start, end));
  expect(tiles[0]).toContain("Prologue");
  expect(tiles.join(" ").replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
});

test("the text file contains the text that an import would store", async () => {
  const bytes = new TextEncoder().encode("14 March 1889\n\nThe fog came in.\n");
  await write("diary.txt", bytes);

  await analyse();

  const { content } = await readStoryFile({ fileName: "diary.txt", bytes });
  expect(await out("diary.txt")).toBe(content);
});

test("a bad file is named, and the other files of the folder are analysed", async () => {
  await write("a.txt", "The bell rang.");
  await write("b.txt", Uint8Array.of(0x43, 0x61, 0x66, 0xe9));
  await write("c.txt", " \n ");
  await mkdir(join(folder, "texts", "d.txt"));
  await write("e.TXT", "Nobody answered.");

  await expect(analyse()).rejects.toThrow("3 of 5 files failed");

  expect(await readdir(join(folder, "out"))).toEqual(["a.json", "a.txt", "e.json", "e.txt"]);
});

test("books and pages are analysed as the text that an import would store", async () => {
  await write("bell.epub", epubOf({ pages: [{ body: "<p>“Who is there?” said Anna.</p>" }] }));
  await write("page.html", "<html lang='en'><body><nav>Home</nav><p>Nobody <b>answered</b>.</p>");
  await write("night.md", "The *bell* rang.");

  await analyse();

  const texts = await Promise.all(["bell.txt", "page.txt", "night.txt"].map(out));
  expect(texts).toEqual(["“Who is there?” said Anna.", "Nobody answered.", "The bell rang."]);
});

test("an encoding that the command names holds for the files without another", async () => {
  await write("cafe.txt", Buffer.from("Le caf\xe9 ferme.", "latin1"));

  await runAnalyze([join(folder, "texts"), "--encoding", "latin1", "--out", join(folder, "out")]);

  expect(await out("cafe.txt")).toBe("Le café ferme.");
});

test("a text is never written over the file that was read", async () => {
  await write("a.txt", "The bell rang.\r\n");

  const analysed = runAnalyze([join(folder, "texts", "a.txt"), "--out", join(folder, "texts")]);

  await expect(analysed).rejects.toThrow("1 of 1 files failed");
  expect(await readFile(join(folder, "texts", "a.txt"), "utf8")).toBe("The bell rang.\r\n");
});

test("two files with one name are both named, and neither document is lost", async () => {
  await write("a.txt", "The bell rang.");
  await write("a.TXT", "Nobody answered.");

  await expect(analyse()).rejects.toThrow("1 of 2 files failed");

  expect(await out("a.txt")).toBe("Nobody answered.");
});
