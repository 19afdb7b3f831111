import { LABEL, LabelForm, plainLabel, SUPERSCRIPTS } from "./marks.js";

/** How the text of a footnote begins. */
export interface BodyStart {
  /** Null if any form of mark can refer to the footnote. */
  readonly form: LabelForm | null;
  /** Null if the footnote has no label. */
  readonly label: string | null;
  /** True if the footnote goes on to the bracket that closes it. */
  readonly isBracketed: boolean;
  /** True if nothing else is written like this, so that a mark need not be there. */
  readonly isPlain: boolean;
}

interface BodyForm extends Omit<BodyStart, "label"> {
  readonly pattern: RegExp;
}

const WORDS = String.raw`(?=[\p{L}\p{N}\u201c"\u2018'\u2019(\u00ab\u201e_[\u2014-])`;
const form = (
  pattern: string,
  labelForm: LabelForm | null,
  { isBracketed = false, isPlain = false } = {},
): BodyForm => ({
  pattern: new RegExp(`^${pattern}`, "u"),
  form: labelForm,
  isBracketed,
  isPlain,
});

const NOTE = "(?:[Ff]oot-?[Nn]ote|FOOT-?NOTE)s?";
const FORMS: readonly BodyForm[] = [
  form(String.raw`\[ ?[*\u2020\u2021]?${NOTE} ?\[?(${LABEL})?\]? ?[:.\u2014]`, null, {
    isBracketed: true,
    isPlain: true,
  }),
  form(String.raw`\[ ?(?:[Nn]ote|NOTE) ?\[?(${LABEL})\]? ?[:.\u2014]`, null, {
    isBracketed: true,
  }),
  form(String.raw`(?:${NOTE}|[Nn]ote|NOTE) \[?(${LABEL})\]? ?[:.\u2014-]`, null),
  form(String.raw`\[\^([\w-]{1,20})\]: ?`, LabelForm.Bracket),
  form(String.raw`\[(${LABEL})\][:.]?\s*${WORDS}`, LabelForm.Bracket),
  form(String.raw`\[(${LABEL})[:.]\s`, LabelForm.Bracket, {
    isBracketed: true,
  }),
  form(String.raw`\[(\*{1,4}|[\u2020\u2021\u00a7\u00b6]{1,3})\s?${WORDS}`, null, {
    isBracketed: true,
  }),
  form(String.raw`\{(\d{1,3}[a-z]?)\}\s*${WORDS}`, LabelForm.Brace),
  form(String.raw`\((\d{1,3}|\*{1,4})\)\s*${WORDS}`, LabelForm.Paren),
  form(String.raw`([${SUPERSCRIPTS}]{1,3})\s*${WORDS}`, LabelForm.Superscript),
  form(String.raw`\^\{?(\d{1,3})\}?\s*${WORDS}`, LabelForm.Caret),
  form(String.raw`(\*{1,4}|[\u2020\u2021]{1,3})\)?\s*${WORDS}`, LabelForm.Sign),
  // An online library's way back to the mark.
  form(String.raw`\u2191 ?(\d{1,3})?\b ?`, null, { isPlain: true }),
];
/** Under a heading, a label needs no brackets. */
const LISTED = form(String.raw`(\d{1,3}|[A-Z]|\*{1,4}|[\u2020\u2021]{1,3})[.):]?\s+${WORDS}`, null);
const LOOK = 60;
const FIRST_CHARACTER = /^[[({*†‡^↑⁰¹²³⁴-⁹FfNn]/u;

/** Reads the first words of a line as the start of a footnote. */
export function readBodyStart(line: string, isListed: boolean): BodyStart | null {
  const words = line.slice(0, LOOK);
  const forms = FIRST_CHARACTER.test(words) ? FORMS : [];
  for (const { pattern, ...found } of isListed ? [...forms, LISTED] : forms) {
    const match = pattern.exec(words);
    if (match)
      return {
        ...found,
        label: match[1] === undefined ? null : plainLabel(match[1]),
      };
  }
  return null;
}

const LABEL_AND_VERB =
  /^[[({^]?(?:\*{1,4}|[\w\u2020\u2021\u00b9\u00b2\u00b3\u2070-\u2079]{1,4})[\])}]?\s+(?:is|was|were|are|has|had|does|did|means|meant|says|said|stands|stood|came|comes|goes|went|looks|looked|seems|seemed|would|could|can|will|may|might|must|should)\b/u;

/** True if the label is the subject of a sentence: "[1] is what he always wrote." */
export const isSentenceOfStory = (line: string): boolean => LABEL_AND_VERB.test(line);
