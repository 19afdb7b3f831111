import { ApparatusKind, type ApparatusSpan } from "../../span.js";
import { type Block, blocksOf, linesOfBlock } from "../blocks.js";
import { spanOf } from "../spans.js";
import { findAdverts } from "./adverts.js";
import { countDataLines, isBoilerplate, isCredit, isIdentity } from "./boilerplate.js";
import { isImprint } from "./imprints.js";
import { findMailHead } from "./mail-head.js";
import { findSections } from "./sections.js";
import { findTranscriberNotes } from "./transcriber-notes.js";

/** Headers and title pages are not longer than this, and no colophon is. */
const MOST_FRONT = 60;
const MOST_BACK = 40;
/** A paragraph of prose of this length begins the book. */
const PROSE = /[.!?…]["”’]?$/u;
/** "May, 1994 [Etext #103]". */
const NUMBER = /^[^[]{0,40}\[?(?:e-?book|e-?text) ?#\d+\]?$/i;
/** "[The end of The Ferry, by Nell Ardent]". */
const LAST_LINE =
  /^\[(?:[Tt]he )?[Ee]nd of (?:.{2,120}, by \p{Lu}.{2,60}[^.!?]|.{0,60}Gutenberg.{0,90})\]$/u;
/** "Title: a word he hated." */
const isRemark = (line: string): boolean => /^[\w ]{4,30}: \p{Ll}.*[.!?]$/u.test(line);
const MOST_WEAK = 6;
const SHORTEST_PROSE = 90;
const FEWEST_DATA = 3;
const LOOK = 5;
const LAST = 2;
const LONGEST_PRINTER = 120;
/** A line of a library below a scan, or of a printing house below a page: "ferry.indd   12   3/5/21". */
const SCAN =
  /^[^\S\n]*(?:[^\n]{1,120}\.(?:indd|qx[dp]|pmd)\b[^\n]{0,60}\d|(?:digiti[sz]ed|scanned) by (?:the )?(?:google|internet archive|microsoft|vjoo\w+))[^\S\n]*$/gim;

/** Finds what publishers, libraries and transcribers have written before and after the book. */
export function findFrontMatter(
  text: string,
  before: readonly ApparatusSpan[],
): readonly ApparatusSpan[] {
  const blocks = blocksOf(text);
  const front = blocks.slice(0, MOST_FRONT);
  const back = blocks.slice(-MOST_BACK);
  const { Header, EditorNote, Licence } = ApparatusKind;
  return [
    ...new FrontReader(
      text,
      front,
      before.some(({ kind }) => kind === Licence),
    ).read(),
    ...back.filter(isBackMatter),
    ...blocks.slice(-LAST).filter((block) => isPrinter(text, block)),
    ...findSections(blocks),
    ...findMailHead(text, blocks),
    ...findAdverts(blocks),
    ...Array.from(text.matchAll(SCAN), ({ 0: line, index }) => ({
      start: index,
      end: index + line.length,
    })),
  ]
    .map((range) => spanOf(Header, range))
    .concat(findTranscriberNotes(blocks).map((range) => spanOf(EditorNote, range)));
}

const wordsOf = ({ text }: Block): string =>
  text
    .slice(0, 2000)
    .replace(/^[\s*[(<]{1,10}/, "")
    .replace(/\s{1,100}/g, " ")
    .replace(/[*\])>]{1,10}$/, "");

function isBackMatter(block: Block): boolean {
  const words = wordsOf(block);
  return isBoilerplate(words) || isCredit(words, false);
}

/** A printer's name can end a book. */
const isPrinter = (text: string, block: Block): boolean =>
  LAST_LINE.test(block.text) ||
  (block.text.length <= LONGEST_PRINTER &&
    /^[^\p{L}]{0,4}(?:(?:Printed (?:in|by|at)|PRINTED (?:IN|BY|AT)) \p{Lu}|(?:Copyright|COPYRIGHT)\b)|^(?:©|\([Cc]\)) ?\d/u.test(
      block.text,
    ) &&
    isImprint({
      words: wordsOf(block).replace(/^[^\p{L}©(]+/u, ""),
      lines: linesOfBlock(text, block).map((line) => line.text),
      isAfterImprint: false,
      isNextToImprint: false,
    }));

class FrontReader {
  readonly #text: string;
  readonly #blocks: readonly Block[];
  readonly #isEbook: boolean;
  #hasImprint = false;
  /** The index of the last imprint. */
  #last = -2;
  /** How many of the paragraphs before are imprints only because an imprint came first. */
  #weak = 0;

  constructor(text: string, blocks: readonly Block[], hasLicence: boolean) {
    this.#text = text;
    this.#blocks = blocks;
    this.#isEbook = hasLicence || this.#hasHeader();
  }

  /** Returns the paragraphs that are no part of the book. */
  read(): readonly Block[] {
    const found: Block[] = [];
    let isBegun = false;
    for (const [index, block] of this.#blocks.entries()) {
      const words = wordsOf(block);
      if (isBoilerplate(words) || (!isBegun && this.#isHeader(block, words, index)))
        found.push(block);
      else isBegun ||= words.length >= SHORTEST_PROSE && PROSE.test(words);
    }
    return found;
  }

  /** A header has three lines such as "Title: ..." and "Release date: ...", or a library's first words. */
  #hasHeader(): boolean {
    const counts = this.#blocks.map((block) => countDataLines(this.#linesOf(block)));
    const all = counts.reduce((sum, count) => sum + count.all, 0);
    const hasData = all >= FEWEST_DATA && counts.some(({ library }) => library > 0);
    return hasData || this.#blocks.slice(0, LOOK).some((block) => isIdentity(wordsOf(block)));
  }

  #linesOf(block: Block): readonly string[] {
    return linesOfBlock(this.#text, block).map((line) => line.text);
  }

  #isHeader(block: Block, words: string, index: number): boolean {
    if (isIdentity(words) || isCredit(words, this.#isEbook) || NUMBER.test(words)) return true;
    const lines = this.#linesOf(block);
    if (this.#isEbook && this.#isData(index, lines)) return true;
    return (index > 0 || this.#isEbook) && this.#readImprint(index, words, lines);
  }

  /** Imprints without a sign of their own follow each other only a few times. */
  #readImprint(index: number, words: string, lines: readonly string[]): boolean {
    const isStrong = isImprint({ words, lines, isAfterImprint: false, isNextToImprint: false });
    const isFound =
      isStrong ||
      (this.#weak < MOST_WEAK &&
        isImprint({
          words,
          lines,
          isAfterImprint: this.#hasImprint,
          isNextToImprint: this.#last === index - 1 || this.#isStrong(index + 1),
        }));
    if (!isFound) return false;
    this.#weak = isStrong ? 0 : this.#weak + 1;
    this.#hasImprint = true;
    this.#last = index;
    return true;
  }

  #isStrong(index: number): boolean {
    const block = this.#blocks[index];
    return (
      block !== undefined &&
      isImprint({
        words: wordsOf(block),
        lines: this.#linesOf(block),
        isAfterImprint: false,
        isNextToImprint: false,
      })
    );
  }

  /** A single line such as "Title: The Ferry" needs another one before or after it. */
  #isData(index: number, lines: readonly string[]): boolean {
    const { all, library } = countDataLines(lines);
    if (all === 0 || lines.some(isRemark)) return false;
    if (library > 0 || all > 1) return true;
    if (PROSE.test(lines[0] ?? "")) return false;
    return [index - 1, index + 1].some((at) => {
      const near = this.#blocks.slice(Math.max(at, 0), at + 1).flatMap((b) => this.#linesOf(b));
      return countDataLines(near).all > 0 && !near.some(isRemark);
    });
  }
}
