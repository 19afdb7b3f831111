import { type Element, type ParentNode, isTag, isText } from "domhandler";
import { BLOCKS } from "./elements.js";
import { namesIn } from "./parse-markup.js";
import { elementsNamed, elementsWhere, nearest, textIn } from "./tree.js";

const MARK = /^[[(]?(?:\d{1,4}|[*†‡§¶⁂]{1,4}|[a-z]|[ivxlc]{1,6})[\])]?$/i;
const BARE_MARK = /^[[(]?(?:\d{1,3}|[*†‡§]{1,3})[\])]?$/;
const MARKED = /(?:\p{Ll}{3}|[.,;:!?"'”’)])$/u;
const CLEAR_MARK = /^(?:[[(].*[\])]|[*†‡§¶⁂]+)$/;
/** A part of a name that says that a link leads to a note. */
const NOTE_NAME =
  /(?:^|[^a-z])(?:fn|ftn|edn|note|footnote|endnote|noteref|fnref|cite)(?![a-z])|footnote|endnote/i;
/** The body of a note is shorter. A link with a number can also lead to a chapter. */
const MAX_NOTE_LENGTH = 6_000;

/** Returns true for the mark of a note: `<sup><a href="#fn1">1</a></sup>`, or `word<sup>1</sup>`. */
export const isNoteMark = (element: Element): boolean => isNoteLink(element) || isBareMark(element);

/** A raised number after a word or a sentence. The 2 of “x²” is none. */
function isBareMark({ name, prev, children }: Element): boolean {
  if (name !== "sup" || children.some((child) => !isText(child))) return false;
  const mark = children.map((child) => (isText(child) ? child.data : "")).join("");
  if (!BARE_MARK.test(mark.trim())) return false;
  const before = prev && isText(prev) ? prev.data : prev && isTag(prev) ? textIn(prev, 200) : "";
  return MARKED.test(before.slice(-10));
}

function isNoteLink(link: Element): boolean {
  if (link.name !== "a") return false;
  return isNamedMark(link) || looksLikeMark(link);
}

const isNamedMark = (link: Element): boolean =>
  namesIn(link, "epub:type").includes("noteref") || namesIn(link, "role").includes("doc-noteref");

function looksLikeMark(link: Element): boolean {
  const { href = "", id = "", class: classes = "" } = link.attribs;
  const [, fragment = ""] = href.split("#", 2);
  if (fragment === "") return false;
  const text = textIn(link, 20).trim();
  if (!MARK.test(text)) return false;
  const hasNoteName = [fragment, id, classes].some((name) => NOTE_NAME.test(name));
  return CLEAR_MARK.test(text) || isRaised(link) || hasNoteName;
}

const isRaised = (link: Element): boolean =>
  nearest(link, ({ name }) => name === "sup" || BLOCKS.has(name))?.name === "sup" ||
  elementsNamed(link, "sup").length > 0;

/** Returns the ids that the marks of notes in a document lead to, with the path of their file if given. */
export const noteTargets = (root: ParentNode): readonly string[] =>
  elementsWhere(root, isNoteLink).flatMap(({ attribs }) => attribs["href"] ?? []);

/**
 * Returns the elements that hold the bodies of notes.
 * @param ids the ids that marks of notes lead to
 */
export function noteBodies(root: ParentNode, ids: ReadonlySet<string>): ReadonlySet<Element> {
  const bodies = new Set<Element>();
  if (ids.size === 0) return bodies;
  const targets = elementsWhere(root, ({ attribs }) => {
    const id = attribs["id"] ?? attribs["name"];
    return id !== undefined && ids.has(id);
  });
  for (const target of targets) {
    const body = nearest(target, ({ name }) => BLOCKS.has(name));
    if (body && isBodyOf(body, target)) bodies.add(body);
  }
  return bodies;
}

/** A paragraph is the body of a note if nothing stands before the target of the mark. */
function isBodyOf(body: Element, target: Element): boolean {
  if (body.name === "body" || body.name === "html" || /^h[1-6]$/.test(body.name)) return false;
  if (textIn(body, MAX_NOTE_LENGTH).length > MAX_NOTE_LENGTH) return false;
  return body === target || beginsWith(body, target);
}

function beginsWith(body: Element, target: Element): boolean {
  for (let node: Element | null = target; node && node !== body;) {
    for (let before = node.prev; before; before = before.prev) {
      const text = isText(before) ? before.data : isTag(before) ? textIn(before) : "";
      if (/[\p{L}\p{N}]/u.test(text)) return false;
    }
    const parent: ParentNode | null = node.parent;
    node = parent && isTag(parent) ? parent : null;
  }
  return true;
}
