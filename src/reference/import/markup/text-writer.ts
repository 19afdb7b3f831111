import { InvalidInputError } from "../../../platform/errors.js";
import { escapeLiteralMarkup } from "../../reading/characters/literal-markup.js";
import { MAX_TEXT_LENGTH } from "../../story/story-text.js";

/** How far two texts are apart. */
export const Gap = { None: 0, Line: 1, Paragraph: 2 } as const;
export type Gap = (typeof Gap)[keyof typeof Gap];

const SCENE_BREAK = "* * *";
/** Control characters that no text has. Tabs and line ends are text. */
const CONTROLS = /[\p{Cc}--[\t\n]]/gv;

export interface Heading {
  /** 1 is the widest. */
  readonly level: number;
  readonly title: string;
  /** UTF-16 offset of the heading. */
  readonly start: number;
  /** The number of the paragraph. */
  readonly paragraph: number;
}

interface Block {
  readonly text: string;
  readonly level: number;
  readonly isBreak: boolean;
}

/** What a writer wrote. */
export interface WrittenText {
  readonly text: string;
  readonly headings: readonly Heading[];
  /** The offsets of the marks, by name. */
  readonly marks: ReadonlyMap<string, number>;
}

/**
 * Writes paragraphs as a story's text has them: paragraphs apart by a blank line, lines of verse by a line
 * end, scenes by `* * *`. Whitespace is collapsed as browsers do. The text is in its stored form:
 * signs that the reading would take for tags are escaped.
 */
export class TextWriter {
  private readonly blocks: Block[] = [];
  /** The finished lines of the open paragraph. */
  private lines: string[] = [];
  /** The parts of the open line. */
  private parts: string[] = [];
  private endsInSpace = true;
  private gap: Gap = Gap.None;
  private breaks = 0;
  private level = 0;
  private prefix = "";
  private readonly marks = new Map<string, number>();
  private lengthSoFar = 0;

  /** Writes text whose whitespace means one space. */
  write(data: string): void {
    const text = data.replace(CONTROLS, "").replace(/[\t\n ]+/g, " ");
    const visible = this.isAtLineStart()
      ? text.trimStart()
      : this.endsInSpace
        ? text.replace(/^ /, "")
        : text;
    if (visible === "") return;
    this.settle();
    this.add(visible);
  }

  /** Writes text whose spaces and line ends stay. */
  writeLines(data: string): void {
    const lines = data.replace(/\r\n?/g, "\n").replace(CONTROLS, "").split("\n");
    for (const [index, line] of lines.entries()) {
      if (index > 0) this.lineEnd();
      if (line === "" || (line.trim() === "" && this.isAtLineStart())) continue;
      this.settle();
      this.add(line);
    }
  }

  /** Ends a line. Two line ends without text between them end the paragraph. */
  lineEnd(): void {
    this.breaks += 1;
    this.separate(this.breaks > 1 ? Gap.Paragraph : Gap.Line);
  }

  /** Puts at least this gap before the next text. */
  separate(gap: Gap): void {
    // A heading is one paragraph.
    const wanted = this.level > 0 ? Math.min(gap, Gap.Line) : gap;
    if (wanted > this.gap) this.gap = wanted as Gap;
  }

  /** Writes a separator if the open line has text, and none if it has not. */
  cell(): void {
    if (this.isAtLineStart()) return;
    this.trimLine();
    this.parts.push("\t");
    this.endsInSpace = true;
  }

  /** Writes this before the next text. */
  announce(prefix: string): void {
    this.prefix = prefix;
  }

  /** All text until `endHeading` is one heading. */
  beginHeading(level: number): void {
    this.separate(Gap.Paragraph);
    this.finish();
    this.level = level;
  }

  endHeading(): void {
    this.finish();
    this.level = 0;
    this.separate(Gap.Paragraph);
  }

  sceneBreak(): void {
    this.finish();
    this.separate(Gap.Paragraph);
    this.pushBreak();
  }

  /** Remembers the paragraph that is open or comes next under a name. The first one of a name counts. */
  mark(name: string): void {
    if (this.marks.has(name)) return;
    const isUnfinished = this.parts.length > 0 || this.lines.length > 0;
    const isOver = isUnfinished && this.gap === Gap.Paragraph;
    this.marks.set(name, this.blocks.length + (isOver ? 1 : 0));
  }

  /** Ends the text and returns it. Scene breaks at the start, at the end and beside headings are left out. */
  finished(): WrittenText {
    this.finish();
    const kept = this.blocks.filter((block, index) => !block.isBreak || this.isBetweenText(index));
    // Tags can be apart by paragraphs, so the whole text shows which signs need an escape.
    const escaped = escapeLiteralMarkup(kept.map(({ text }) => text).join("\n\n"));
    const texts = new Map(escaped.split("\n\n").map((text, index) => [kept[index], text]));
    const headings: Heading[] = [];
    const starts: number[] = [];
    let offset = 0;
    let paragraph = 0;
    for (const block of this.blocks) {
      starts.push(offset);
      const text = texts.get(block);
      if (text === undefined) continue;
      if (block.level > 0) {
        const title = block.text.replace(/\s+/gu, " ");
        headings.push({ level: block.level, title, start: offset, paragraph });
      }
      paragraph += 1;
      offset += text.length + 2;
    }
    const end = Math.max(0, offset - 2);
    const marks = new Map<string, number>();
    for (const [name, block] of this.marks) marks.set(name, starts[block] ?? end);
    return { text: escaped, headings, marks };
  }

  private isBetweenText(index: number): boolean {
    const isText = (block: Block | undefined): boolean => block?.level === 0;
    return isText(this.blocks[index - 1]) && isText(this.blocks[index + 1]);
  }

  private isPending(): boolean {
    return this.gap > Gap.None;
  }

  private isAtLineStart(): boolean {
    return this.isPending() || this.parts.length === 0;
  }

  /** Makes the gap that the next text needs. */
  private settle(): void {
    if (this.gap === Gap.Paragraph) this.finish();
    if (this.gap === Gap.Line) this.endLine();
    this.gap = Gap.None;
    this.breaks = 0;
    if (this.prefix !== "") this.add(this.prefix);
    this.prefix = "";
  }

  private add(text: string): void {
    this.parts.push(text);
    this.lengthSoFar += text.length;
    if (this.lengthSoFar > MAX_TEXT_LENGTH) throw tooLong();
    this.endsInSpace = text.endsWith(" ");
  }

  private trimLine(): string {
    const line = this.parts.join("").trimEnd();
    this.parts = line === "" ? [] : [line];
    return line;
  }

  private endLine(): void {
    const line = this.trimLine();
    if (line.trim() !== "") this.lines.push(line);
    this.parts = [];
    this.endsInSpace = true;
  }

  private finish(): void {
    this.endLine();
    const text = this.lines.join("\n").normalize("NFC").trim();
    this.lines = [];
    // A heading never waits for the text of the next paragraph.
    if (this.gap === Gap.Line) this.gap = Gap.None;
    if (text === SCENE_BREAK) this.pushBreak();
    else if (text !== "") this.blocks.push({ text, level: this.level, isBreak: false });
  }

  private pushBreak(): void {
    if (this.blocks.at(-1)?.isBreak === true) return;
    this.blocks.push({ text: SCENE_BREAK, level: 0, isBreak: true });
  }
}

const tooLong = (): InvalidInputError =>
  new InvalidInputError(
    `The text has more than ${MAX_TEXT_LENGTH} characters, which is the most that a story can have. Split the text into parts.`,
    ["dataBase64"],
  );
