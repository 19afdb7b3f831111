import { FileKind, fileKind } from "./file-kind.js";
import type { ImportedStory, StoryFile } from "./story-file.js";

type Reader = (file: StoryFile) => ImportedStory | Promise<ImportedStory>;

/** A process loads the code of a format when it reads the first file of the format. */
const READERS: Readonly<Record<FileKind, () => Promise<Reader>>> = {
  [FileKind.PlainText]: async () => (await import("./plain/plain-text.js")).readPlainText,
  [FileKind.Markdown]: async () => (await import("./markdown/markdown.js")).readMarkdown,
  [FileKind.Html]: async () => (await import("./markup/html.js")).readHtml,
  [FileKind.Zip]: async () => (await import("./zip/read-archive.js")).readArchive,
};

/**
 * Reads the story in a file: its text, chapters and facts. Uses CPU for up to seconds, so servers call this
 * function in a thread.
 * @throws InvalidInputError that says what the file is and what to do
 */
export async function readStoryFile(file: StoryFile): Promise<ImportedStory> {
  const read = await READERS[fileKind(file)]();
  return read(file);
}
