import type { TextRange } from "../../../../platform/text/edited-text.js";

/** How a footnote's label is written: "[1]", "{1}", "(1)", "¹", "^1", "*". */
export const LabelForm = {
  Bracket: "bracket",
  Brace: "brace",
  Paren: "paren",
  Superscript: "superscript",
  Caret: "caret",
  Sign: "sign",
} as const;
export type LabelForm = (typeof LabelForm)[keyof typeof LabelForm];

/** A sign in a text that can refer to a footnote. */
export interface Mark extends TextRange {
  readonly form: LabelForm;
  readonly label: string;
  /** What is directly before the mark. */
  readonly touches: "word" | "stop" | "nothing";
}

export const LABEL = String.raw`\d{1,3}[a-z]?|[A-Z]{1,2}|[a-z]|[ivxlc]{1,6}|\*{1,4}|[\u2020\u2021\u00a7\u00b6]{1,3}`;
export const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const MARK = new RegExp(
  String.raw`\[(?:\^(?<named>[\w-]{1,20})|(?:[Ff]n\.? ?|[Ff]oot-?note |[Nn]ote )?(?<bracket>${LABEL}))\]` +
    String.raw`|\{(?<brace>\d{1,3}[a-z]?)\}|\((?<paren>\d{1,3}|\*{1,4})\)` +
    String.raw`|(?<superscript>[${SUPERSCRIPTS}]{1,3})|\^\{?(?<caret>\d{1,3})\}?|(?<sign>\*{1,4}|[\u2020\u2021]{1,3})`,
  "gu",
);
const FORMS = Object.values(LabelForm);

const WORD_BEFORE = /\p{L}/u;
const WORD_OR_DIGIT = /[\p{L}\p{N}]/u;
const STOP_BEFORE = /[.,;:!?…"”’'»)\]—–-]/u;
/** No mark goes on like this. "[A]nd" and "*word" are no marks. */
const WORD_AFTER = /[\p{L}\p{N}*†‡]/u;

/** Finds everything that can be the mark of a footnote, in order. */
export function findMarks(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  const stars = new OpenStars(text);
  for (const match of text.matchAll(MARK)) {
    const start = match.index;
    const end = start + match[0].length;
    const before = marks.at(-1);
    const touches = before?.end === start ? before.touches : touchOf(text, start);
    if (match.groups?.["sign"] !== undefined && !stars.isMark(start, end, touches)) continue;
    if (WORD_AFTER.test(text.charAt(end))) continue;
    const label = labelOf(match.groups ?? {});
    if (label !== null) marks.push({ start, end, touches, ...label });
  }
  return marks;
}

function touchOf(text: string, start: number): Mark["touches"] {
  const before = text.charAt(start - 1);
  // "1420[1]" is a year with a mark, but "10²" is a power.
  const word = text.charAt(start) === "[" ? WORD_OR_DIGIT : WORD_BEFORE;
  if (word.test(before)) return "word";
  const isOpening = /["']/.test(before) && !/\S/u.test(text.charAt(start - 2));
  return STOP_BEFORE.test(before) && !isOpening ? "stop" : "nothing";
}

function labelOf(
  groups: Readonly<Record<string, string | undefined>>,
): Pick<Mark, "form" | "label"> | null {
  const named = groups["named"];
  if (named !== undefined) return { form: LabelForm.Bracket, label: named };
  for (const form of FORMS) {
    const label = groups[form];
    if (label !== undefined) return { form, label: plainLabel(label) };
  }
  return null;
}

/** Returns the label in usual digits. */
export const plainLabel = (label: string): string =>
  label.replace(/[⁰¹²³⁴-⁹]/gu, (digit) => String(SUPERSCRIPTS.indexOf(digit)));

/** Tells a star after a word from the star that ends a part in italics. */
class OpenStars {
  readonly #text: string;
  /** Where a part in italics has begun. */
  #open = -1;

  constructor(text: string) {
    this.#text = text;
  }

  isMark(start: number, end: number, touches: Mark["touches"]): boolean {
    if (touches === "nothing") {
      if (/\S/u.test(this.#text.charAt(end))) this.#open = end;
      return false;
    }
    const isClosing = this.#open >= 0 && !this.#text.slice(this.#open, start).includes("\n\n");
    this.#open = -1;
    return !isClosing;
  }
}
