import { prepareSpokenText } from "../src/providers/speech/spoken-text.js";
import { type Segment, analyseText, countWords } from "../src/reference/analysis/analyser/index.js";
import type { TextRange } from "../src/platform/text/edited-text.js";
import { ApparatusKind, type ApparatusSpan } from "../src/reference/reading/span.js";
import { spokenForm } from "../src/spoken-form/index.js";
import { clearPart } from "../src/reference/reading/clear-part.js";
import { readText } from "../src/reference/reading/reading.js";

/** The words of one kind that are not heard, and some of them. */
export interface Skipped {
  readonly words: number;
  readonly spans: number;
  readonly examples: readonly string[];
}

/** What of a text is heard, and what is not. */
export interface ReadingReport {
  readonly wordsIn: number;
  readonly wordsSpoken: number;
  readonly skipped: ReadonlyMap<ApparatusKind, Skipped>;
  /** Segments that the built-in English voice cannot say at all. */
  readonly unspoken: readonly string[];
  /** Words inside other segments that the built-in English voice cannot say. */
  readonly unsaid: readonly string[];
  /** Parts with letters or digits that are in no segment and no span. A right reading has none. */
  readonly lost: readonly string[];
  readonly chapters: readonly string[];
}

const LETTER = /[\p{L}\p{N}]/u;
const LONGEST_EXAMPLE = 60;
/** The kinds with text of the story's own: the words around or behind the signs are heard. */
const HEARD_KINDS: ReadonlySet<ApparatusKind> = new Set([
  ApparatusKind.Entity,
  ApparatusKind.Character,
  ApparatusKind.Hyphenation,
  ApparatusKind.DropCap,
]);

/** Reads and analyses a text, and lists what a listener will not hear. */
export function reportReading(text: string, language: string): ReadingReport {
  const { spans, chapters } = readText(text);
  const { segments } = analyseText(text, { language });
  const said = segments.map((segment) => saidOf(text, segment, { spans, language }));
  const skipped = skippedByKind(text, spans);
  const spoken = said.reduce((sum, { heard }) => sum + heard, 0);
  const unsaid = said.flatMap(({ silent }) => silent);
  return {
    wordsIn:
      spoken + unsaid.length + [...skipped.values()].reduce((sum, { words }) => sum + words, 0),
    wordsSpoken: spoken,
    skipped,
    unspoken: said
      .filter(({ heard, silent }) => heard === 0 && silent.length > 0)
      .map(({ line }) => line),
    unsaid: said.filter(({ heard }) => heard > 0).flatMap(({ silent }) => silent),
    lost: lostParts(text, [...segments, ...spans]),
    chapters: chapters.map(({ title }) => title),
  };
}

interface Said {
  readonly line: string;
  readonly heard: number;
  readonly silent: readonly string[];
}

function saidOf(
  text: string,
  segment: Segment,
  { spans, language }: { readonly spans: readonly ApparatusSpan[]; readonly language: string },
): Said {
  const line = clearPart(text, segment, spans).text;
  const { words, unreadable } = prepareSpokenText(spokenForm(line, { language }).text);
  const written = prepareSpokenText(line).words.length;
  const silent = unreadable.map((word) => word.text);
  const heard = words.length === silent.length ? 0 : Math.max(1, written - silent.length);
  return { line: excerpt(line), heard, silent };
}

const MOST_EXAMPLES = 3;

function skippedByKind(
  text: string,
  spans: readonly ApparatusSpan[],
): ReadonlyMap<ApparatusKind, Skipped> {
  const skipped = new Map<ApparatusKind, Skipped>();
  for (const { kind, start, end } of spans) {
    const part = text.slice(start, end);
    const known = skipped.get(kind) ?? { words: 0, spans: 0, examples: [] };
    const isExample = known.examples.length < MOST_EXAMPLES && /\S/u.test(part);
    skipped.set(kind, {
      words: known.words + (HEARD_KINDS.has(kind) ? 0 : countWords(part)),
      spans: known.spans + 1,
      examples: isExample ? [...known.examples, excerpt(part)] : known.examples,
    });
  }
  return skipped;
}

function lostParts(text: string, kept: readonly TextRange[]): readonly string[] {
  const lost: string[] = [];
  let at = 0;
  for (const { start, end } of [...kept].sort((a, b) => a.start - b.start)) {
    if (start > at && LETTER.test(text.slice(at, start))) lost.push(excerpt(text.slice(at, start)));
    at = Math.max(at, end);
  }
  if (LETTER.test(text.slice(at))) lost.push(excerpt(text.slice(at)));
  return lost;
}

function excerpt(part: string): string {
  const line = part.replace(/\s+/gu, " ").trim();
  return line.length <= LONGEST_EXAMPLE ? line : `${line.slice(0, LONGEST_EXAMPLE - 1)}…`;
}
