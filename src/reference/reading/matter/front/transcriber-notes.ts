import type { TextRange } from "../../../../platform/text/edited-text.js";
import type { Block } from "../blocks.js";

/** "Transcriber's Notes", maybe in a box of signs. */
const HEADING =
  /^[\W_]{0,300}(?:transcribers?['’]?s?['’]?|transcription|redactor['’]?s|proofreaders?['’]?s?['’]?)\s{1,3}(?:end)?-?notes?\s{0,3}(?:[:.\]|\n—–-][\W_]{0,300}|$)/i;
/** Nobody else puts a note of a transcriber in a box. */
const BOX = /^(?:[+*#=~|-]{3,}|\|)/;
/** A heading, maybe with the first lines of the list. */
const ERRATA =
  /^[\W_]{0,9}(?:errata|erratum|corrigenda|addenda et corrigenda)[\W_]{0,9}(?:$|\n\s*(?:page|p\.) ?\d+)/iu;
const ERRATUM =
  /^(?:on )?(?:page|pages|p\.|pg\.?) ?\d+.{0,80}\b(?:for|read|should|delete|insert|instead)\b/iu;
const LOOK = 700;
/** Words about a printed book and its transcription. Those of the second list can also stand in a story. */
const STRONG =
  /typograph|hyphenat|italic|underscore|footnote|punctuation|spelling|misprint|public domain|\bhtml\b|\butf-?8\b|\bascii\b|\be-?text|\be-?book|printer['’]?s?['’]? err|errat|sidenote|transcriber/gi;
const WEAK =
  /original|edition|preserved|retained|corrected|publication|copyright|illustration|cover|scan|chapter|page \d|moved|table of contents/gi;
const CHANGE =
  /(?:changed|corrected|amended|altered) (?:to|from)|replaced (?:by|with) ["“']|["”’'] (?:should (?:be|read)|was|for) ["“']|was missing|→|=>|^(?:page|p\.|line) ?\d+/im;
const CHAPTER = /^[\W_]{0,6}(?:chapter|book|part|act) [\divxlc]+\b/i;
const MOST_BLOCKS = 200;
/** A note at the end of a text goes on to the end if it has at most this many paragraphs. */
const MOST_LAST_BLOCKS = 40;

/** Finds the notes of transcribers and the lists of a printer's mistakes. A note without a word about the printed book belongs to the story. */
export function findTranscriberNotes(blocks: readonly Block[]): readonly TextRange[] {
  const notes: TextRange[] = [];
  for (let at = 0; at < blocks.length; at += 1) {
    const to = endOfErrata(blocks, at) || endOfNote(blocks, at);
    for (; at < to; at += 1) notes.push(...blocks.slice(at, at + 1));
    if (to > 0) at = to - 1;
  }
  return notes;
}

/** Returns the index after the note that begins with a block, or 0 if none does. */
function endOfNote(blocks: readonly Block[], at: number): number {
  const [words = "", next = ""] = blocks.slice(at, at + 2).map(({ text }) => text);
  const heading = HEADING.exec(words.slice(0, LOOK))?.[0];
  if (heading === undefined) return 0;
  const rest = words.slice(heading.length);
  if (rest.trim() === "") {
    return weightOf(next) >= 2 || isNote(next) ? endOfSection(blocks, at + 2) : 0;
  }
  return BOX.test(words) || weightOf(rest) >= 2 ? endOfNotes(blocks, at + 1) : 0;
}

/** Returns the index after the list of a printer's mistakes, or 0 if no such list is below the heading. */
function endOfErrata(blocks: readonly Block[], at: number): number {
  if (!ERRATA.test(blocks[at]?.text ?? "")) return 0;
  let to = at + 1;
  while (isErratum(blocks[to]?.text ?? "")) to += 1;
  const isInHeading = blocks[at]?.text.includes("\n") === true;
  return to > at + 1 || isInHeading ? to : 0;
}

function isErratum(words: string): boolean {
  const lines = words.split("\n");
  return 2 * lines.filter((line) => ERRATUM.test(line.trim())).length > lines.length;
}

/** Notes under a heading can go on to the end of the text. */
const endOfSection = (blocks: readonly Block[], from: number): number =>
  isLast(blocks, from) ? blocks.length : endOfNotes(blocks, from);

function endOfNotes(blocks: readonly Block[], from: number): number {
  let to = from;
  while (to < blocks.length && to - from < MOST_BLOCKS && isNote(blocks[to]?.text ?? "")) to += 1;
  return to;
}

/** True if most of the paragraphs that are left are notes, and no chapter begins. */
function isLast(blocks: readonly Block[], from: number): boolean {
  if (blocks.length - from > Math.min(MOST_LAST_BLOCKS, from)) return false;
  const left = blocks.slice(from);
  const notes = left.filter(({ text }) => isNote(text)).length;
  return 2 * notes >= left.length && !left.some(({ text }) => CHAPTER.test(text));
}

/** Tells how much a paragraph is about a printed book. */
function weightOf(words: string): number {
  const look = words.slice(0, 2 * LOOK);
  return 2 * (look.match(STRONG)?.length ?? 0) + (look.match(WEAK)?.length ?? 0);
}

/** A paragraph after a note must be clearer than the first one. */
const isNote = (words: string): boolean =>
  !CHAPTER.test(words) && (weightOf(words) > 2 || CHANGE.test(words.slice(0, 2 * LOOK)));
