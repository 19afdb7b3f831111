import { MAX_TEXT_LENGTH, contentHashOf, storyText } from "../../../src/reference/index.js";

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
