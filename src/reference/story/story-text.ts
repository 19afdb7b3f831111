import { createHash } from "node:crypto";
import { InvalidInputError } from "../../platform/errors.js";

/** The longest text of one story, in UTF-16 units: about the length of three novels. */
export const MAX_TEXT_LENGTH = 2_000_000;

/**
 * Returns a text in its stored form: no byte-order mark, \n line ends, NFC, no whitespace at the
 * start or end.
 * @throws InvalidInputError if the text is blank, too long, or not text
 */
export function storyText(content: string, path: readonly string[] = ["content"]): string {
  refuseTooLong(content, path);
  if (!content.isWellFormed()) {
    throw new InvalidInputError(
      "The text contains half of a surrogate pair; save the text as UTF-8 and send it again.",
      path,
    );
  }
  if (content.includes("\0")) {
    throw new InvalidInputError(
      "The text contains a NUL character; send plain text, not a binary file.",
      path,
    );
  }
  const stored = content
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .normalize("NFC")
    .trim();
  // NFC can lengthen a text: U+FB2C becomes three characters.
  refuseTooLong(stored, path);
  if (!/[\p{L}\p{N}]/u.test(stored)) {
    throw new InvalidInputError("The text is empty; write at least one word.", path);
  }
  return stored;
}

function refuseTooLong(text: string, path: readonly string[]): void {
  if (text.length <= MAX_TEXT_LENGTH) return;
  throw new InvalidInputError(
    `The text has ${text.length} characters; a story can have at most ${MAX_TEXT_LENGTH}. Split the text into parts.`,
    path,
  );
}

/** Returns the key of a text: the sha256 of its UTF-8, in lower-case hex. */
export const contentHashOf = (text: string): string =>
  createHash("sha256").update(text, "utf8").digest("hex");
