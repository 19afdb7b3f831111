import { type Document, type Element, type ParentNode, isTag } from "domhandler";
import { PAGE_CLASSES, PAGE_ELEMENTS, PAGE_ROLES } from "./elements.js";
import { namesIn } from "./parse-markup.js";
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
  const has = (set: ReadonlySet<string>, attribute: string): boolean =>
    namesIn(element, attribute).some((name) => set.has(name));
  if (element.name === "header") return !holdsHeading(element, root);
  // An article inside an article is a comment.
  if (element.name === "article") return isTag(root) && root.name === "article";
  return (
    PAGE_ELEMENTS.has(element.name) ||
    has(PAGE_ROLES, "role") ||
    has(PAGE_CLASSES, "class") ||
    has(PAGE_CLASSES, "id") ||
    isBesideTitle(element)
  );
}

/** The header of an article holds its title. Of such a header, only the headings are the story's. */
const holdsHeading = (header: Element, root: ParentNode): boolean =>
  isTag(root) &&
  root.name !== "body" &&
  elementsNamed(header, "h1", "h2", "h3", "h4", "h5", "h6").length > 0;

function isBesideTitle(element: Element): boolean {
  const header = nearest(element.parent, ({ name }) => name === "header");
  if (!header) return false;
  const isHeading = ({ name }: Element): boolean => /^h[1-6]$|^hgroup$/.test(name);
  return (
    nearest(element, isHeading) === null &&
    elementsNamed(element, "h1", "h2", "h3", "h4", "h5", "h6").length === 0
  );
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
