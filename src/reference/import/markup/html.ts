import { InvalidInputError } from "../../../platform/errors.js";
import { storyText } from "../../story/story-text.js";
import { decodeText } from "../encoding.js";
import type { ImportedStory, StoryFacts, StoryFile } from "../story-file.js";
import { titleFromFileName } from "../titles.js";
import { extractText } from "./extract.js";
import { headingChapters } from "./heading-chapters.js";
import { noteBodies, noteTargets } from "./notes.js";
import { contentOf } from "./page.js";
import { pageFacts } from "./page-facts.js";
import { MarkupKind, isXhtml, parseMarkup } from "./parse-markup.js";
import { TextWriter } from "./text-writer.js";

/** Reads a page: a story saved from the web, or a book in one file. */
export function readHtml(file: StoryFile): ImportedStory {
  const text = decodeText(file);
  return storyOfHtml(text, file, { isPage: true });
}

/**
 * Makes a story of HTML.
 * @param about `isPage` is true if there may be navigation and the like around the story. `facts` are
 *   stronger than those in the document.
 */
export function storyOfHtml(
  html: string,
  { fileName }: Pick<StoryFile, "fileName">,
  about: { readonly isPage: boolean; readonly facts?: StoryFacts },
): ImportedStory {
  const kind = isXhtml(html) ? MarkupKind.Xhtml : MarkupKind.Html;
  const document = parseMarkup(html, kind, fileName);
  const { root, isLeftOut } = about.isPage
    ? contentOf(document)
    : { root: document, isLeftOut: () => false };
  const bodies = noteBodies(document, fragmentsOf(noteTargets(document)));
  const writer = new TextWriter();
  extractText(root, writer, { isLeftOut: (each) => isLeftOut(each) || bodies.has(each) });
  const { text, headings } = writer.finished();
  if (text === "") throw withoutText(fileName);
  const { title, chapters } = headingChapters(headings);
  const facts = about.facts ?? pageFacts(document);
  return {
    ...facts,
    title: (about.facts && facts.title) ?? title ?? facts.title ?? titleFromFileName(fileName),
    content: storyText(text, ["dataBase64"]),
    chapters,
    cover: null,
  };
}

/** Returns the ids in links to places in the same file. */
const fragmentsOf = (links: readonly string[]): ReadonlySet<string> =>
  new Set(links.flatMap((link) => link.split("#", 2)[1] ?? []));

const withoutText = (fileName: string): InvalidInputError =>
  new InvalidInputError(
    `${fileName} has no text to read. If the page shows its text only with a script, copy the text into a .txt file.`,
    ["dataBase64"],
  );
