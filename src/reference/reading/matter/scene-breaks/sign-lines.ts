import type { TextRange } from "../../../../platform/text/edited-text.js";
import { linesOf } from "../../lines.js";
import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { inkOf, spanOf } from "../spans.js";

const LETTER = /[\p{L}\p{N}]/u;
/** Silence in a dialogue is no sign between scenes: "…", "?!". */
const SPEECH = /["“”„'‘’«»‹›?!]|^[.…]{1,6}$/u;
const LONGEST = 80;
const LOOK = LONGEST + 1;
/** Signs that stand between scenes even where no blank lines are around. */
const CLEAR_SIGNS = /^(?:[*•·⁎∗✱✳#~=_—–-] {0,10}(?:[*•·⁎∗✱✳#~=_—–-] {0,10}){2,}|[⁂❦❧☙✽❖◊]{1,5})$/u;
/** "=====" under a title belongs to the title. */
const UNDERLINE = /^[=~_—–-]{3,}$/u;
/** Letters as ornaments: "o0o", "-oOo-", "~ x X x ~". Capital "XXX" is a number. */
const ORNAMENT =
  /^(?:[-~*=—–+. ]{0,12}(?:o0o|oOo|0o0|0O0|oo0oo|ooOoo|o0O0o|xXx|xOx|o O o|o 0 o|o o o|x x x|xox)[-~*=—–+. ]{0,12}|[-~*=—–]{1,12} ?(?:ooo|xxx|o|x) ?[-~*=—–]{1,12}|xxx)$/u;

interface Line extends TextRange {
  readonly text: string;
}

/**
 * Finds the signs between scenes: lines without a letter or digit, such as `* * *`, `---` or `⁂`, and
 * ornaments such as `o0o`. The scenes stay apart: the reader pauses.
 */
export function findSignLines(text: string): readonly ApparatusSpan[] {
  const found: ApparatusSpan[] = [];
  /** Null for a blank line. */
  let before: Line | null = null;
  let line: Line | null = null;
  for (const range of linesOf(`${text}\n`)) {
    const after = inkedLine(text, range);
    if (line !== null && isSceneBreak(line, before, after)) {
      found.push(spanOf(ApparatusKind.SceneBreak, line));
    }
    [before, line] = [line, after];
  }
  return found;
}

function inkedLine(text: string, range: TextRange): Line | null {
  const ink = inkOf(text, range);
  return (
    ink && {
      ...ink,
      text: text.slice(ink.start, Math.min(ink.end, ink.start + LOOK)),
    }
  );
}

function isSceneBreak(line: Line, before: Line | null, after: Line | null): boolean {
  if (line.text.length > LONGEST) return false;
  const isAlone = before === null && after === null;
  if (LETTER.test(line.text)) return isAlone && ORNAMENT.test(line.text);
  if (SPEECH.test(line.text)) return false;
  if (isAlone) return true;
  const isUnderline = before !== null && UNDERLINE.test(line.text);
  return CLEAR_SIGNS.test(line.text) && !isUnderline;
}
