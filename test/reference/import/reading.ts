import { type ImportedStory, type StoryFile, readStoryFile } from "../../../src/reference/index.js";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads the story in a file. Text becomes UTF-8. */
export const readFile = (
  content: string | Uint8Array,
  fileName: string,
  about: Pick<StoryFile, "encoding"> = {},
): Promise<ImportedStory> =>
  readStoryFile({
    ...about,
    fileName,
    bytes: typeof content === "string" ? utf8(content) : content,
  });

/** Returns the text of the story in a page. */
export const textOf = async (body: string): Promise<string> =>
  (await readFile(`<!DOCTYPE html><html><body>${body}</body></html>`, "story.html")).content;

/** Returns the chapters as titles, each with the text that begins there. */
export const chaptersOf = ({ content, chapters }: ImportedStory): readonly string[] | null =>
  chapters?.map(({ title, start }) => `${title} | ${content.slice(start, start + 12)}`) ?? null;
