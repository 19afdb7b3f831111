import type { Document } from "domhandler";
import type { ChapterHeading } from "../../reading/chapters/chapters.js";
import { storyText } from "../../story/story-text.js";
import { decodeText } from "../encoding.js";
import { refused } from "../file-kind.js";
import { extractText } from "../markup/extract.js";
import { headingChapters } from "../markup/heading-chapters.js";
import { noteBodies, noteTargets } from "../markup/notes.js";
import { MarkupKind, parseMarkup } from "../markup/parse-markup.js";
import { Gap, TextWriter, type WrittenText } from "../markup/text-writer.js";
import type { ImportedStory, StoryFile } from "../story-file.js";
import { titleFromFileName } from "../titles.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import { findCover } from "./find-cover.js";
import { frontEntries, isSilentType } from "./front-matter.js";
import { navChapters } from "./nav-chapters.js";
import { type Navigation, readNavigation } from "./navigation.js";
import { type BookPackage, type ManifestItem, missing, readPackage } from "./package-document.js";
import { placeOf } from "../zip/part-path.js";
import { refuseProtected } from "./protection.js";

/** Reads the story in an EPUB 2 or 3. @throws InvalidInputError that says what is wrong with the book */
export async function readEpub(archive: ZipArchive, file: StoryFile): Promise<ImportedStory> {
  await refuseProtected(archive);
  const book = await readPackage(archive);
  const navigation = await readNavigation(archive, book);
  const reader = new BookReader(archive, file);
  const written = await reader.read(textParts(book, navigation));
  if (written.text === "") {
    throw refused(`${file.fileName} has no text; a book of pictures cannot be read aloud.`);
  }
  const headings = headingChapters(written.headings);
  const chapters = chaptersOf(navigation, written, reader.leftOut);
  return {
    ...book.facts,
    title: book.facts.title ?? headings.title ?? titleFromFileName(file.fileName),
    content: storyText(written.text, ["dataBase64"]),
    chapters: chapters.length > 0 ? chapters : headings.chapters,
    cover: await findCover(archive, book),
  };
}

/** Returns the parts with text of the story, in the order of reading. */
function textParts(book: BookPackage, navigation: Navigation): readonly ManifestItem[] {
  const front = frontEntries(navigation.entries);
  const chapters = navigation.entries.filter((entry) => !front.has(entry));
  const chapterPaths = new Set(chapters.map(({ path }) => path));
  const marked = [...book.guide, ...navigation.landmarks].filter(({ type }) => isSilentType(type));
  const silent = new Set([...marked, ...front].map(({ path }) => path));
  return book.spine.filter(
    ({ path }) => path !== navigation.path && (!silent.has(path) || chapterPaths.has(path)),
  );
}

function chaptersOf(
  { entries }: Navigation,
  { text, marks }: WrittenText,
  leftOut: ReadonlySet<string>,
): readonly ChapterHeading[] {
  const front = frontEntries(entries);
  const chapters = entries.filter((entry) => !front.has(entry));
  return navChapters(chapters, ({ path, id }) => {
    const mark = `${path}#${id}`;
    if (leftOut.has(mark)) return null;
    const start = marks.get(mark) ?? marks.get(`${path}#`);
    return start === undefined || start >= text.length ? null : start;
  });
}

class BookReader {
  private readonly writer = new TextWriter();
  private readonly noteIds = new Map<string, Set<string>>();
  /** The ids of everything that is not part of the text. */
  readonly leftOut = new Set<string>();

  constructor(
    private readonly archive: ZipArchive,
    private readonly file: StoryFile,
  ) {}

  async read(parts: readonly ManifestItem[]): Promise<WrittenText> {
    // The marks of notes stand before their bodies, often in another part.
    for (const { path } of parts) this.findNotes(path, await this.parse(path));
    for (const { path } of parts) this.extract(path, await this.parse(path));
    return this.writer.finished();
  }

  private async parse(path: string): Promise<Document> {
    const bytes = await this.archive.read(path);
    if (!bytes) throw missing(this.archive, path, "a part of the text");
    const name = `${this.file.fileName}: ${path}`;
    const text = decodeText({ fileName: name, bytes, encoding: this.file.encoding });
    return parseMarkup(text, MarkupKind.Xhtml, name);
  }

  private findNotes(from: string, document: Document): void {
    for (const href of noteTargets(document)) {
      const place = placeOf(from, href);
      if (!place || place.id === "") continue;
      const ids = this.noteIds.get(place.path) ?? new Set();
      this.noteIds.set(place.path, ids.add(place.id));
    }
  }

  private extract(path: string, document: Document): void {
    const bodies = noteBodies(document, this.noteIds.get(path) ?? new Set());
    this.writer.separate(Gap.Paragraph);
    this.writer.mark(`${path}#`);
    extractText(document, this.writer, {
      isLeftOut: (element) => bodies.has(element),
      markPrefix: `${path}#`,
      onLeftOut: (id) => this.leftOut.add(`${path}#${id}`),
    });
  }
}
