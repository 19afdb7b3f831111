import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

/** Returns what is read of a text, with one space for each gap. */
const read = (text: string): string => readText(text).clear.text.replace(/\s+/g, " ").trim();
const kindsOf = (text: string): readonly string[] => readText(text).spans.map(({ kind }) => kind);

test.each([
  ["numbers", "He paid the toll.[1] He left.[2]\n\n[1] A penny.\n\n[2] At noon."],
  ["letters", "He paid the toll.[A] He left.[B]\n\n[A] A penny.\n\n[B] At noon."],
  [
    "named notes",
    "He paid the toll.[1] He left.[2]\n\n[Footnote 1: A penny.]\n\n[Footnote 2: At\nnoon [or so].]",
  ],
  ["notes with colons", "He paid the toll.[1] He left.[2]\n\n[1: A penny.]\n\n[2: At noon.]"],
  ["signs", "He paid the toll.* He left.†\n\n* A penny.\n\n† At noon."],
  ["signs without a space", "He paid the toll.* He left.**\n\n*A penny.\n\n**At noon."],
  ["signs in brackets", "He paid the toll.[*] He left.[†]\n\n[*] A penny.\n\n[† At noon.]"],
  ["superscripts", "He paid the toll.¹ He left.²\n\n¹ A penny.\n\n² At noon."],
  ["carets", "He paid the toll.^1 He left.^{2}\n\n^1 A penny.\n\n^{2} At noon."],
  ["braces", "He paid the toll.{1} He left.{2}\n\n{1}  A penny.\n\n{2}  At noon."],
  ["parentheses", "He paid the toll.(1) He left.(2)\n\n(1) A penny.\n\n(2) At noon."],
  ["spaces before the marks", "He paid the toll. [1] He left. [2]\n\n[1] A penny.\n\n[2] At noon."],
  [
    "names of Markdown",
    "He paid the toll.[^toll] He left.[^2]\n\n[^toll]: A penny.\n[^2]: At noon.",
  ],
  ["an indent of Markdown", "He paid the toll.[^1] He left.\n\n[^1]: A penny.\n\n    Or two."],
  ["two forms", "He paid the toll.¹ He left.²\n\n[1] A penny.\n\n[2] At noon."],
  ["a heading", "He paid the toll.[1] He left.[2]\n\nFOOTNOTES:\n\n[1] A penny.\n\n[2] At noon."],
  ["a numbered list", "He paid the toll.[1] He left.[2]\n\nNOTES\n\n1. A penny.\n\n2. At noon."],
  [
    "notes without blank lines",
    "He paid the toll.[1] He left.[2]\n\n[1] A penny,\nor two.\n[2] At noon.",
  ],
  [
    "more paragraphs in brackets",
    "He paid the toll.[1] He left.\n\n[Footnote 1: A penny.\n\nOr two.]",
  ],
  [
    "more paragraphs with an indent",
    "He paid the toll.[1] He left.\n\n  [1] A penny.\n\n  Or two.",
  ],
  [
    "more paragraphs in a list",
    "He paid the toll.[1] He left.[2]\n\nFOOTNOTES:\n\n[1] A penny.\n\nOr two.\n\n[2] At noon.",
  ],
  ["a rule above the notes", "He paid the toll.[1] He left.\n-----\n[1] A penny."],
  ["a rule on its own", "He paid the toll.[1] He left.\n\n_____\n\n[1] A penny."],
  ["a chapter's heading", "He paid the toll.[1] He left.\n\nNOTES TO CHAPTER I\n\n[1] A penny."],
  [
    "an indent under a heading",
    "He paid the toll.[1] He left.\n\nNOTES\n\n[1] A penny.\n\n    Or two.",
  ],
  ["arrows", "He paid the toll.[1] He left.[2]\n\n↑ A penny.\n\n↑ At noon."],
])("footnotes with %s are silent", (_name, text) => {
  const story = read(`${text}\n\nNobody waved.`);

  expect(story).toBe("He paid the toll. He left. Nobody waved.");
  expect(kindsOf(text)).toContain("footnote");
  expect(kindsOf(text)).toContain("footnote_mark");
});

test.each([
  ["numbers and points", "He paid the toll.1 He left.2\n\n1. A penny.\n\n2. At noon."],
  ["numbers alone", "He paid the toll.1 He left.2\n\n1 A penny.\n2 At noon."],
  ["lines below a rule", "He paid the toll.1 He left.2\n-----\n1 A penny,\nor two.\n2 At noon."],
  ["a rule on its own", "He paid the toll.7 He left.\n\n_______\n\n7 A penny."],
  ["a heading", "He paid the toll.1 He left.2\n\nNOTES\n\n1. A penny.\n\n2. At noon."],
  ["a page's end below", "He paid the toll.3 He left.\n\n3 A penny.\n\n[Pg 12]"],
  ["brackets around the marks", "He paid the toll.[1] He left.[2]\n\n1. A penny.\n\n2. At noon."],
  ["stars and brackets", "He paid the toll.* He left.\n\n*) A penny."],
  ["a verb behind a star", "He paid the toll.*\nHe left.\n\n*He had no licence."],
  ["small raised marks", "He paid the toll.¹ He left.²\n\n1. A penny.\n\n2. At noon."],
  [
    "raised tags",
    "He paid the toll.<sup>1</sup> He left.<sup>2</sup>\n\n<sup>1</sup> A penny.\n\n<sup>2</sup>At noon.",
  ],
  [
    "raised tags and a list",
    '<p>He paid the toll.<a href="#n1"><sup>1</sup></a> He left.<sup><a href="#n2">[2]</a></sup></p><p>1. A penny.</p><p>2. At noon.</p>',
  ],
])("footnotes of bare numbers with %s are silent", (_name, text) => {
  expect(read(`${text}\n\nCHAPTER II\n\nNobody waved.`)).toBe(
    "He paid the toll. He left. CHAPTER II Nobody waved.",
  );
});

test("the footnotes of bare numbers that begin again at each chapter are silent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom("", ".", ")"),
      fc.constantFrom("toll", "toll.", "toll,”"),
      (chapters, point, word) => {
        const numbers = (count: number): readonly number[] =>
          Array.from({ length: count }, (_, index) => index + 1);
        const chapter = (count: number, mark: (number: number) => string): string =>
          numbers(count)
            .map((number) => `He paid the ${word}${mark(number)} and left.`)
            .join(" ");
        const notes = (count: number): string =>
          numbers(count)
            .map((number) => `${String(number)}${point} A penny.`)
            .join("\n\n");
        const text = chapters.map(
          (count) => `CHAPTER\n\n${chapter(count, String)}\n\n${notes(count)}`,
        );

        const story = chapters.map((count) => `CHAPTER ${chapter(count, () => "")}`);
        expect(read(text.join("\n\n"))).toBe(story.join(" "));
      },
    ),
    { numRuns: 60 },
  );
});

test("footnotes of bare numbers at the end of a book are silent, with the headings of their chapters", () => {
  const chapter = (name: string): string => `CHAPTER ${name}\n\nHe paid.1 He left.2`;
  const notes = (name: string): string => `Chapter ${name}\n\n1. A penny.\n\n2. At noon, see p.1.`;
  const text = [chapter("I"), chapter("II"), "NOTES", notes("I"), notes("II")].join("\n\n");

  expect(read(text)).toBe("CHAPTER I He paid. He left. CHAPTER II He paid. He left.");
});

test("the number of a chapter is no mark where another number is", () => {
  expect(read("See chapter.1 there. He paid.1 He left.2\n\n1. A penny.\n\n2. At noon.")).toBe(
    "See chapter.1 there. He paid. He left.",
  );
});

test.each([
  "She gave him the old list.1\n\n1. Buy the rope.\n\n2. Wait for the boat.\n\nHe did.",
  "He had version v1.2 and v2.\n\n1. Buy the rope.\n\n2. Wait for the boat.",
  "He read step.1 and then step.2 again.\n\n1. Buy the rope.\n\n2. Wait for the boat.",
  "He left.2 Then he paid.1\n\n1. Buy the rope.\n\n2. Wait for the boat.",
  "He paid the toll.1 Nobody waved.\n\n1 Buy the rope.\n\nHe did.",
  "He bought rope1 and rope2.\n\nNobody knew why.",
])("the list in %j is no list of footnotes", (text) => {
  expect(readText(text).clear.text).toBe(text);
});

test("notes that begin again at each chapter are silent", () => {
  const chapter = "He paid.[1] He left.[2]\n\n[1] A penny.\n\n[2] At noon.";

  expect(read(`${chapter}\n\n${chapter}`)).toBe("He paid. He left. He paid. He left.");
});

test("notes of all chapters at the end of a book are silent", () => {
  const chapter = "He paid.[1] He left.[2]";
  const notes = "[1] A penny.\n\n[2] At noon.";

  expect(read([chapter, chapter, "NOTES", notes, notes].join("\n\n"))).toBe(
    "He paid. He left. He paid. He left.",
  );
});

test("a footnote at the bottom of a page does not cut the sentence apart", () => {
  const [before, note, after] = ["He paid the old[1]", "[1] A man of sixty.", "ferryman and left."];

  expect(readText(`${before}\n\n${note}\n\n${after}`).clear.text).toBe(
    "He paid the old ferryman and left.",
  );
  expect(readText(`He paid the old[1] fer-\n\n${note}\n\nryman.`).clear.text).toBe(
    "He paid the old ferryman.",
  );
  expect(readText("He paid\n\n[Illustration: A penny]\n\nthe ferryman.").clear.text).toBe(
    "He paid the ferryman.",
  );
  expect(readText(`${before}\n${note}\n${after}`).clear.text).toBe(
    "He paid the old ferryman and left.",
  );
});

test("notes that lead back to their marks are silent", () => {
  expect(read("He paid the toll.\n\nEndnotes\n\n1. A penny. ↩\n\n2. Or two,\nor three. ↩")).toBe(
    "He paid the toll.",
  );
});

test("a page's last footnote does not take the story below along", () => {
  const text = "He paid the old\n-----\n* Not so old.\n† Or so.\nferryman.";

  expect(read(`Ferrymen* are old.† ${text}`)).toBe("Ferrymen are old. He paid the old ferryman.");
});

test.each([
  ["The bridge fell.[7] Nobody saw it.", "The bridge fell. Nobody saw it."],
  ["a farthing¹ for a man, a penny² for a horse", "a farthing for a man, a penny for a horse"],
  ["The bridge† fell.", "The bridge fell."],
  ["The bridge[Footnote: of stone] fell.", "The bridge fell."],
  ["It fell in 1420[1] or so.[2]", "It fell in 1420 or so."],
  ["The monks[3] built the bridge[4] of stone.", "The monks built the bridge of stone."],
])("the marks in %j are silent without their footnotes", (text, story) => {
  expect(read(text)).toBe(story);
});

test.each([
  "It was 1914 [or 1915], in room [12], with [1] key.",
  "A garden of 20 m² and x² more, 10² in all.",
  "She typed list[1] and list[2] again.",
  "She typed a[0] once, and f(x)[1].",
  "“* is a star,” he said.\n\n*Really.",
  '"* is a star," he said.\n\n*Really.',
  "He lost (1) his hat, (2) his horse.",
  "He d*** well knew, and s*** them.",
  "She said *no* and *not today* and left.",
  "[A]nd then [t]he bell rang.",
  "There were rules:\n\n[1] Be quiet.\n\n[2] Be kind.",
  "There were rules.\n\n1. Be quiet.\n\n2. Be kind.",
  "Things:\n\n* a hat\n\n* a horse",
  "Nell: yes*\n*I mean no",
  "NOTES\n\nHe wrote them all down.",
  "Note: he was late.",
  "Footnote upon footnote he wrote.",
])("%j loses nothing", (text) => {
  expect(readText(text).spans.filter(({ kind }) => kind.startsWith("footnote"))).toEqual([]);
});

test("a number in brackets that only looks like a mark stays where marks touch their words", () => {
  const text = "He took room [1].[1] It was cold.[2]\n\n[1] On the quay.\n\n[2] Ice.";

  expect(read(text)).toBe("He took room [1]. It was cold.");
});

test("a sentence that begins with a mark is no footnote", () => {
  const note = "[1] is what he always wrote for Monday.";

  expect(read(`He wrote a mark.[1]\n\n${note}\n\nNobody read it.`)).toBe(
    `He wrote a mark. ${note} Nobody read it.`,
  );
});

test.each(["[1] is a penny.", "[1] is a penny.\n\n[2] At noon.\n\nNobody waved."])(
  "the footnotes %j can begin with a verb",
  (notes) => {
    expect(read(`He paid.[1] He left.[2]\n\n${notes}`)).toMatch(
      /^He paid\. He left\.(?: Nobody waved\.)?$/,
    );
  },
);
