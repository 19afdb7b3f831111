import { storyText } from "../../story/story-text.js";
import { decodeText } from "../encoding.js";
import { attributeOf, elementsCalled, lineIn, parseXml } from "../zip/xml.js";
import { placeOf } from "../zip/part-path.js";
import { refused } from "../file-kind.js";
import { languageTag } from "../language-tag.js";
import { headingChapters } from "../markup/heading-chapters.js";
import { TextWriter } from "../markup/text-writer.js";
import { type ImportedStory, NO_FACTS, type StoryFacts } from "../story-file.js";
import { nameOf, titleFromFileName } from "../titles.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import { stylesIn } from "./docx-styles.js";
import { writeDocxText } from "./docx-text.js";

const MAIN_PART = "word/document.xml";

/** Reads the story in a Word document. @throws InvalidInputError that says what is wrong with the document */
export async function readDocx(archive: ZipArchive): Promise<ImportedStory> {
  const { fileName } = archive;
  const path = await mainPath(archive);
  const bytes = await archive.read(path);
  if (!bytes) throw incomplete(fileName, path);
  const stylesPath = placeOf(path, "styles.xml")?.path ?? "";
  const styles = stylesIn(await archive.read(stylesPath), `${fileName}: styles.xml`);
  const writer = new TextWriter();
  const xml = decodeText({ fileName: `${fileName}: ${path}`, bytes });
  writeDocxText(xml, writer, styles, fileName);
  const { text, headings } = writer.finished();
  if (text === "") throw refused(`${fileName} has no text; only the text of a story can be read.`);
  const facts = await factsOf(archive);
  const { title, chapters } = headingChapters(headings);
  return {
    ...facts,
    title: title ?? facts.title ?? titleFromFileName(fileName),
    content: storyText(text, ["dataBase64"]),
    chapters,
    cover: null,
  };
}

/** Returns true if the archive is a Word document, also if its main part is missing. */
export const isDocx = (archive: ZipArchive): boolean =>
  archive.has(MAIN_PART) || archive.paths.some((path) => path.startsWith("word/"));

/** The main part can have another name. The relations of the document name it. */
async function mainPath(archive: ZipArchive): Promise<string> {
  if (archive.has(MAIN_PART)) return MAIN_PART;
  const bytes = await archive.read("_rels/.rels");
  if (!bytes) return MAIN_PART;
  const relations = elementsCalled(parseXml(bytes, `${archive.fileName}: .rels`), "Relationship");
  const main = relations.find((each) =>
    (attributeOf(each, "Type") ?? "").endsWith("/officeDocument"),
  );
  const place = main && placeOf("", attributeOf(main, "Target") ?? "");
  return place ? place.path : MAIN_PART;
}

/** Names that programs write if nobody gave a name. */
const NOBODY =
  /^(?:unknown|user|admin|administrator|author|microsoft office user|python-docx|windows user)$/i;

async function factsOf(archive: ZipArchive): Promise<StoryFacts> {
  const bytes = await archive.read("docProps/core.xml");
  if (!bytes) return NO_FACTS;
  const root = parseXml(bytes, `${archive.fileName}: core.xml`);
  const first = (name: string): string => {
    const [found] = elementsCalled(root, name);
    return found ? lineIn(found) : "";
  };
  const author = nameOf(first("creator").replaceAll(";", ", "));
  return {
    title: nameOf(first("title").replace(/^Microsoft Word - /, "")),
    authorName: author !== null && NOBODY.test(author) ? null : author,
    language: languageTag(first("language")),
    rights: nameOf(first("rights"), 500),
  };
}

const incomplete = (fileName: string, path: string): Error =>
  refused(
    `${fileName} is no complete Word document: “${path.slice(0, 200)}” is missing; save the document again.`,
  );
