import { InvalidInputError } from "../../platform/errors.js";
import { latinOf, markedEncoding } from "./encoding.js";
import type { StoryFile } from "./story-file.js";

/** The kinds of files that hold a story. */
export const FileKind = {
  PlainText: "plain text",
  Markdown: "Markdown",
  Html: "HTML",
  Zip: "ZIP",
} as const;
export type FileKind = (typeof FileKind)[keyof typeof FileKind];

interface OtherKind {
  /** What the file is, for a person. */
  readonly what: string;
  readonly advice: string;
  readonly test: (start: string, bytes: Uint8Array) => boolean;
}

const starts =
  (...texts: readonly string[]) =>
  (start: string): boolean =>
    texts.some((text) => start.startsWith(text));

const OTHER_KINDS: readonly OtherKind[] = [
  {
    what: "a PDF",
    advice:
      "A PDF places letters on pages and has no paragraphs; import the EPUB, DOCX or text that the PDF was made from.",
    test: (start) => start.slice(0, 1_024).includes("%PDF-"),
  },
  {
    what: "an old Word document (.doc), or an Office file with a password",
    advice: "Open it in Word or LibreOffice and save it as .docx without a password.",
    test: starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
  },
  {
    what: "an RTF document",
    advice: "Open it in Word or LibreOffice and save it as .docx.",
    test: starts("{\\rtf"),
  },
  {
    what: "a Kindle book (MOBI, AZW)",
    advice: "If it has no copy protection, convert it to EPUB, for example with Calibre.",
    test: (start) =>
      /^(?:BOOKMOBI|TEXtREAd)/.test(start.slice(60)) ||
      starts("TPZ", "CONT\x02\x00", "\xeaDRMION\xee")(start),
  },
  {
    what: "a book in the format FictionBook (FB2)",
    advice: "Convert it to EPUB, for example with Calibre.",
    test: (start) => start.trimStart().startsWith("<?xml") && start.includes("<FictionBook"),
  },
  {
    what: "a page saved in one file (MHTML)",
    advice: "Save the page in your browser as “HTML only”.",
    test: (start) =>
      /^(?:From: <Saved by|MIME-Version: 1|Snapshot-Content-Location:)/m.test(start) &&
      /^Content-Type: multipart\/related/im.test(start),
  },
  {
    what: "a web archive of Safari",
    advice: "Save the page in your browser as “Page Source” or “HTML only”.",
    test: starts("bplist00"),
  },
  {
    what: "a packed file",
    advice: "Unpack it and import the file inside.",
    test: starts("\x1f\x8b", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "BZh", "\xfd7zXZ\0"),
  },
  {
    what: "a picture",
    advice: "Only the text of a story can be read.",
    test: (start) =>
      starts("\x89PNG\r\n", "\xff\xd8\xff", "GIF8", "II*\0", "MM\0*", "AT&TFORM")(start),
  },
  {
    what: "sound or a film",
    advice: "Only the text of a story can be read.",
    test: (start) =>
      starts("ID3", "OggS", "RIFF", "fLaC", "\x1aE\xdf\xa3")(start) || /^.{4}ftyp/s.test(start),
  },
];

/** More than an upload may have, so that only the command line meets this limit. */
export const MAX_FILE_BYTES = 60_000_000;

/** The names of files in a folder that may hold a story. */
export const STORY_FILE_NAME =
  /^[^.].*\.(?:txt|text|md|markdown|mdown|mkdn?|html?|xhtml|xht|epub|docx)$/is;

/** Names that promise a format which is never text. */
const PROMISES: Readonly<Record<string, string>> = {
  epub: "an EPUB",
  docx: "a Word document",
  doc: "a Word document",
  odt: "a LibreOffice document",
  rtf: "an RTF document",
  pdf: "a PDF",
  mobi: "a Kindle book",
  azw: "a Kindle book",
  azw3: "a Kindle book",
};

const ZIP_STARTS = ["PK\x03\x04", "PK\x05\x06"];

const HTML_START =
  /^\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;

/**
 * Tells what a file is. Its bytes count more than its name.
 * @throws InvalidInputError with advice for an empty file, and for a format that is not supported
 */
export function fileKind({ fileName, bytes }: StoryFile): FileKind {
  if (bytes.byteLength === 0) {
    throw refused(`${fileName} is empty (0 bytes); choose a file with a text.`);
  }
  if (bytes.byteLength > MAX_FILE_BYTES) {
    throw refused(
      `${fileName} has more than ${MAX_FILE_BYTES / 1e6} MB, which no story needs; import only the text.`,
    );
  }
  const start = startOf(bytes);
  if (ZIP_STARTS.some((zip) => start.startsWith(zip))) return FileKind.Zip;
  const other = OTHER_KINDS.find(({ test }) => test(start, bytes));
  if (other) {
    throw refused(`${fileName} is ${other.what}, which cannot be imported. ${other.advice}`);
  }
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const kind = textKind(start, extension);
  const promise = PROMISES[extension];
  if (promise === undefined) return kind;
  const found = kind === FileKind.Html ? "a web page" : "no such file";
  throw refused(
    `${fileName} is named like ${promise}, but is ${found}; a download may have failed. If it is text, rename it to .txt.`,
  );
}

function textKind(start: string, extension: string): FileKind {
  if (HTML_START.test(start)) return FileKind.Html;
  if (/^(?:html?|xhtml|xht)$/.test(extension) && /<[a-z!?]/i.test(start)) return FileKind.Html;
  return /^(?:md|markdown|mdown|mkdn?)$/.test(extension) ? FileKind.Markdown : FileKind.PlainText;
}

/** Returns the first characters, without a byte-order mark. Enough to look for ASCII. */
function startOf(bytes: Uint8Array): string {
  const marked = markedEncoding(bytes);
  if (marked === null) return latinOf(bytes);
  const part = bytes.subarray(0, 8_192);
  return new TextDecoder(marked).decode(part);
}

export const refused = (message: string): InvalidInputError =>
  new InvalidInputError(message, ["dataBase64"]);
