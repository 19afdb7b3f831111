import { chaptersOf, readFile } from "./reading.js";

const read = (text: string) => readFile(text, "the-bell.md");

test.each<[string, string, string]>([
  [
    "marks are gone",
    "She *whispered* **no** and `left`, [home](http://x.test).",
    "She whispered no and left, home.",
  ],
  [
    "lines of a paragraph are one",
    "The bell\nrang.\n\nIt stopped.",
    "The bell rang.\n\nIt stopped.",
  ],
  [
    "hard line ends stay",
    "Roses are red,  \nviolets are blue,\\\nand so on.",
    "Roses are red,\nviolets are blue,\nand so on.",
  ],
  [
    "scene breaks stay",
    "One.\n\n***\n\nTwo.\n\n- - -\n\nThree.",
    "One.\n\n* * *\n\nTwo.\n\n* * *\n\nThree.",
  ],
  ["lists are lines", "- pears\n- plums\n\nGo.", "pears\nplums\n\nGo."],
  [
    "a year at the start of a paragraph stays",
    "1984. It was a cold day.",
    "1984. It was a cold day.",
  ],
  ["quotes and pictures", "> Dear Ada,\n> come.\n\n![a dog](dog.png)", "Dear Ada, come."],
  ["tables are rows", "| Name | Age |\n|---|---|\n| Ada | 36 |", "Name\tAge\nAda\t36"],
  ["HTML inside is read as HTML", "A <b>b</b>.\n\n<div hidden>x</div>\n\n<p>C.</p>", "A b.\n\nC."],
  [
    "notes are left out",
    "Tea[^1] and cake[^two].\n\n[^1]: From India,\n    by ship.\n\n[^two]: A cake.\n\nGo.",
    "Tea and cake.\n\nGo.",
  ],
  ["a mark without a note stays", "Tea[^9].", "Tea[^9]."],
  [
    "words in angle brackets stay",
    "<Anna> said hi, and <i>Ben</i> said </3.\n\n<Nora>\nNo.",
    "<Anna> said hi, and Ben said </3.\n\n<Nora> No.",
  ],
  ["escaped marks are text", "5 \\* 3, a_b_c and 2 < 3 & 4.", "5 * 3, a_b_c and 2 < 3 & 4."],
])("%s", async (_what, markdown, text) => {
  expect((await read(markdown)).content).toBe(text);
});

test("the headings are the title and the chapters", async () => {
  const book = await read("# The Bell\n\n## Night\n\nIt rang.\n\nDay\n---\n\nIt stopped.\n");

  expect(book.title).toBe("The Bell");
  expect(book.content).toBe("The Bell\n\nNight\n\nIt rang.\n\nDay\n\nIt stopped.");
  expect(chaptersOf(book)).toEqual(["Night | Night\n\nIt ra", "Day | Day\n\nIt stop"]);
});

test("the lines at the start give the facts", async () => {
  const text =
    '---\ntitle: "The Bell"\nauthor: Ada Lovelace\nlang: en-GB\nrights: CC0\n---\n\nIt rang.\n';

  expect(await read(text)).toMatchObject({
    ...{ title: "The Bell", authorName: "Ada Lovelace", language: "en-GB", rights: "CC0" },
    content: "It rang.",
  });
});

test("a scene break at the start is no list of facts", async () => {
  expect(await read("---\n\nIt rang.\n\n---\n\nIt stopped.")).toMatchObject({
    title: "The bell",
    content: "It rang.\n\n* * *\n\nIt stopped.",
  });
});
