import type { Element } from "domhandler";
import { PAGE_CLASSES, SILENT_ELEMENTS } from "./elements.js";
import { namesIn } from "./parse-markup.js";
import { isHidden } from "./silent.js";
import { visit } from "./tree.js";

/** More text outside links than this is prose. */
const MAX_LENGTH = 4_000;
const MIN_WORDS = 4;
const SENTENCE = /[^.!?…]+[.!?…]/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const CONTROLS: ReadonlySet<string> = new Set(["a", "button", "input", "select", "textarea"]);

/**
 * Returns true if an element has more sentences than links and controls. A list of links, a row of buttons
 * and a form with a line of text have not.
 */
export function holdsProse(root: Element): boolean {
  const texts: string[] = [];
  let length = 0;
  let controls = 0;
  visit(root, {
    enter: (element) => {
      if (CONTROLS.has(element.name)) controls += 1;
      const isProse = !CONTROLS.has(element.name) && !isNoText(element);
      if (isProse) texts.push(" ");
      return isProse;
    },
    text: (data) => {
      texts.push(data);
      length += data.trim().length;
      return length <= MAX_LENGTH;
    },
    leave: () => undefined,
  });
  return length > MAX_LENGTH || sentencesIn(texts.join("")) > controls;
}

const isNoText = (element: Element): boolean =>
  SILENT_ELEMENTS.has(element.name) ||
  isHidden(element) ||
  namesIn(element, "class").some((name) => PAGE_CLASSES.has(name));

const sentencesIn = (text: string): number =>
  (text.match(SENTENCE) ?? []).filter((each) => (each.match(WORD) ?? []).length >= MIN_WORDS)
    .length;
