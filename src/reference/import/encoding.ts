import { InvalidInputError } from "../../platform/errors.js";

const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** A declaration stands in the first bytes of a file. HTML allows 1,024, and people write comments before. */
const DECLARED_WITHIN = 8_192;
const DECLARATIONS = [
  /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/i,
  /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i,
  // The header of many plain-text books of the time before UTF-8.
  /^[ \t]*character set encoding:[ \t]*([\w.:-]{1,40})[ \t]*\r?$/im,
];

interface Encoded {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** What the caller says about the encoding. */
  readonly encoding?: string | undefined;
}

/**
 * Decodes the text of a file. A byte-order mark is stronger than `encoding`, `encoding` is stronger than
 * the declaration in the file, and without all of them the text is UTF-8.
 * @throws InvalidInputError if the bytes are not text in this encoding, or the encoding is unknown
 */
export function decodeText({ fileName, bytes, encoding }: Encoded): string {
  const name = markedEncoding(bytes) ?? encoding ?? declaredEncoding(bytes) ?? "utf-8";
  const text = decodedAs(bytes, name, name === encoding);
  if (text !== null) return text;
  throw new InvalidInputError(refusal(fileName, name), ["dataBase64"]);
}

/** Returns the encoding that a byte-order mark names. */
export const markedEncoding = (bytes: Uint8Array): string | null =>
  MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0] ?? null;

/** Returns the text of the bytes with one character for each byte. Good for looking at ASCII. */
export const latinOf = (bytes: Uint8Array, length = DECLARED_WITHIN): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, length)).toString(
    "latin1",
  );

function declaredEncoding(bytes: Uint8Array): string | null {
  const start = latinOf(bytes);
  for (const declaration of DECLARATIONS) {
    const name = declaration.exec(start)?.[1];
    // The declaration was read as ASCII, so the text cannot be UTF-16, whatever it says.
    if (name !== undefined && isKnown(name) && !/^utf-?16/i.test(name)) return name;
  }
  return null;
}

function isKnown(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    return false;
  }
}

/** @throws InvalidInputError if there is no encoding of this name */
export function requireEncoding(name: string): void {
  if (isKnown(name)) return;
  throw new InvalidInputError(
    `There is no encoding "${name.slice(0, 40)}"; name one such as windows-1252, iso-8859-2, koi8-r, shift_jis or gb18030.`,
    ["encoding"],
  );
}

/** Returns null if the bytes are not text in this encoding. */
function decodedAs(bytes: Uint8Array, name: string, isAsked: boolean): string | null {
  if (isAsked) requireEncoding(name);
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Returns the message for a file that is no text, or no text in this encoding. */
export const refusal = (fileName: string, encoding = "utf-8"): string =>
  isUnicode(encoding)
    ? `${fileName} is not plain text in UTF-8. Name the encoding of the text, for example windows-1252 (the option --encoding, or the field encoding), or export the text as a UTF-8 .txt file and import the new file.`
    : `${fileName} is not text in ${encoding}; name its true encoding (the option --encoding, or the field encoding), or export the text as a UTF-8 .txt file and import the new file.`;

const isUnicode = (encoding: string): boolean => /^utf-?(?:8|16)/i.test(encoding);
