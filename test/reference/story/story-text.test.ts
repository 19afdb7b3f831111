import { InvalidInputError } from "../../../src/platform/errors.js";
import {
  MAX_TEXT_LENGTH,
  contentHashOf,
  readTextFile,
  storyText,
} from "../../../src/reference/index.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("a text", () => {
  test.each([
    ["without a letter", ""],
    ["with only whitespace", " \n\t \r\n\u00a0 "],
    ["with only a byte-order mark", "\uFEFF\n"],
  ])("%s is refused as empty", (_name, content) => {
    expect(() => storyText(content)).toThrow("write at least one word");
  });

  test("with a NUL character is refused as a binary file", () => {
    expect(() => storyText("A\0B")).toThrow("not a binary file");
  });

  test("with half of a surrogate pair is refused", () => {
    expect(() => storyText("She said \ud83d and left.")).toThrow("half of a surrogate pair");
  });

  test("over the limit is refused with its length and the limit", () => {
    const tooLong = "a".repeat(MAX_TEXT_LENGTH + 1);

    expect(() => storyText(tooLong)).toThrow(
      `The text has ${MAX_TEXT_LENGTH + 1} characters; a story can have at most ${MAX_TEXT_LENGTH}.`,
    );
    expect(storyText("a".repeat(MAX_TEXT_LENGTH))).toHaveLength(MAX_TEXT_LENGTH);
    // NFC turns each of these 700,000 characters into three characters.
    expect(() => storyText("\uFB2C".repeat(700_000))).toThrow("The text has 2100000 characters");
  });

  test("that is refused gives the name of its field", async () => {
    const storing = async () => storyText("", ["input", "content"]);

    await expect(storing()).rejects.toMatchObject({ inputPath: ["input", "content"] });
  });

  test("is stored without byte-order mark, with \\n line ends, in NFC and trimmed", () => {
    expect(storyText("\uFEFF \r\nCafe\u0301.\rNext.\r\n\r\nLast. \n")).toBe(
      "Café.\nNext.\n\nLast.",
    );
  });

  test("has the same hash for all line ends and Unicode forms", () => {
    const typed = [storyText("Café.\r\nNext."), storyText("Cafe\u0301.\nNext.\n")];

    expect(new Set(typed.map(contentHashOf)).size).toBe(1);
  });

  test("keeps emoji, markup and other scripts unchanged", () => {
    const content = "👩‍🚀 <b>“Здравствуй”</b> 你好 \u202e -- ' ; $1 \\n";

    expect(storyText(content)).toBe(content);
  });
});

describe("a text file", () => {
  test("with a title line uses the line as title and keeps it in the text", () => {
    const file = readTextFile(utf8("The Pear Thief\n\nIt was autumn.\n"), "pears.txt");

    expect(file).toEqual({
      title: "The Pear Thief",
      content: "The Pear Thief\n\nIt was autumn.",
    });
  });

  test("gives a Markdown heading without its marks as the title", () => {
    const { title, content } = readTextFile(utf8("## The\tPear Thief \n \t\nIt was.\n"), "a.txt");

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
  ])("takes its title from the file name and loses nothing: %s", (_why, content) => {
    const file = readTextFile(utf8(content), "folder/the-pear_thief.txt");

    expect(file).toEqual({ title: "The pear thief", content: storyText(content) });
  });

  test("with a UTF-16 byte-order mark is read as UTF-16", () => {
    const swapped = Buffer.from(utf16("Šárka\n\nByl večer.")).swap16();

    const expected = { title: "Šárka", content: "Šárka\n\nByl večer." };
    expect(readTextFile(utf16("Šárka\n\nByl večer."), "a.txt")).toEqual(expected);
    expect(readTextFile(swapped, "a.txt")).toEqual(expected);
  });

  test("with a UTF-8 byte-order mark is read as UTF-8", () => {
    expect(readTextFile(utf8("\uFEFFOnce upon a time."), "a.txt").content).toBe(
      "Once upon a time.",
    );
  });

  test.each([
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xd8)],
    ["an archive", Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00)],
    ["Latin-1", Uint8Array.of(0x43, 0x61, 0x66, 0xe9, 0x2e)],
    ["text with a NUL", utf8("A\0B")],
    ["UTF-16 cut short", utf16("Ada").subarray(0, 5)],
    ["UTF-16 with half a pair", Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x3d, 0xd8, 0x42, 0x00)],
  ])("that is %s is refused with advice", (_name, bytes) => {
    expect(() => readTextFile(bytes, "story.bin")).toThrow(
      new InvalidInputError(
        "story.bin is not plain text in UTF-8; export the text as a UTF-8 .txt file and import the new file.",
      ),
    );
  });

  test("that is empty is refused as empty", () => {
    expect(() => readTextFile(new Uint8Array(), "story.txt")).toThrow("The text is empty");
  });
});
