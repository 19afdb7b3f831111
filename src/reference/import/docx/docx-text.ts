import { Parser } from "htmlparser2";
import { localName } from "../zip/xml.js";
import { refused } from "../file-kind.js";
import { Gap, type TextWriter } from "../markup/text-writer.js";
import { PLAIN, type ParagraphMeaning, outlineLevel } from "./docx-styles.js";

/** Elements without text of the story: deleted text, pictures and text beside the text, fields, readings. */
const SILENT: ReadonlySet<string> = new Set(
  "del moveFrom delText instrText drawing pict object Fallback rt footnoteRef endnoteRef sectPr".split(
    " ",
  ),
);
const MAX_DEPTH = 1_000;

type Attributes = Readonly<Record<string, string>>;

/** Writes the text of the main part of a Word document, in one pass and without a tree. */
export function writeDocxText(
  xml: string,
  writer: TextWriter,
  styles: ReadonlyMap<string, ParagraphMeaning>,
  fileName: string,
): void {
  const reader = new DocxReader(writer, styles, fileName);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(localName(name), attributes),
      ontext: (text) => reader.text(text),
      onclosetag: (name) => reader.close(localName(name)),
    },
    { xmlMode: true },
  );
  parser.end(xml);
}

class DocxReader {
  private depth = 0;
  /** The depth of the element that is left out, or 0. */
  private silentAt = 0;
  /** The depth of a part of the document that Word makes, such as the contents, or 0. */
  private blockAt = 0;
  private isInText = false;
  private isHiddenRun = false;
  private isInParagraphProperties = false;
  private meaning = PLAIN;
  private isEntry = false;
  private cells = 0;
  /** The paragraph before was a line of verse or an entry of a list. */
  private wasLine = false;
  /** The open paragraph is only the large first letter of the next one. */
  private isDropCap = false;
  private dropCap = "";
  /** The text of the open paragraph. A null ends a line. */
  private parts: (string | null)[] = [];

  constructor(
    private readonly writer: TextWriter,
    private readonly styles: ReadonlyMap<string, ParagraphMeaning>,
    private readonly fileName: string,
  ) {}

  open(name: string, attributes: Attributes): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw refused(`${this.fileName} is a damaged Word document; save it again as .docx.`);
    }
    if (this.silentAt > 0) return;
    if (SILENT.has(name)) this.silentAt = this.depth;
    else OPENINGS[name]?.(this, attributes);
  }

  text(text: string): void {
    if (this.isInText && !this.isHiddenRun && this.silentAt === 0) this.parts.push(text);
  }

  close(name: string): void {
    if (this.silentAt === 0) CLOSINGS[name]?.(this);
    if (this.silentAt === this.depth) this.silentAt = 0;
    if (this.blockAt === this.depth) this.blockAt = 0;
    this.depth -= 1;
  }

  beginParagraph(): void {
    this.parts = [];
    this.isDropCap = false;
    this.meaning = PLAIN;
    this.isEntry = false;
  }

  setProperties(isInside: boolean): void {
    this.isInParagraphProperties = isInside;
  }

  setStyle(id: string): void {
    this.meaning = this.styles.get(id) ?? PLAIN;
  }

  setOutline(value: string | undefined): void {
    const level = outlineLevel(value);
    if (this.isInParagraphProperties && level > 0) this.meaning = { ...this.meaning, level };
  }

  setFrame(dropCap: string | undefined): void {
    this.isDropCap = dropCap === "drop" || dropCap === "margin";
  }

  setEntry(): void {
    this.isEntry = true;
  }

  setRun(isHidden: boolean): void {
    if (!this.isInParagraphProperties) this.isHiddenRun = isHidden;
  }

  setText(isInText: boolean): void {
    this.isInText = isInText;
  }

  add(text: string): void {
    if (!this.isHiddenRun && !this.isInParagraphProperties) this.parts.push(text);
  }

  endLine(type: string | undefined): void {
    // A sentence goes on after a break of the page.
    this.parts.push(type === undefined || type === "textWrapping" ? null : " ");
  }

  /** Leaves out the block around a gallery, if Word itself made the block. */
  setGallery(gallery: string): void {
    if (/table of contents|page numbers|cover pages/i.test(gallery)) this.blockAt = this.depth - 3;
  }

  countCells(step: 1 | -1): void {
    this.cells += step;
    if (step === 1) this.writer.cell();
  }

  beginTable(): void {
    this.writer.separate(Gap.Paragraph);
  }

  endRow(): void {
    this.writer.separate(Gap.Line);
  }

  endTable(): void {
    this.writer.separate(Gap.Paragraph);
    this.wasLine = false;
  }

  endParagraph(): void {
    const isEmpty = this.parts.every((part) => part === null || part.trim() === "");
    if (isEmpty || this.blockAt > 0 || this.meaning.isContents) return;
    if (this.isDropCap) {
      this.dropCap = this.parts
        .map((part) => part ?? " ")
        .join("")
        .trim();
      return;
    }
    if (this.dropCap !== "") this.parts.unshift(this.dropCap);
    this.dropCap = "";
    if (this.cells > 0) this.writer.write(` ${this.parts.map((part) => part ?? " ").join("")}`);
    else this.writeParagraph(this.meaning);
  }

  private writeParagraph({ level, isVerse }: ParagraphMeaning): void {
    const isLine = isVerse || this.isEntry;
    if (level > 0) this.writer.beginHeading(level);
    else this.writer.separate(isLine && this.wasLine ? Gap.Line : Gap.Paragraph);
    for (const part of this.parts) {
      if (part === null) this.writer.lineEnd();
      else this.writer.write(part);
    }
    if (level > 0) this.writer.endHeading();
    this.wasLine = isLine && level === 0;
  }
}

const valueOf = (attributes: Attributes, name: string): string | undefined =>
  Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];
const isOn = (attributes: Attributes): boolean =>
  !["0", "false", "off"].includes(valueOf(attributes, "val") ?? "true");

const OPENINGS: Readonly<Record<string, (reader: DocxReader, attributes: Attributes) => void>> = {
  p: (reader) => reader.beginParagraph(),
  pPr: (reader) => reader.setProperties(true),
  pStyle: (reader, attributes) => reader.setStyle(valueOf(attributes, "val") ?? ""),
  outlineLvl: (reader, attributes) => reader.setOutline(valueOf(attributes, "val")),
  numPr: (reader) => reader.setEntry(),
  framePr: (reader, attributes) => reader.setFrame(valueOf(attributes, "dropCap")),
  r: (reader) => reader.setRun(false),
  vanish: (reader, attributes) => reader.setRun(isOn(attributes)),
  t: (reader) => reader.setText(true),
  tab: (reader) => reader.add(" "),
  br: (reader, attributes) => reader.endLine(valueOf(attributes, "type")),
  cr: (reader) => reader.endLine(undefined),
  noBreakHyphen: (reader) => reader.add("\u2011"),
  softHyphen: (reader) => reader.add("\u00ad"),
  docPartGallery: (reader, attributes) => reader.setGallery(valueOf(attributes, "val") ?? ""),
  tbl: (reader) => reader.beginTable(),
  tc: (reader) => reader.countCells(1),
};

const CLOSINGS: Readonly<Record<string, (reader: DocxReader) => void>> = {
  p: (reader) => reader.endParagraph(),
  pPr: (reader) => reader.setProperties(false),
  r: (reader) => reader.setRun(false),
  t: (reader) => reader.setText(false),
  tc: (reader) => reader.countCells(-1),
  tr: (reader) => reader.endRow(),
  tbl: (reader) => reader.endTable(),
};
