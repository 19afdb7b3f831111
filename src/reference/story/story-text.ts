import { createHash } from "node:crypto";
import { InvalidInputError } from "../../platform/errors.js";
import { readText } from "../reading/reading.js";

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

export interface TextFile {
  readonly title: string;
  /** The whole text of the file in its stored form, with the title line. */
  readonly content: string;
}

const MAX_TITLE_LENGTH = 200;

/**
 * Reads a plain-text file: UTF-8, or UTF-16 with a byte-order mark. If the first line is short,
 * looks like a title and has a blank line below, the first line is the title. If not, the title
 * comes from the file's name. The first line always stays in the text, because it may be a date, a
 * heading or the story's first sentence.
 * @throws InvalidInputError for a binary file or another encoding
 */
export function readTextFile(bytes: Uint8Array, fileName: string): TextFile {
  const content = storyText(decodeFile(bytes, fileName), ["dataBase64"]);
  return { title: titleLineOf(content) ?? titleFromFileName(fileName), content };
}

/**
 * Returns the first line of a text if it is a title. Returns null if no blank line follows the
 * first line, or if the line does not look like a title.
 */
function titleLineOf(content: string): string | null {
  const [, line = ""] = /^([^\n]+)\n[^\S\n]*\n/.exec(content) ?? [];
  const title = line
    .replace(/^#{1,6}\s+/, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const isTitle =
    title.length <= MAX_TITLE_LENGTH &&
    /\p{L}|\p{N}/u.test(title) &&
    !SPEECH_OR_SENTENCE.test(title) &&
    !DATE.test(title) &&
    readText(title).chapters.length === 0;
  return isTitle ? title : null;
}

/**
 * A line that is not a title, because the line begins with a quotation mark or a dialogue dash, or
 * ends like a sentence, a clause or a quote.
 */
const SPEECH_OR_SENTENCE = /^[\p{Pi}\p{Pf}"'„‚<–—-]|[.!?…,;:"'\p{Pi}\p{Pf}]$/u;

const MONTH = String.raw`\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b`;
/**
 * A line that is a date: a number with the name of a month, or only numbers. Examples: "14 March
 * 1889", "Tuesday, May 3rd", "3.5.1889".
 */
const DATE = new RegExp(String.raw`${MONTH}.*\d|\d.*${MONTH}|^[\d\s./-]+$`, "iu");

function decodeFile(bytes: Uint8Array, fileName: string): string {
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
    // The error below reports both texts that cannot be decoded and texts with control characters.
  }
  throw new InvalidInputError(
    `${fileName} is not plain text in UTF-8; export the text as a UTF-8 .txt file and import the new file.`,
    ["dataBase64"],
  );
}

// Tab, line feed, form feed, carriage return and next line (U+0085) are text. Other control
// characters show a binary file.
const hasControlCharacters = (text: string): boolean => /[\p{Cc}--[\t\n\f\r\x85]]/v.test(text);

function titleFromFileName(fileName: string): string {
  const base = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const words = base.replace(/[-_]+/g, " ").trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1, MAX_TITLE_LENGTH) : "Untitled";
}
