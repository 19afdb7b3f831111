import { type Element, type ParentNode, isTag } from "domhandler";
import { isContents } from "./contents-list.js";
import { BLOCKS, HEADING, LINES, SCENE_BREAK, STANZAS, VERSE } from "./elements.js";
import { isNoteMark } from "./notes.js";
import { namesIn } from "./parse-markup.js";
import { dropCapOf, isSilent } from "./silent.js";
import { Gap, type TextWriter } from "./text-writer.js";
import { childElements, elementsNamed, elementsWhere, textIn, visit } from "./tree.js";

export interface ExtractOptions {
  /** Elements to leave out, besides those that are never part of a story. */
  readonly isLeftOut?: (element: Element) => boolean;
  /** Is called with the id of each element inside an element that is left out. */
  readonly onLeftOut?: (id: string) => void;
  /** Put before each id, so that the ids of several files differ. */
  readonly markPrefix?: string;
}

const NOTHING_LEFT_OUT = (): boolean => false;
/** A longer text is a paragraph, whatever its class says. */
const MAX_LINE_LENGTH = 160;
const MAX_CELL_LENGTH = 1_000;
const QUOTES = [
  ["“", "”"],
  ["‘", "’"],
] as const;

/** Writes the text of a tree as its readers see the text, without what is not part of the story. */
export function extractText(
  root: ParentNode,
  writer: TextWriter,
  { isLeftOut = NOTHING_LEFT_OUT, markPrefix = "", onLeftOut }: ExtractOptions = {},
): void {
  const reader = new MarkupReader(writer, dataTables(root), markPrefix);
  visit(root, {
    enter: (element) => {
      const isNoText = isSilent(element) || isNoteMark(element) || isContents(element);
      const isOut = isNoText || isLeftOut(element);
      reader.mark(element);
      if (isOut) {
        writer.write(dropCapOf(element));
        if (onLeftOut) reportIds(element, onLeftOut);
        return false;
      }
      reader.enter(element);
      return true;
    },
    text: (data) => {
      reader.text(data);
      return true;
    },
    leave: (element) => {
      reader.leave(element);
    },
  });
}

function reportIds(root: Element, report: (id: string) => void): void {
  for (const { attribs } of elementsWhere(root, ({ attribs: own }) => own["id"] !== undefined)) {
    report(attribs["id"] ?? "");
  }
}

class MarkupReader {
  private preformatted = 0;
  private verse = 0;
  private lists = 0;
  private dataCells = 0;
  private quotes = 0;
  private readonly numbers: (number | null)[] = [];
  private readonly onlyLines = new Map<ParentNode, boolean>();

  constructor(
    private readonly writer: TextWriter,
    private readonly tables: ReadonlySet<Element>,
    private readonly markPrefix: string,
  ) {}

  mark({ attribs, name }: Element): void {
    const id = attribs["id"] ?? (name === "a" ? attribs["name"] : undefined);
    if (id !== undefined && id !== "") this.writer.mark(`${this.markPrefix}${id}`);
  }

  enter(element: Element): void {
    const { name } = element;
    if (HEADING.test(name)) this.writer.beginHeading(Number(name.charAt(1)));
    else if (isBlock(element)) this.writer.separate(this.gapAround(element));
    this.count(element, 1);
    BEGINNINGS[name]?.(this, element);
    if (isBetweenScenes(element)) this.writer.sceneBreak();
  }

  lineBreak(): void {
    if (this.dataCells > 0) this.writer.write(" ");
    else this.writer.lineEnd();
  }

  sceneBreak(): void {
    this.writer.sceneBreak();
  }

  beginQuote(): void {
    this.writer.write(QUOTES[this.quotes % 2]?.[0] ?? "");
    this.quotes += 1;
  }

  beginList({ name, attribs }: Element): void {
    const start = Number.parseInt(attribs["start"] ?? "1", 10);
    this.numbers.push(name === "ul" ? null : start || 0);
  }

  beginEntry({ attribs, parent }: Element): void {
    const number = this.numbers.at(-1) ?? null;
    if (number === null || !parent || !isTag(parent) || parent.name !== "ol") return;
    const own = Number.parseInt(attribs["value"] ?? "", 10);
    const shown = Number.isNaN(own) ? number : own;
    this.numbers[this.numbers.length - 1] = shown + 1;
    if (!hasNoMarker(parent)) this.writer.announce(`${shown}. `);
  }

  text(data: string): void {
    if (this.preformatted > 0) this.writer.writeLines(data);
    else this.writer.write(data);
  }

  leave(element: Element): void {
    const { name } = element;
    this.count(element, -1);
    if (name === "q") {
      this.quotes -= 1;
      this.writer.write(QUOTES[this.quotes % 2]?.[1] ?? "");
    }
    if (name === "ol" || name === "ul") this.numbers.pop();
    if (name === "li") this.writer.announce("");
    if (HEADING.test(name)) this.writer.endHeading();
    else if (isBlock(element)) this.writer.separate(this.gapAround(element));
  }

  private count(element: Element, step: 1 | -1): void {
    const { name } = element;
    if (name === "pre" || name === "listing" || name === "xmp") this.preformatted += step;
    if (isVerse(element)) this.verse += step;
    if (name === "ul" || name === "ol" || name === "menu" || name === "dl") this.lists += step;
    if (this.isDataCell(element)) this.dataCells += step;
  }

  private isDataCell({ name, parent }: Element): boolean {
    if (name !== "td" && name !== "th") return false;
    const table = tableOf(parent);
    return table !== null && this.tables.has(table);
  }

  /** Returns how far the element is from the text around it. */
  private gapAround(element: Element): Gap {
    const { name } = element;
    if (this.isDataCell(element)) {
      this.writer.cell();
      return Gap.None;
    }
    if (this.dataCells > 0) {
      this.writer.write(" ");
      return Gap.None;
    }
    if (TABLE_PARTS.has(name)) return Gap.Line;
    if (this.lists > 0 && isPartOfList(element)) return Gap.Line;
    if (this.verse > 0 && isLineOfVerse(element)) return Gap.Line;
    return isLine(element) ? this.gapOfLine(element) : Gap.Paragraph;
  }

  /** Lines of verse without a container belong together if they follow each other. */
  private gapOfLine(line: Element): Gap {
    const { parent } = line;
    if (!parent) return Gap.Paragraph;
    const known = this.onlyLines.get(parent) ?? hasOnlyLines(parent);
    this.onlyLines.set(parent, known);
    return known ? Gap.Line : Gap.Paragraph;
  }
}

/** What the start of an element does, besides making a gap. */
const BEGINNINGS: Readonly<Record<string, (reader: MarkupReader, element: Element) => void>> = {
  br: (reader) => reader.lineBreak(),
  hr: (reader) => reader.sceneBreak(),
  q: (reader) => reader.beginQuote(),
  ol: (reader, list) => reader.beginList(list),
  ul: (reader, list) => reader.beginList(list),
  li: (reader, entry) => reader.beginEntry(entry),
};

const TABLE_PARTS: ReadonlySet<string> = new Set("tr caption thead tbody tfoot".split(" "));

/** An empty paragraph or a picture can stand between two scenes. A text such as “* * *” stays as it is. */
const isBetweenScenes = (element: Element): boolean =>
  BLOCKS.has(element.name) &&
  namesIn(element, "class").some((name) => SCENE_BREAK.test(name)) &&
  textIn(element, 10).trim() === "";

const isBlock = (element: Element): boolean =>
  BLOCKS.has(element.name) || (element.name === "span" && isLine(element));

const isLine = (element: Element): boolean =>
  namesIn(element, "class").some((name) => LINES.has(name)) &&
  !childElements(element).some(({ name }) => name === "br" || BLOCKS.has(name)) &&
  textIn(element, MAX_LINE_LENGTH).length <= MAX_LINE_LENGTH;

function hasOnlyLines(parent: ParentNode): boolean {
  const children = childElements(parent).filter(({ name }) => name !== "br");
  return children.length > 1 && children.every(isLine);
}

const isVerse = (element: Element): boolean =>
  BLOCKS.has(element.name) &&
  [...namesIn(element, "class"), ...namesIn(element, "epub:type")].some((name) =>
    VERSE.has(name.replace(/^z3998:/, "")),
  );

/** In a poem, a paragraph is a line, unless it has several lines or the name of a stanza. */
const isLineOfVerse = (element: Element): boolean =>
  !isVerseStanza(element) && !childElements(element).some(({ name }) => name === "br");

const isVerseStanza = (element: Element): boolean =>
  namesIn(element, "class").some((name) => STANZAS.has(name)) ||
  (isVerse(element) && !isLine(element)) ||
  childElements(element).some(({ name }) => BLOCKS.has(name));

/** An entry of a list is a line. The paragraphs of an entry are lines if the entry has only one. */
const isPartOfList = ({ name, parent }: Element): boolean => {
  if (["li", "dt", "dd"].includes(name)) return true;
  if (["ul", "ol", "menu", "dl"].includes(name)) {
    return parent !== null && isTag(parent) && ["li", "dd"].includes(parent.name);
  }
  return (
    parent !== null && isTag(parent) && ["li", "dd"].includes(parent.name) && isOnlyBlock(parent)
  );
};

function isOnlyBlock(entry: Element): boolean {
  let blocks = 0;
  for (let child = entry.firstChild; child && blocks < 2; child = child.next) {
    if (isTag(child) && BLOCKS.has(child.name) && !["ul", "ol"].includes(child.name)) blocks += 1;
  }
  return blocks < 2;
}

const hasNoMarker = ({ attribs }: Element): boolean =>
  /list-style(?:-type)?\s*:\s*none/i.test(attribs["style"] ?? "") || attribs["role"] === "list";

function tableOf(node: ParentNode | null): Element | null {
  for (let each = node; each; each = each.parent) {
    if (isTag(each) && each.name === "table") return each;
    if (isTag(each) && (each.name === "td" || each.name === "th")) return null;
  }
  return null;
}

/**
 * Returns the tables that hold data: none of their cells has several paragraphs. The other tables only
 * place text on the page.
 */
function dataTables(root: ParentNode): ReadonlySet<Element> {
  const tables = new Set(elementsNamed(root, "table"));
  for (const table of tables) {
    if (table.attribs["role"] === "presentation") tables.delete(table);
  }
  for (const cell of elementsWhere(root, ({ name }) => name === "td" || name === "th")) {
    const table = tableOf(cell.parent);
    if (table && placesText(cell)) tables.delete(table);
  }
  return tables;
}

/** Returns true if a cell has several paragraphs, or one that no cell of data would have. */
function placesText(cell: Element): boolean {
  let only: Element | undefined = cell;
  while (only) {
    const blocks: readonly Element[] = childElements(only).filter(({ name }) => BLOCKS.has(name));
    if (blocks.length > 1 || blocks[0]?.name === "table") return true;
    only = blocks[0];
  }
  return textIn(cell, MAX_CELL_LENGTH).length > MAX_CELL_LENGTH;
}
