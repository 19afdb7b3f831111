import { InvalidInputError } from "../../../platform/errors.js";
import { storyText } from "../../story/story-text.js";
import { decodeText, refusal } from "../encoding.js";
import type { ImportedStory, StoryFile } from "../story-file.js";
import { titleFromFileName, titleLineOf } from "../titles.js";
import { headerFacts } from "./header-facts.js";

/**
 * Reads a plain-text file. A header with a title and an author gives both. If the first line is short, looks like a title and has a blank line below, the
 * first line is the title. If not, the title comes from the file's name. The first line always stays in
 * the text, because it may be a date, a heading or the story's first sentence.
 * @throws InvalidInputError for a binary file or another encoding
 */
export function readPlainText(file: StoryFile): ImportedStory {
  const text = decodeText(file);
  if (hasControlCharacters(text)) {
    throw new InvalidInputError(refusal(file.fileName, file.encoding), ["dataBase64"]);
  }
  const content = storyText(text, ["dataBase64"]);
  const facts = headerFacts(content);
  const title = facts.title ?? titleLineOf(content) ?? titleFromFileName(file.fileName);
  return { ...facts, title, content, chapters: null, cover: null };
}

// Tab, line feed, form feed, carriage return and next line (U+0085) are text. Other control
// characters show a binary file.
const hasControlCharacters = (text: string): boolean => /[\p{Cc}--[\t\n\f\r\x85]]/v.test(text);
