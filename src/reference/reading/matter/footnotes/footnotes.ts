import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { bracketPairs } from "../brackets/pairs.js";
import { spanOf, withSpace } from "../spans.js";
import { type Body, findBodies } from "./bodies.js";
import { findMarks, LabelForm, type Mark } from "./marks.js";
import { canStandAlone, keyOf } from "./waiting-marks.js";

const NAMED = /foot-?note|[↩↵]/i;

/** Finds footnotes and the marks that refer to them. */
export function findFootnotes(text: string): readonly ApparatusSpan[] {
  const marks = findMarks(text);
  if (marks.length === 0 && !NAMED.test(text)) return [];
  const bodies = findBodies(text, marks, closesOf(text));
  const marksOfStory = outside(marks, bodies);
  const isMark = markTest(text, marksOfStory, bodies);
  return [
    ...bodies.map((body) => spanOf(ApparatusKind.Footnote, body)),
    ...marksOfStory
      .filter(isMark)
      .map((mark) => spanOf(ApparatusKind.FootnoteMark, withSpace(text, mark))),
  ].sort((left, right) => left.start - right.start);
}

function closesOf(text: string): (start: number) => number | null {
  const closes = new Map(bracketPairs(text).map(({ start, end }) => [start, end]));
  return (start) => closes.get(start) ?? null;
}

function outside(marks: readonly Mark[], bodies: readonly Body[]): readonly Mark[] {
  let next = 0;
  return marks.filter(({ start }) => {
    while ((bodies[next]?.end ?? Infinity) <= start) next += 1;
    return start < (bodies[next]?.start ?? Infinity);
  });
}

/** A mark with a footnote is one. Some forms are nothing else even if the footnote is missing. */
function markTest(
  text: string,
  marks: readonly Mark[],
  bodies: readonly Body[],
): (mark: Mark) => boolean {
  const keys = new Set(bodies.map(({ key }) => key));
  const known = marks.filter((mark) => canStandAlone(mark) && keys.has(keyOf(mark)));
  const touching = known.filter(({ touches }) => touches !== "nothing");
  // In a text whose marks touch their words, "room [12]" is no mark.
  const areLoose = touching.length * 2 < known.length;
  const isSeries = seriesTest(text, marks);
  return (mark) =>
    mark.touches === "nothing"
      ? areLoose && canStandAlone(mark) && keys.has(keyOf(mark))
      : keys.has(keyOf(mark)) || isUnmistakable(text, mark, isSeries);
}

function isUnmistakable(text: string, mark: Mark, isSeries: boolean): boolean {
  if (mark.form === LabelForm.Superscript) return !isExponent(text, mark);
  if (/^[†‡]/u.test(mark.label)) return true;
  if (mark.form !== LabelForm.Bracket || mark.label === "0") return false;
  if (mark.label.startsWith("*")) return true;
  if (!/^\d/u.test(mark.label) || isCall(text, mark)) return false;
  return mark.touches === "stop" || isSeries;
}

/** "f(x)[1]" is no word with a mark. */
const isCall = (text: string, { start }: Mark): boolean =>
  /\w\([^()\s]{0,10}\)$/.test(text.slice(Math.max(0, start - LOOK_BEHIND), start));

const UNITS = new Set("m mm cm dm km ft in yd mi mc nm kg s ha px".split(" "));
const LOOK_BEHIND = 12;
const SHORTEST = 3;

const wordBefore = (text: string, at: number): string =>
  /\p{L}+$/u.exec(text.slice(Math.max(0, at - LOOK_BEHIND), at))?.[0] ?? "";

/** "m²", "x²" and "(a + b)²" are powers. */
function isExponent(text: string, { start }: Mark): boolean {
  const word = wordBefore(text, start);
  return text.charAt(start - 1) === ")" || word.length === 1 || UNITS.has(word.toLowerCase());
}

/** Marks without footnotes are marks if they count up, and each stands after another word. */
function seriesTest(text: string, marks: readonly Mark[]): boolean {
  const series = marks.filter(
    ({ form, label, touches }) =>
      form === LabelForm.Bracket && touches !== "nothing" && /^\d+$/.test(label),
  );
  if (series.some(({ touches }) => touches === "stop")) return true;
  const words = series.map(({ start }) => wordBefore(text, start));
  const isRising = series.every(
    ({ label }, index) => index === 0 || Number(label) > Number(series[index - 1]?.label),
  );
  return (
    series.length > 1 &&
    isRising &&
    new Set(words).size === words.length &&
    words.every(({ length }) => length >= SHORTEST)
  );
}
