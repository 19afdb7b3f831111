import { createHash } from "node:crypto";
import { InvalidInputError } from "../../platform/errors.js";

/** Longest text of one story, in UTF-16 units: about three novels' worth of letters. */
export const MAX_TEXT_LENGTH = 2_000_000;

/**
 * A text as it is stored: no byte-order mark, \n line ends, NFC, no blank space around it.
 * @throws InvalidInputError where it is blank, too long, or not text at all
 */
export function storyText(content: string, path: readonly string[] = ["content"]): string {
  refuseTooLong(content, path);
  if (!content.isWellFormed()) {
    throw new InvalidInputError(
      "The text holds half of a surrogate pair; save it as UTF-8 and send it again.",
      path,
    );
  }
  if (content.includes("\0")) {
    throw new InvalidInputError("The text holds a NUL character; is it a binary file?", path);
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
    `The text has ${text.length} characters; at most ${MAX_TEXT_LENGTH} fit one story. Split it into parts.`,
    path,
  );
}

/** sha256 of the UTF-8, in lower-case hex: the key of a text. */
export const contentHashOf = (text: string): string =>
  createHash("sha256").update(text, "utf8").digest("hex");

export interface TextFile {
  readonly title: string;
  readonly content: string;
}

/**
 * Reads a plain-text file: UTF-8, or UTF-16 with a byte-order mark. A short first line followed by
 * a blank one is the title and leaves the text; else the file's name is.
 * @throws InvalidInputError for a binary file or another encoding
 */
export function readTextFile(bytes: Uint8Array, fileName: string): TextFile {
  const content = storyText(decoded(bytes, fileName), ["dataBase64"]);
  const [, heading, body] = /^([^\n]{1,200})\n\s*\n([\s\S]+)$/.exec(content) ?? [];
  if (heading && body && !/[.!?,;:”"]$/.test(heading.trim())) {
    return { title: heading.trim(), content: storyText(body, ["dataBase64"]) };
  }
  return { title: titleFrom(fileName), content };
}

function decoded(bytes: Uint8Array, fileName: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? "utf-16le"
      : first === 0xfe && second === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!hasControlCharacters(text)) return text;
  } catch {
    // Falls through to the one message a writer can act on.
  }
  throw new InvalidInputError(
    `${fileName} is not plain text in UTF-8; export it as a UTF-8 .txt file and import that.`,
    ["dataBase64"],
  );
}

// Tab, line feed, form feed and carriage return are text; other C0 codes are a binary file's.
const hasControlCharacters = (text: string): boolean => /[\p{Cc}--[\t\n\f\r\x85]]/v.test(text);

function titleFrom(fileName: string): string {
  const base = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const words = base.replace(/[-_]+/g, " ").trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1, 200) : "Untitled";
}
