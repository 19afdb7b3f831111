import fc from "fast-check";

/** How the pages of a generated book look. */
export interface PageStyle {
  /** Writes the number of a page. */
  readonly number: (page: number, head: string) => string;
  /** True if a running head stands under the number. */
  readonly hasHead: boolean;
  readonly firstPage: number;
  /** What stands between two parts of a page: blank lines, or only line ends. */
  readonly gap: string;
  /** True if a page can end inside a word. */
  readonly cutsWords: boolean;
  /** The shortest page, in characters. */
  readonly pageLength: number;
  /** Lines of wrapped text are at most this long. */
  readonly lineLength: number;
}

/** How the chapters of a generated book are headed. The second line is empty or a title. */
export type HeadingStyle = (chapter: number, title: string) => readonly string[];

export interface GeneratedBook {
  /** The file: the story with pages. */
  readonly text: string;
  /** The story alone, with one space between words. */
  readonly story: string;
  readonly headings: readonly string[];
  readonly pageBreaks: number;
}

const WORDS =
  `lamp river window garden stone winter evening letter silver morning harbour bridge candle shadow meadow
  mountain kitchen ladder basket curtain thunder pepper whisper lantern saddle blanket corner finger`.split(
    /\s+/u,
  );
const LINKS = "and under beside the with a behind some near another of".split(" ");
const STARTS = ["The old man", "She", "He", "Nobody", "Their neighbour", "My uncle", "A stranger"];
const VERBS = "carried followed noticed remembered painted counted watched forgot".split(" ");
const TITLES = ["The Storm", "A Letter Home", "The Empty House", "Low Water", "The Last Lamp"];
const BOOK_TITLE = "THE SALT ROAD";

const sentence = fc
  .tuple(
    fc.constantFrom(...STARTS),
    fc.constantFrom(...VERBS),
    fc.array(fc.tuple(fc.constantFrom(...LINKS), fc.constantFrom(...WORDS)), {
      minLength: 3,
      maxLength: 9,
    }),
    fc.constantFrom(".", ".", "!", "?"),
  )
  .map(([start, verb, parts, stop]) => `${start} ${verb} ${parts.flat().join(" ")}${stop}`);

const paragraph = fc
  .array(sentence, { minLength: 1, maxLength: 6 })
  .map((sentences) => sentences.join(" "));

const chapter = fc.record({
  title: fc.constantFrom(...TITLES),
  paragraphs: fc.array(paragraph, { minLength: 3, maxLength: 9 }),
});

/** Generates the chapters of a book. */
export const chapters = fc.array(chapter, { minLength: 3, maxLength: 6 });
export type Chapters = typeof chapters extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes a book with chapters and pages. */
export function writeBook(
  content: Chapters,
  heading: HeadingStyle,
  style: PageStyle | null,
): GeneratedBook {
  const writer = new BookWriter(style);
  const headings: string[] = [];
  for (const [index, { title, paragraphs }] of content.entries()) {
    const lines = heading(index + 1, title);
    headings.push(lines.join(". "));
    for (const line of lines) writer.heading(line);
    const head = lines.length > 1 ? title.toUpperCase() : BOOK_TITLE;
    for (const text of paragraphs) writer.paragraph(text, head);
  }
  return { text: writer.text(), story: writer.story(), headings, pageBreaks: writer.pageBreaks() };
}

class BookWriter {
  #text = "";
  #story: string[] = [];
  #page: number;
  #onPage = 0;

  constructor(private readonly style: PageStyle | null) {
    this.#page = style?.firstPage ?? 0;
  }

  text = (): string => this.#text.trim();
  pageBreaks = (): number => this.#page - (this.style?.firstPage ?? 0);
  story = (): string => this.#story.join(" ");

  heading(line: string): void {
    this.#text += `${line}\n\n`;
    this.#story.push(line);
  }

  paragraph(text: string, head: string): void {
    this.#story.push(text);
    let line = "";
    for (const [index, word] of text.split(" ").entries()) {
      if (line.length + word.length > (this.style?.lineLength ?? Infinity)) {
        this.#text += `${line}\n`;
        line = "";
      }
      const rest = index > 5 && line.length > 30 ? this.#endPageBefore(word, line, head) : null;
      if (rest === null) line += line === "" ? word : ` ${word}`;
      else line = rest;
      this.#onPage += word.length + 1;
    }
    this.#text += `${line}\n\n`;
  }

  /** Ends a full page. Returns the part of the word that the next page begins with. */
  #endPageBefore(word: string, line: string, head: string): string | null {
    if (!this.style || this.#onPage <= this.style.pageLength) return null;
    const part = this.style.cutsWords && /^[a-z]{6,}$/u.test(word) ? word.slice(0, 3) : "";
    this.#text += `${line}${part === "" ? "" : ` ${part}-`}`;
    this.#endPage(this.style, head);
    return word.slice(part.length);
  }

  #endPage(style: PageStyle, head: string): void {
    const running = this.#page % 2 === 0 ? BOOK_TITLE : head;
    const parts = [style.number(this.#page, running), ...(style.hasHead ? [running] : [])];
    this.#text += `${style.gap}${parts.join(style.gap)}${style.gap}`;
    this.#page += 1;
    this.#onPage = 0;
  }
}
