import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { ELEMENTS, ElementRole, WORD_ELEMENTS } from "./html-elements.js";

const ATTRIBUTE = String.raw`\s+(?:[a-z_:@][\w:.-]{0,80}\s{0,9}=\s{0,9}(?:"[^"<]{0,4000}"|'[^'<]{0,4000}'|[^\s"'=<>\x60]+)|async|checked|compact|controls|defer|disabled|hidden|noshade|nowrap)`;
const TAG = new RegExp(
  String.raw`<(?:(?<comment>!--)|!doctype\b[^<>]{0,400}>|\?xml\b[^<>]{0,400}>|(?<slash>/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?:${ATTRIBUTE})*)\s*(?<selfClosing>/?)>)`,
  "giu",
);
const CLOSING = /<\/([a-z][a-z0-9]*)\s*>/giu;
const LINE_END = /[^\S\n]*\n/uy;
const SPACE = /^\s*$/u;
/** The number of a footnote, maybe in a link. */
const NOTE_MARK =
  /<sup\b[^<>]*>\s*(?:<a\b[^<>]{0,400}>\s*)?[[(]?(?:(?<number>\d{1,3})|[a-z*†‡§])[\])]?\s*(?:<\/a\s*>\s*)?<\/sup\s*>/iuy;
/** A mark stands after a word or the end of a sentence. The 2 of "x²" is none. */
const BEFORE_MARK = /(?:\p{Ll}{3}|[.,;:!?"'”’)])$/u;
/** The number of a footnote also stands at the start of the footnote. */
const BEFORE_BODY =
  /(?:^|\n|<(?:p|div|li|dd|td|aside|section|blockquote)\b[^<>]{0,200}>)\s*(?:<(?:a|span|small)\b[^<>]{0,200}>\s*)*$/iu;
const ANY_TAG = /<[^<>]{1,400}>/gu;
const LOOK_BEHIND = 500;
const SUPERSCRIPTS = Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹");

interface Tag {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly isClosing: boolean;
}

/** Finds the tags of HTML, comments, and the elements whose content is no text, for example scripts. */
export function findTags(text: string): readonly ApparatusSpan[] {
  return text.includes("<") ? new TagReader(text).read() : [];
}

/** Returns where all tags and comments begin, also those inside comments and silent elements. */
export function tagStarts(text: string): readonly number[] {
  return text.includes("<") ? new TagReader(text).starts() : [];
}

class TagReader {
  readonly #text: string;
  readonly #closed: ReadonlySet<string>;
  readonly #spans: ApparatusSpan[] = [];
  /** Elements without a closing tag in the rest of the text. */
  readonly #unclosed = new Set<string>();
  /** The end of the last tag that has ended a paragraph. */
  #brokenAt = -1;

  constructor(text: string) {
    this.#text = text;
    this.#closed = new Set(
      Array.from(text.matchAll(CLOSING), ([, name = ""]) => name.toLowerCase()),
    );
  }

  read(): readonly ApparatusSpan[] {
    const tags = new RegExp(TAG);
    for (let found = tags.exec(this.#text); found; found = tags.exec(this.#text)) {
      const span = this.#spanOf(found);
      if (!span) continue;
      this.#spans.push(span);
      tags.lastIndex = span.end;
    }
    return this.#spans;
  }

  starts(): readonly number[] {
    const lastEnd = this.#text.lastIndexOf("-->");
    return Array.from(this.#text.matchAll(TAG))
      .filter(({ 0: { length }, index, groups = {} }) => {
        const { comment, name } = groups;
        if (comment !== undefined) return index + length <= lastEnd;
        return name === undefined || this.#isTag(name.toLowerCase(), isBare(groups));
      })
      .map(({ index }) => index);
  }

  #spanOf({ 0: { length }, index, groups = {} }: RegExpExecArray): ApparatusSpan | null {
    const { comment, name, slash, selfClosing } = groups;
    const end = index + length;
    if (comment !== undefined) return this.#silentTo(index, end, "-->");
    if (name === undefined) return silent(index, end);
    const isClosing = slash !== "";
    const tag = { start: index, end, name: name.toLowerCase(), isClosing };
    return this.#isTag(tag.name, isBare(groups)) ? this.#read(tag, selfClosing !== "") : null;
  }

  #isTag(name: string, isAlone: boolean): boolean {
    const role = ELEMENTS.get(name);
    if (role === undefined || !isAlone || this.#closed.has(name)) return role !== undefined;
    return role !== ElementRole.Silent && !WORD_ELEMENTS.has(name);
  }

  #read(tag: Tag, isSelfClosing: boolean): ApparatusSpan {
    const { start, end, name, isClosing } = tag;
    const role = ELEMENTS.get(name);
    if (name === "hr") return this.#break(tag, ApparatusKind.SceneBreak);
    if (role === ElementRole.Block) return this.#break(tag, ApparatusKind.Tag);
    if (role === ElementRole.Silent && !isClosing && !isSelfClosing) {
      return this.#silentTo(start, end, `</${name}`) ?? silent(start, end);
    }
    return this.#noteMark(tag) ?? silent(start, end, this.#inlineSaid(tag));
  }

  #inlineSaid({ end, name, isClosing }: Tag): string {
    if (name === "q") return isClosing ? "”" : "“";
    if (name === "td" || name === "th") return " ";
    if (name !== "br") return "";
    // A line end in the file after <br> is the same line end.
    LINE_END.lastIndex = end;
    return LINE_END.test(this.#text) ? "" : "\n";
  }

  /** Reads a raised number as the small raised digits, so that the footnotes find their marks later. */
  #noteMark({ start, name, isClosing }: Tag): ApparatusSpan | null {
    if (name !== "sup" || isClosing) return null;
    NOTE_MARK.lastIndex = start;
    const { 0: mark, groups } = NOTE_MARK.exec(this.#text) ?? {};
    if (mark === undefined) return null;
    const before = this.#text.slice(Math.max(0, start - LOOK_BEHIND), start);
    const end = start + mark.length;
    const number = groups?.["number"];
    if (BEFORE_MARK.test(before.replace(ANY_TAG, ""))) {
      if (number === undefined) return { kind: ApparatusKind.FootnoteMark, start, end, said: "" };
      return silent(start, end, raised(number));
    }
    return number !== undefined && BEFORE_BODY.test(before)
      ? silent(start, end, raised(number))
      : null;
  }

  /** Reads a tag between two paragraphs. A row of such tags ends one paragraph only. */
  #break({ start, end }: Tag, kind: ApparatusKind): ApparatusSpan {
    const isBroken = this.#brokenAt >= 0 && SPACE.test(this.#text.slice(this.#brokenAt, start));
    this.#brokenAt = end;
    return { kind, start, end, said: isBroken ? "" : "\n\n" };
  }

  /** Returns a silent span to the end of a comment or an element. Returns null if it never ends. */
  #silentTo(start: number, from: number, ending: string): ApparatusSpan | null {
    if (this.#unclosed.has(ending)) return null;
    const ends = new RegExp(ending.startsWith("<") ? `${ending}\\s*>` : ending, "giu");
    ends.lastIndex = from;
    if (ends.test(this.#text)) return silent(start, ends.lastIndex);
    this.#unclosed.add(ending);
    return null;
  }
}

const isBare = ({
  attributes = "",
  selfClosing = "",
}: Readonly<Partial<Record<string, string>>>): boolean =>
  attributes.trim() === "" && selfClosing === "";

const silent = (start: number, end: number, said = ""): ApparatusSpan => ({
  kind: ApparatusKind.Tag,
  start,
  end,
  said,
});

const raised = (number: string): string =>
  number.replace(/\d/gu, (digit) => SUPERSCRIPTS[Number(digit)] ?? digit);
