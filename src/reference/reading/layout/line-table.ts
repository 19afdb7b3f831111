const LINE_ENDS = new Set("\n\r\u2028\u2029\f\v");
const SPACE = /^[\s\uFEFF]$/u;
const TAB_COLUMNS = 4;
/** The most characters that are read to see how a line begins or ends. */
const EDGE = 24;

const OPENING = /^["“”„«»‹›'‘’—–-]/u;
/** The first letter of a sentence, or the mark of a list. */
const SENTENCE_START =
  /^(?:[*•·‣◦–-]|\d{1,3}[.)]|\(?\p{Ll}\))\s+\S|^[\p{Pi}\p{Pf}\p{Ps}"'„‚¡¿*_#—–-]*\s*(?:[\p{Lu}\p{Lt}\p{N}…]|\p{Lo})/u;
const SENTENCE_END = /(?:[.!?…。！？]|[—–-](?=["”’»“‘']))[\p{Pi}\p{Pf}\p{Pe}"'*_]*$/u;
const QUOTE_END = /[.!?…,。！？—–-]["”’»“]$/u;
const WORD_BREAK = /[\s—]/u;

/** What the first and the last characters of a line are, as bits. */
const Edge = {
  SentenceStart: 1,
  SpeechStart: 2,
  SentenceEnd: 4,
  SpeechEnd: 8,
  AfterBlank: 16,
} as const;

interface Columns {
  readonly starts: number[];
  readonly ends: number[];
  readonly indents: number[];
  readonly edges: number[];
  readonly words: number[];
}

/**
 * The lines of a text that are not blank. Each property of a line is in an array of its own, because a text
 * of two million characters can have 1,000,000 lines.
 */
export class LineTable {
  readonly text: string;
  readonly length: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #indents: Uint16Array;
  readonly #edges: Uint8Array;
  readonly #words: Uint8Array;

  constructor(text: string) {
    const found = readLines(text);
    this.text = text;
    this.length = found.starts.length;
    this.#starts = Int32Array.from(found.starts);
    this.#ends = Int32Array.from(found.ends);
    this.#indents = Uint16Array.from(found.indents);
    this.#edges = Uint8Array.from(found.edges);
    this.#words = Uint8Array.from(found.words);
  }

  /** Where the line's first character that is not whitespace is. */
  start(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** Where the line ends, without whitespace. */
  end(line: number): number {
    return this.#ends[line] ?? this.text.length;
  }

  /** The number of columns before the line's first character. */
  indent(line: number): number {
    return this.#indents[line] ?? 0;
  }

  /** The number of columns of the line with its indent. */
  edge(line: number): number {
    return this.indent(line) + this.end(line) - this.start(line);
  }

  /** The length of the line's first word. */
  firstWord(line: number): number {
    return this.#words[line] ?? 0;
  }

  /** True if the line before is blank, or no line is before. */
  isAfterBlank(line: number): boolean {
    return this.#has(line, Edge.AfterBlank);
  }

  startsSentence(line: number): boolean {
    return this.#has(line, Edge.SentenceStart);
  }

  /** True if the line begins with a quotation mark or a dash. */
  startsSpeech(line: number): boolean {
    return this.#has(line, Edge.SpeechStart);
  }

  endsSentence(line: number): boolean {
    return this.#has(line, Edge.SentenceEnd);
  }

  endsSpeech(line: number): boolean {
    return this.#has(line, Edge.SpeechEnd);
  }

  #has(line: number, edge: number): boolean {
    return ((this.#edges[line] ?? 0) & edge) !== 0;
  }
}

function readLines(text: string): Columns {
  const found: Columns = { starts: [], ends: [], indents: [], edges: [], words: [] };
  let afterBlank: number = Edge.AfterBlank;
  for (let from = 0; from <= text.length;) {
    const to = lineEnd(text, from);
    const end = inkEnd(text, from, to);
    const start = inkStart(text, from, end);
    if (start < end) {
      found.starts.push(start);
      found.ends.push(end);
      found.indents.push(columns(text, from, start));
      found.edges.push(edgesOf(text, start, end) | afterBlank);
      found.words.push(wordLength(text, start, end));
    }
    afterBlank = start < end ? 0 : Edge.AfterBlank;
    // \r\n is one line end.
    from = to + (text.startsWith("\r\n", to) ? 2 : 1);
  }
  return found;
}

function edgesOf(text: string, start: number, end: number): number {
  const opening = text.slice(start, Math.min(start + EDGE, end));
  const closing = text.slice(Math.max(start, end - EDGE), end);
  return (
    (SENTENCE_START.test(opening) ? Edge.SentenceStart : 0) |
    (OPENING.test(opening) ? Edge.SpeechStart : 0) |
    (SENTENCE_END.test(closing) ? Edge.SentenceEnd : 0) |
    (QUOTE_END.test(closing) ? Edge.SpeechEnd : 0)
  );
}

function wordLength(text: string, start: number, end: number): number {
  let at = start + 1;
  while (at < end && at - start < 2 * EDGE && !WORD_BREAK.test(text.charAt(at))) at += 1;
  return at - start;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !LINE_ENDS.has(text.charAt(at))) at += 1;
  return at;
}

function inkStart(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && SPACE.test(text.charAt(at))) at += 1;
  return at;
}

function inkEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && SPACE.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function columns(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) count += text.charAt(at) === "\t" ? TAB_COLUMNS : 1;
  return count;
}
