/** Whitespace as a reader sees it: a byte-order mark is no ink. */
const INK = /[^\s\uFEFF]/u;
const SPACE = /[\s\uFEFF]/u;

/** The lines of a text that have ink, by their index. All offsets are offsets in the text. */
export class InkLines {
  readonly #text: string;
  /** Where the ink of each line starts and ends, and how many line ends are before the line. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #gaps: number[] = [];
  /** The lines that come right after a form feed. */
  readonly #feeds = new Set<number>();

  constructor(text: string) {
    this.#text = text;
    let gap = 0;
    let from = 0;
    for (let at = 0; at <= text.length; at += 1) {
      const sign = at === text.length ? "\n" : text.charAt(at);
      if (sign !== "\n" && sign !== "\f") continue;
      if (this.#add(from, at, gap)) gap = 0;
      gap += Number(sign === "\n");
      if (sign === "\f") this.#feeds.add(this.#starts.length);
      from = at + 1;
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  get text(): string {
    return this.#text;
  }

  /** The lines that come right after a form feed, in order. */
  get afterFeeds(): readonly number[] {
    return [...this.#feeds];
  }

  isAfterFeed(line: number): boolean {
    return this.#feeds.has(line);
  }

  /** Returns where the ink of a line starts. Past the last line: the end of the text. */
  startOf(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  /** Returns where the ink of a line ends. Before the first line: the start of the text. */
  endOf(line: number): number {
    return this.#ends[line] ?? 0;
  }

  lengthOf(line: number): number {
    return (this.#ends[line] ?? 0) - (this.#starts[line] ?? 0);
  }

  /** Returns the ink of a line. Empty before the first line and past the last line. */
  of(line: number): string {
    return this.#text.slice(this.#starts[line] ?? 0, this.#ends[line] ?? 0);
  }

  /** Returns how many line ends are above a line: 1 if no blank line is. */
  gapAbove(line: number): number {
    return this.#gaps[line] ?? 0;
  }

  /** True if no blank line and no form feed is between this line and the line before. */
  isTight(line: number): boolean {
    return line > 0 && line < this.count && this.#gaps[line] === 1 && !this.#feeds.has(line);
  }

  #add(from: number, to: number, gap: number): boolean {
    if (!INK.test(this.#text.slice(from, to))) return false;
    let [start, end] = [from, to];
    while (SPACE.test(this.#text.charAt(start))) start += 1;
    while (SPACE.test(this.#text.charAt(end - 1))) end -= 1;
    this.#starts.push(start);
    this.#ends.push(end);
    this.#gaps.push(gap);
    return true;
  }
}
