import fc from "fast-check";
import { storyText } from "../../../src/reference/index.js";
import { readFile } from "./reading.js";

const WORD = fc.stringMatching(/^[a-z]{1,8}$/);
const NAMES = "p div span i b a br hr pre ul ol li table tr td h1 h2 q sup section blockquote";
const ATTRIBUTES = ["", ' class="poem"', ' class="line"', ' id="n1"', " lang=en"];
const TAG = fc
  .tuple(
    fc.constantFrom(...NAMES.split(" ")),
    fc.constantFrom("", "/"),
    fc.constantFrom(...ATTRIBUTES),
  )
  .map(([name, slash, attributes]) => (slash ? `</${name}>` : `<${name}${attributes}>`));
const SPACE = fc.constantFrom(" ", "\n", "\t ", "&nbsp;", "");

/** Words, each in front of tags in any order. */
const SOUP = fc.array(fc.tuple(WORD, SPACE, fc.array(TAG, { maxLength: 3 })), { minLength: 1 });

const lettersOf = (text: string): string => text.replace(/[^a-z]/g, "");

test("every letter of a page with tags in any order is in the story once, and no tag is", async () => {
  await fc.assert(
    fc.asyncProperty(SOUP, async (parts) => {
      const body = parts.map(([word, space, tags]) => word + space + tags.join("")).join("");
      const { content } = await readFile(`<html><body>first ${body}</body></html>`, "a.html");

      expect(lettersOf(content)).toBe(`first${parts.map(([word]) => word).join("")}`);
      expect(content).not.toMatch(/[<>&]/);
    }),
  );
});

test("any text is a page or is refused, and the story is in its stored form", async () => {
  const PIECE = fc.oneof(
    fc.string({ unit: "binary" }),
    TAG,
    fc.constantFrom("<!--", "-->", "<![CDATA[", "]]>", "<script>", "<title>", "&#xD800;", "&#0;"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(PIECE), async (pieces) => {
      const page = `<html>${pieces.join("")}`.toWellFormed();
      const read = await readFile(page, "a.html").catch((error: unknown) => error);

      if (read instanceof Error) expect(read).toMatchObject({ code: "BAD_USER_INPUT" });
      else
        expect(read).toMatchObject({ content: storyText((read as { content: string }).content) });
    }),
  );
});

test.each([
  ["elements", "<div>"],
  ["unclosed emphasis", "<p>a<i>b"],
  ["tables", "<table><tr><td>a"],
  ["headers", "<header><h1>a</h1>"],
  ["notes", '<sup><a href="#n" id="n">1</a>'],
  ["lists", "<ul><li>a"],
  ["less-than signs", "<"],
])("many nested %s take time in proportion to their number", async (_name, markup) => {
  const page = `<html><body>${markup.repeat(4_000)} end</body></html>`;

  const { content } = await readFile(page, "a.html");

  expect(content).toContain("end");
});

test.each([
  ["elements", "<b>a</b>", 400_000, "a.html has more than 600000 elements"],
  ["unclosed elements", "<b>a", 30_000, "a.html has more than 20000 elements inside each other"],
])("a page with more %s than any story has is refused", async (_what, markup, count, message) => {
  await expect(readFile(`<html>${markup.repeat(count)}`, "a.html")).rejects.toThrow(message);
});
