import { type ChildNode, type Document, DomHandler, Element } from "domhandler";
import { Parser } from "htmlparser2";
import { InvalidInputError } from "../../../platform/errors.js";
import { SILENT_ELEMENTS } from "./elements.js";

/**
 * The most elements and texts of one document. A novel in one file has about 100,000. A node takes about
 * 400 bytes of memory.
 */
const MAX_NODES = 600_000;
/** Deeper elements become siblings, as in browsers. Unclosed tags would make trees of any depth. */
const MAX_DEPTH = 256;
/** The parser needs time for each open element at each tag. */
const MAX_OPEN = 20_000;
/** The most attributes of one element. */
const MAX_ATTRIBUTES = 200;

export const MarkupKind = {
  /** A page as browsers read it: `<div/>` does not close the element. */
  Html: "html",
  /** HTML in the syntax of XML, also if it is not well-formed. `<title/>` closes the element. */
  Xhtml: "xhtml",
  /** Any other XML. Names keep their case, and there are no void elements. */
  Xml: "xml",
} as const;
export type MarkupKind = (typeof MarkupKind)[keyof typeof MarkupKind];

const OPTIONS = {
  [MarkupKind.Html]: {},
  [MarkupKind.Xhtml]: { recognizeSelfClosing: true, recognizeCDATA: true },
  [MarkupKind.Xml]: { xmlMode: true },
} as const;

/** Builds the tree, and stops if the tree becomes too large for the memory of a thread. */
class BoundedTree extends DomHandler {
  private nodes = 0;
  /** For each open element: true if it is in the tree, and false if it was too deep. */
  private readonly isOpen: boolean[] = [];

  constructor(
    private readonly name: string,
    /** Stands before the names of the elements of HTML, or is empty. */
    private readonly prefix: string,
  ) {
    super();
  }

  protected override addNode(node: ChildNode): void {
    this.nodes += 1;
    if (this.nodes > MAX_NODES) {
      throw new InvalidInputError(
        `${this.name} has more than ${MAX_NODES} elements, which no story needs; import only the pages of the story.`,
        ["dataBase64"],
      );
    }
    super.addNode(node);
  }

  override onopentag(fullName: string, attributes: Record<string, string>): void {
    const isPrefixed = this.prefix !== "" && fullName.startsWith(this.prefix);
    const name = isPrefixed ? fullName.slice(this.prefix.length) : fullName;
    const entries = Object.entries(attributes);
    const few =
      entries.length <= MAX_ATTRIBUTES
        ? attributes
        : Object.fromEntries(entries.slice(0, MAX_ATTRIBUTES));
    const isOpened = this.tagStack.length < MAX_DEPTH || SILENT_ELEMENTS.has(name);
    this.isOpen.push(isOpened);
    if (this.isOpen.length > MAX_OPEN) {
      throw new InvalidInputError(
        `${this.name} has more than ${MAX_OPEN} elements inside each other, because tags are not closed; import the text of the page.`,
        ["dataBase64"],
      );
    }
    if (isOpened) super.onopentag(name, few);
    else this.addNode(new Element(name, few));
  }

  override onclosetag(): void {
    if (this.isOpen.pop() === true) super.onclosetag();
  }
}

/**
 * Parses markup as leniently as browsers do. Runs no script, loads no file, and expands no entity that the
 * document itself declares.
 * @param name the name of the file, for messages
 * @throws InvalidInputError if there are too many elements
 */
export function parseMarkup(text: string, kind: MarkupKind, name: string): Document {
  const tree = new BoundedTree(name, kind === MarkupKind.Xhtml ? prefixIn(text) : "");
  new Parser(tree, OPTIONS[kind]).end(kind === MarkupKind.Html ? text : withoutDeclarations(text));
  return tree.root;
}

/** Returns what stands before the names of the elements of HTML: `h:` in `<h:p>`. */
function prefixIn(text: string): string {
  const declaration = /<([a-z][\w-]{0,20}:)html\b/i.exec(text.slice(0, 4_096));
  return (declaration?.[1] ?? "").toLowerCase();
}

/** Leaves out the declarations inside a DOCTYPE, which the parser would take for text. */
const withoutDeclarations = (text: string): string =>
  text.replace(/<!DOCTYPE\s[^>[]{0,1000}\[[^\]]{0,100000}\]\s*>/i, "");

/** Returns true if a page is written in the syntax of XML. */
export const isXhtml = (text: string): boolean =>
  /^\s*<\?xml\b|<html\b[^>]*\bxmlns\s*=/i.test(text.slice(0, 4_096));

/** Returns the names of an element in its attribute, in lower case: `class`, `epub:type` or `role`. */
export const namesIn = (element: Element, attribute: string): readonly string[] => {
  const value = element.attribs[attribute];
  return value === undefined || value === "" ? [] : value.toLowerCase().trim().split(/\s+/u);
};
