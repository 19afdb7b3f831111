import { storyText } from "../../../src/reference/index.js";
import { readFile } from "./reading.js";

const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, "utf16le");

test("a title line is the title and stays in the text", async () => {
  const file = await readFile("The Pear Thief\n\nIt was autumn.\n", "pears.txt");

  expect(file).toEqual({
    title: "The Pear Thief",
    content: "The Pear Thief\n\nIt was autumn.",
    ...{ authorName: null, language: null, rights: null, chapters: null, cover: null },
  });
});

test("a Markdown heading in a text file gives its words as the title", async () => {
  const { title, content } = await readFile("## The\tPear Thief \n \t\nIt was.\n", "a.txt");

  expect(title).toBe("The Pear Thief");
  expect(content).toBe("## The\tPear Thief \n \t\nIt was.");
});

test.each([
  ["The first line ends a sentence.", "It was autumn.\n\nThe pears fell."],
  ["No blank line follows", "It was autumn\nand the pears fell."],
  ["A first line too long", `${"pear ".repeat(60)}\n\nThey fell.`],
  ["A chapter heading", "CHAPTER I\n\nThey fell."],
  ["A numbered chapter with a name", "Chapter 2. The Fall\n\nThey fell."],
  ["A prologue", "Prologue\n\nThey fell."],
  ["A date", "14 March 1889\n\nThey fell."],
  ["A date with its weekday", "Tuesday, May 3rd\n\nThey fell."],
  ["Dialogue in curly single quotes", "‘Who goes there?’\n\nNobody answered."],
  ["Dialogue that ends in ’", "He said, ‘No one’\n\nThey fell."],
  ["Dialogue in guillemets", "« Qui va là »\n\nNobody answered."],
  ["Dialogue after a dash", "— Where is the key\n\nOn the table."],
  ["An unfinished sentence", "They waited…\n\nThey fell."],
  ["A single paragraph", "They fell"],
  ["Marks alone", "* * *\n\nThey fell."],
])("the title comes from the file name, and nothing is lost: %s", async (_why, text) => {
  const { title, content } = await readFile(text, "folder/the-pear_thief.txt");

  expect({ title, content }).toEqual({ title: "The pear thief", content: storyText(text) });
});

test("the header of a library gives the title, the author and the language", async () => {
  const header =
    "The eBook of The Bell\n\nTitle: The Bell\n       or, A Night\n\nAuthor: Ada Hale\n";

  expect(await readFile(`${header}\nLanguage: French\n\nIt rang.`, "1.txt")).toMatchObject({
    ...{ title: "The Bell or, A Night", authorName: "Ada Hale", language: "fr" },
  });
  expect(await readFile("A Play\n\nTitle: what title?\n\nAnna: none.", "1.txt")).toMatchObject({
    ...{ title: "A Play", authorName: null },
  });
});

describe("a file without an encoding", () => {
  test("is UTF-16 if its byte-order mark says so", async () => {
    const swapped = Buffer.from(utf16("Šárka\n\nByl večer.")).swap16();

    const expected = { title: "Šárka", content: "Šárka\n\nByl večer." };
    expect(await readFile(utf16("Šárka\n\nByl večer."), "a.txt")).toMatchObject(expected);
    expect(await readFile(swapped, "a.txt")).toMatchObject(expected);
  });

  test("is UTF-8, and loses its byte-order mark", async () => {
    expect((await readFile("\uFEFFOnce upon a time.", "a.txt")).content).toBe("Once upon a time.");
  });

  test("is in the encoding that its header declares", async () => {
    const text = "Title: Caf\xe9\r\nCharacter set encoding: ISO-8859-1\r\n\r\nLe caf\xe9.";

    const { content } = await readFile(Buffer.from(text, "latin1"), "old.txt");

    expect(content).toContain("Le café.");
  });

  test.each([
    ["Latin-1", Uint8Array.of(0x43, 0x61, 0x66, 0xe9, 0x2e)],
    ["text with a NUL", "A\0B"],
    ["UTF-16 cut short", utf16("Ada").subarray(0, 5)],
    ["UTF-16 with half a pair", Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x3d, 0xd8, 0x42, 0x00)],
    ["random bytes", Uint8Array.of(0x00, 0x9c, 0xf3, 0x01, 0xfe, 0x80)],
  ])("is refused with the way to name an encoding: %s", async (_name, bytes) => {
    await expect(readFile(bytes, "story.bin")).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      message:
        "story.bin is not plain text in UTF-8. Name the encoding of the text, for example windows-1252 (the option --encoding, or the field encoding), or export the text as a UTF-8 .txt file and import the new file.",
    });
  });
});

describe("a file with an encoding", () => {
  test.each([
    ["windows-1252", Uint8Array.of(0x93, 0x43, 0x61, 0x66, 0xe9, 0x94), "“Café”"],
    ["iso-8859-1", Uint8Array.of(0x43, 0x61, 0x66, 0xe9), "Café"],
    ["ISO-8859-2", Uint8Array.of(0xb9, 0xe1, 0x72), "šár"],
    ["koi8-r", Uint8Array.of(0xed, 0xc9, 0xd2), "Мир"],
    ["macintosh", Uint8Array.of(0xd2, 0x43, 0x61, 0x66, 0x8e, 0xd3), "“Café”"],
    ["shift_jis", Uint8Array.of(0x93, 0xfa, 0x96, 0x7b), "日本"],
    ["gb18030", Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3), "你好"],
    ["utf-16be", Uint8Array.of(0x00, 0x41, 0x00, 0xe9), "Aé"],
  ])("is decoded: %s", async (encoding, bytes, text) => {
    expect((await readFile(bytes, "a.txt", { encoding })).content).toBe(text);
  });

  test("is in UTF-8 all the same if a byte-order mark says so", async () => {
    const { content } = await readFile("\uFEFFCafé.", "a.txt", { encoding: "windows-1252" });

    expect(content).toBe("Café.");
  });

  test("is refused if the bytes are not in the encoding", async () => {
    const bytes = Uint8Array.of(0x41, 0xff, 0xff);

    await expect(readFile(bytes, "a.txt", { encoding: "shift_jis" })).rejects.toThrow(
      "a.txt is not text in shift_jis; name its true encoding",
    );
  });

  test("is refused if the encoding is unknown", async () => {
    await expect(readFile("A.", "a.txt", { encoding: "klingon-1" })).rejects.toMatchObject({
      message: expect.stringContaining('There is no encoding "klingon-1"; name one such as'),
      inputPath: ["encoding"],
    });
  });
});

test("a text without words is refused as empty", async () => {
  await expect(readFile(" \n\t ", "story.txt")).rejects.toThrow("The text is empty");
});
