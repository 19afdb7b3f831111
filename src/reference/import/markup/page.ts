import { type Document, type Element, type ParentNode, isTag } from "domhandler";
import { PAGE_CLASSES, PAGE_ELEMENTS, PAGE_ROLES, PAGE_WORDS } from "./elements.js";
import { namesIn } from "./parse-markup.js";
import { holdsProse } from "./prose.js";
import { isHidden } from "./silent.js";
import { elementsNamed, nearest, visit } from "./tree.js";

/** What of a page from the web is the story. */
export interface PageContent {
  readonly root: ParentNode;
  readonly isLeftOut: (element: Element) => boolean;
}

/** An element with more than this share of the text of a page holds the story, whatever its name is. */
const MOST_OF_TEXT = 0.5;

/**
 * Finds the story of a saved page: in the article or the main part if the page marks it, else everything
 * but navigation, headers, forms and the like. Leaves out less rather than more.
 */
export function contentOf(document: Document): PageContent {
  const lengths = textLengths(document);
  const lengthOf = (node: ParentNode): number => lengths.get(node) ?? 0;
  const root = mainPart(document, lengthOf);
  const most = lengthOf(root) * MOST_OF_TEXT;
  return {
    root,
    isLeftOut: (element) => isAroundStory(element, root) && lengthOf(element) <= most,
  };
}

function mainPart(document: Document, lengthOf: (node: ParentNode) => number): ParentNode {
  const [body = document] = elementsNamed(document, "body");
  const longest = (found: readonly Element[]): Element | undefined =>
    found.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  const main = longest(
    [...elementsNamed(body, "main"), ...roleMain(body)].filter((each) => !isHidden(each)),
  );
  const place = main && lengthOf(main) > 0 ? main : body;
  const article = longest(elementsNamed(place, "article").filter((each) => !isInside(each, place)));
  // Several articles of a page can be the parts of one story.
  return article && lengthOf(article) > lengthOf(place) * MOST_OF_TEXT ? article : place;
}

const roleMain = (body: ParentNode): readonly Element[] => {
  const found: Element[] = [];
  visit(body, {
    enter: (element) => {
      if (namesIn(element, "role").includes("main")) found.push(element);
      return true;
    },
    text: () => true,
    leave: () => undefined,
  });
  return found;
};

/** Returns true if the element is in another article of the place. */
const isInside = ({ parent }: Element, place: ParentNode): boolean => {
  const outer = nearest(parent, ({ name }) => name === "article");
  return outer !== null && outer !== place;
};

function isAroundStory(element: Element, root: ParentNode): boolean {
  const { name, parent } = element;
  if (name === "header") return !holdsTitle(element, root);
  if (name === "footer" && isNamedTag(parent, "blockquote")) return false;
  if (name === "article") return isComment(element, root);
  return (
    PAGE_ELEMENTS.has(name) ||
    namesIn(element, "role").some((role) => PAGE_ROLES.has(role)) ||
    isNamed(element, PAGE_CLASSES) ||
    (isOftenAround(element) && !holdsProse(element))
  );
}

const isNamedTag = (node: ParentNode | null, name: string): boolean =>
  node !== null && isTag(node) && node.name === name;

const isOftenAround = (element: Element): boolean =>
  element.name === "form" || isNamed(element, PAGE_WORDS) || isBesideTitle(element);

const isNamed = (element: Element, names: ReadonlySet<string>): boolean =>
  [...namesIn(element, "class"), ...namesIn(element, "id")].some((name) => names.has(name));

/** An article inside an article is a comment, or a chapter. */
function isComment(article: Element, root: ParentNode): boolean {
  if (!isNamedTag(root, "article")) return false;
  const names = ["class", "id", "itemprop"].flatMap((attribute) => namesIn(article, attribute));
  if (names.some((name) => name.includes("comment"))) return true;
  return headingsIn(article).length === 0 && !holdsProse(article);
}

const headingsIn = (element: Element): readonly Element[] =>
  elementsNamed(element, "h1", "h2", "h3", "h4", "h5", "h6");

/** The header of an article or a section holds its title. Of such a header, headings and prose are the story's. */
const holdsTitle = (header: Element, root: ParentNode): boolean => {
  const isInPart =
    (isTag(root) && root.name !== "body") ||
    nearest(header.parent, ({ name }) => name === "section" || name === "article") !== null;
  return isInPart && headingsIn(header).length > 0;
};

function isBesideTitle(element: Element): boolean {
  const header = nearest(element.parent, ({ name }) => name === "header");
  if (!header) return false;
  const isHeading = ({ name }: Element): boolean => /^h[1-6]$|^hgroup$/.test(name);
  return nearest(element, isHeading) === null && headingsIn(element).length === 0;
}

/** Returns the number of letters and marks in each element. */
function textLengths(document: Document): ReadonlyMap<ParentNode, number> {
  const lengths = new Map<ParentNode, number>();
  let seen = 0;
  const starts: number[] = [];
  visit(document, {
    enter: (element) => {
      if (["script", "style", "template", "noscript", "head"].includes(element.name)) return false;
      starts.push(seen);
      return true;
    },
    text: (data) => {
      seen += data.replace(/\s+/gu, "").length;
      return true;
    },
    leave: (element) => {
      lengths.set(element, seen - (starts.pop() ?? 0));
    },
  });
  lengths.set(document, seen);
  return lengths;
}
