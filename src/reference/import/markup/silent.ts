import { type ChildNode, type Element, type ParentNode, isTag, isText } from "domhandler";
import {
  BLOCKS,
  HEADING,
  NOTE_MARKS,
  PAGE_NUMBERS,
  SILENT_CLASSES,
  SILENT_ELEMENTS,
  SILENT_ROLES,
  SILENT_TYPES,
} from "./elements.js";
import { namesIn } from "./parse-markup.js";
import { elementsNamed, textIn } from "./tree.js";

const HIDDEN_STYLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i;

/** Returns true if readers do not see the element. */
export const isHidden = ({ attribs }: Element): boolean =>
  attribs["hidden"] !== undefined ||
  attribs["aria-hidden"]?.toLowerCase() === "true" ||
  (attribs["style"] !== undefined && HIDDEN_STYLE.test(attribs["style"]));

const has = (set: ReadonlySet<string>, names: readonly string[]): boolean =>
  names.some((name) => set.has(name));

/** Returns true if nothing in the element is text of a story, whatever the document is. */
export const isSilent = (element: Element): boolean =>
  SILENT_ELEMENTS.has(element.name) ||
  isHidden(element) ||
  hasSilentName(element) ||
  isNumberOrMark(element) ||
  (element.name === "figcaption" && hasPicture(element.parent));

/** The number of a page: “12”, “[Pg 12]”, “xii”, or nothing. */
const PAGE_NUMBER =
  /^[^\p{L}\p{N}]*(?:(?:page|pages|pag|pg|p|seite|s|página|pagina|folio|fol)\b[.:\s]*)?(?:\p{N}{1,5}[a-z]?|[ivxlcdm]{1,8})?[^\p{L}\p{N}]*$/iu;
/** A mark that is not closed seems to hold the text after the mark. */
const MAX_MARK_LENGTH = 20;

function isNumberOrMark(element: Element): boolean {
  const names = ["epub:type", "role", "class"].flatMap((attribute) => namesIn(element, attribute));
  const isPage = has(PAGE_NUMBERS, names);
  if ((!isPage && !has(NOTE_MARKS, names)) || HEADING.test(element.name)) return false;
  const text = textIn(element, MAX_MARK_LENGTH).trim();
  return isPage ? PAGE_NUMBER.test(text) : text.length <= MAX_MARK_LENGTH;
}

const hasSilentName = (element: Element): boolean =>
  has(SILENT_TYPES, namesIn(element, "epub:type")) ||
  has(SILENT_ROLES, namesIn(element, "role")) ||
  (element.name !== "body" && has(SILENT_CLASSES, namesIn(element, "class")));

/** The text under a picture tells about the picture. The text under a poem or a letter is part of the story. */
function hasPicture(figure: ParentNode | null): boolean {
  if (!figure) return false;
  const known = pictured.get(figure) ?? elementsNamed(figure, ...PICTURES).length > 0;
  pictured.set(figure, known);
  return known;
}

const PICTURES = ["img", "svg", "picture", "video", "image"];
const pictured = new WeakMap<ParentNode, boolean>();

/**
 * Returns the letter that a picture stands for. A picture at the start of a paragraph can be its first
 * letter: the other letters of the word follow. Returns an empty text for all other pictures.
 */
export function dropCapOf(picture: Element): string {
  const letter = picture.name === "img" ? (picture.attribs["alt"] ?? "").trim() : "";
  if (!/^["'“‘«„]?\p{Lu}$/u.test(letter)) return "";
  const next = picture.next ?? nextOfInline(picture.parent);
  const after = next && (isText(next) ? next.data : isTag(next) ? firstText(next) : "");
  return /^\p{L}/u.test(after ?? "") ? letter : "";
}

/** The picture can be alone in an element of its own. */
const nextOfInline = (parent: ParentNode | null): ChildNode | null =>
  parent && isTag(parent) && !BLOCKS.has(parent.name) ? parent.next : null;

function firstText(element: Element): string {
  const child = element.firstChild;
  return child && isText(child) ? child.data : "";
}
