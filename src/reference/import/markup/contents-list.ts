import type { Element } from "domhandler";
import { HEADING } from "./elements.js";
import { elementsNamed, textIn } from "./tree.js";

/** A longer text is no list of contents, and would take time. */
const MAX_LENGTH = 60_000;
const LISTS: ReadonlySet<string> = new Set(["ul", "ol", "menu"]);

/** Returns true for a list of links to places in the same page, and for the heading above such a list. */
export const isContents = (element: Element): boolean =>
  isLinkList(element) || (HEADING.test(element.name) && isAboveLinkList(element));

function isLinkList(list: Element): boolean {
  if (!LISTS.has(list.name)) return false;
  const links = elementsNamed(list, "a").filter(({ attribs }) => attribs["href"]?.startsWith("#"));
  if (links.length < 2) return false;
  const linked = links.reduce((sum, link) => sum + lengthOf(link), 0);
  return linked > 0 && linked === lengthOf(list);
}

const lengthOf = (element: Element): number =>
  textIn(element, MAX_LENGTH).replace(/\s+/gu, "").length;

function isAboveLinkList({ next }: Element): boolean {
  let after = next;
  while (after && !("attribs" in after)) {
    if ("data" in after && after.data.trim() !== "") return false;
    after = after.next;
  }
  return after !== null && "attribs" in after && isLinkList(after);
}
