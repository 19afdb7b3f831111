import fc from "fast-check";
import { readText } from "../../../src/reference/reading/reading.js";
import { docxOf, paragraphOf } from "../../support/docx.js";
import { epubOf } from "../../support/epub.js";
import { readFile } from "./reading.js";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const heard = (content: string): string => readText(content).clear.text;

const NAMES = ["b", "p", "script", "mark", "anna", "lt", "gt", "amp", "#60", "#x26", "ol", "br"];
const PIECE = fc.oneof(
  fc.constantFrom("<", ">", "&", ";", "/", "</", "/>", "<!--", "-->", "<?xml", "<!doctype"),
  fc.constantFrom(...NAMES, ...NAMES.map((name) => `<${name}>`)),
  fc.constantFrom(...NAMES.map((name) => `</${name}>`), ...NAMES.map((name) => `&${name};`)),
  fc.constantFrom(' id="', '"', " she said ", " and then "),
);
/** Texts in which words, signs and the names of tags and entities follow in any order. */
const TEXTS = fc.array(fc.array(PIECE, { maxLength: 12 }), { minLength: 1, maxLength: 4 });

test("a story that shows tags and entities is heard as its page shows the story", async () => {
  await fc.assert(
    fc.asyncProperty(TEXTS, async (paragraphs) => {
      const texts = paragraphs.map((pieces) =>
        `she wrote ${pieces.join("")} here`.replace(/\s+/g, " "),
      );
      const body = texts.map((text) => `<p>${escaped(text)}</p>`).join("");

      const { content } = await readFile(`<html><body>${body}</body></html>`, "a.html");

      expect(heard(content)).toBe(texts.join("\n\n"));
    }),
  );
});

const SHOWN = "The sign said <b>no</b> entry, and &lt; below.";

test.each<[string, string, string | Buffer]>([
  ["HTML", "a.html", `<html><body><p>${escaped(SHOWN)}</p></body></html>`],
  ["Markdown", "a.md", escaped(SHOWN)],
  ["Markdown with code", "a.md", "The sign said `<b>no</b>` entry, and `&lt;` below."],
  ["EPUB", "a.epub", epubOf({ pages: [{ body: `<p>${escaped(SHOWN)}</p>` }] })],
  ["DOCX", "a.docx", docxOf(paragraphOf(escaped(SHOWN)))],
])("tags that a reader sees are heard in %s", async (_kind, name, bytes) => {
  const { content } = await readFile(bytes, name);

  expect(heard(content)).toBe(SHOWN);
});

test.each([
  ["a sign without a name", "5 < 6 & 7 > 2; AT&T <3"],
  ["a word that is no tag", "<Anna> hi & bye; <mark> hello"],
  ["an ampersand in a word", "Smith&Sons; R&D"],
])("the stored text of %s has no escapes", async (_what, shown) => {
  const { content } = await readFile(
    `<html><body><p>${escaped(shown)}</p></body></html>`,
    "a.html",
  );

  expect(content).toBe(shown);
});

test("an entity that the maker of a page escaped once too often is heard as its character", async () => {
  const { content } = await readFile("<html><p>Yes &amp;mdash; no.</p></html>", "a.html");

  expect(heard(content)).toBe("Yes — no.");
});

test("a chapter with a tag in its name starts at its heading", async () => {
  const book = await readFile(
    "<html><h2>About &lt;b&gt;</h2><p>A &lt;i&gt; b.</p><h2>About &lt;p&gt;</h2><p>B.</p></html>",
    "a.html",
  );

  expect(book.chapters?.map(({ title }) => title)).toEqual(["About <b>", "About <p>"]);
  expect(book.content.slice(book.chapters?.[1]?.start)).toBe("About &lt;p>\n\nB.");
});

test.each(["<!--", "<b>", "<script>", '<a t="', "&lt;", "<a t='<a t=\""])(
  "a text of many %s takes time in proportion to their number",
  async (sign) => {
    const shown = `begin ${sign.repeat(30_000)} end`;

    const { content } = await readFile(`<html><p>${escaped(shown)}</p></html>`, "a.html");

    expect(content).toContain("end");
  },
);
