import type { Span } from "../../document.js";
import { isShortened } from "./apostrophes.js";
import { Beside, besideAfter, besideBefore, Place, placeOf } from "./beside.js";
import type { MarkHabits } from "./mark-habits.js";
import { type MarkAt, type Role, roleOf } from "./mark-roles.js";
import { Family, FAMILY_COUNT, GLYPHS, MARK } from "./marks.js";

/** Two single marks that are one double mark in some texts. */
const TWINS = new Set(["''", "’’", "‘‘"]);
const FIRST_CAPACITY = 64;

/**
 * The marks of one paragraph after another. Marks are numbers in arrays, because a paragraph can have 2,000,000 marks.
 */
export class ParagraphMarks {
  length = 0;
  readonly #text: string;
  readonly #habits: MarkHabits;
  readonly #pattern = new RegExp(MARK);
  #pending: RegExpExecArray | null;
  #starts = new Uint32Array(FIRST_CAPACITY);
  #ends = new Uint32Array(FIRST_CAPACITY);
  #families = new Uint8Array(FIRST_CAPACITY);
  #roles = new Uint8Array(FIRST_CAPACITY);
  #nexts = new Int32Array(FIRST_CAPACITY);
  #hasTwin = false;

  constructor(text: string, habits: MarkHabits) {
    this.#text = text;
    this.#habits = habits;
    this.#pending = this.#pattern.exec(text);
  }

  /** Reads the marks of a paragraph. The paragraphs must come in order. */
  read(paragraph: Span): void {
    this.length = 0;
    this.#hasTwin = false;
    while (this.#pending !== null && this.#pending.index < paragraph.start) this.#advance();
    while (this.#pending !== null && this.#pending.index < paragraph.end) {
      this.#addFound(this.#pending[0], this.#pending.index, paragraph);
      this.#advance();
    }
    this.#link();
  }

  start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  end(index: number): number {
    return this.#ends[index] ?? 0;
  }

  family(index: number): number {
    return this.#families[index] ?? Family.Double;
  }

  role(index: number): number {
    return this.#roles[index] ?? 0;
  }

  /** Returns the next mark of the same family, or -1. */
  next(index: number): number {
    return this.#nexts[index] ?? -1;
  }

  #advance(): void {
    this.#pending = this.#pattern.exec(this.#text);
  }

  #addFound(glyph: string, start: number, paragraph: Span): void {
    if (TWINS.has(glyph) && !this.#isOneMark(glyph, start, paragraph)) {
      this.#addGlyph(glyph.charAt(0), start, paragraph);
      this.#addGlyph(glyph.charAt(1), start + 1, paragraph);
    } else {
      this.#addGlyph(glyph, start, paragraph);
    }
  }

  /** True if two single marks are a double mark: not in “‘Whose?’ ‘The boys’’” and not in ''Tis. */
  #isOneMark(glyph: string, start: number, { start: first, end: last }: Span): boolean {
    const end = start + glyph.length;
    const before = besideBefore(this.#text, start, first);
    const place = placeOf(before, besideAfter(this.#text, end, last));
    if (place === Place.Closing && before !== Beside.Blank) return this.#hasTwin;
    if (isShortened(this.#text, end)) return false;
    this.#hasTwin = true;
    return true;
  }

  #addGlyph(glyph: string, start: number, paragraph: Span): void {
    const family = GLYPHS.get(glyph)?.family ?? Family.Double;
    if (glyph === "``") this.#hasTwin = true;
    const mark = { glyph, family, start, end: start + glyph.length };
    const around = { text: this.#text, first: paragraph.start, last: paragraph.end };
    this.#add(mark, roleOf(around, mark, this.#habits));
  }

  #add({ start, end, family }: MarkAt, role: Role): void {
    if (this.length === this.#starts.length) this.#grow();
    this.#starts[this.length] = start;
    this.#ends[this.length] = end;
    this.#families[this.length] = family;
    this.#roles[this.length] = role;
    this.length += 1;
  }

  #grow(): void {
    const capacity = this.length * 2;
    this.#starts = resized(this.#starts, new Uint32Array(capacity));
    this.#ends = resized(this.#ends, new Uint32Array(capacity));
    this.#families = resized(this.#families, new Uint8Array(capacity));
    this.#roles = resized(this.#roles, new Uint8Array(capacity));
    this.#nexts = new Int32Array(capacity);
  }

  #link(): void {
    const nexts = new Int32Array(FAMILY_COUNT).fill(-1);
    for (let index = this.length - 1; index >= 0; index -= 1) {
      const family = this.family(index);
      this.#nexts[index] = nexts[family] ?? -1;
      nexts[family] = index;
    }
  }
}

function resized<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
