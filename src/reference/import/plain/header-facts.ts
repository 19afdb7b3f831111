import { NO_FACTS, type StoryFacts } from "../story-file.js";
import { nameOf } from "../titles.js";

/** The header of a library stands in the first lines. */
const HEADER_LENGTH = 4_000;
const MAX_ENTRY_LENGTH = 200;

/** The languages of most books in libraries of plain text, by their English names. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ english: "en", french: "fr", german: "de", spanish: "es", italian: "it", portuguese: "pt" },
  ...{ dutch: "nl", finnish: "fi", swedish: "sv", danish: "da", norwegian: "no", polish: "pl" },
  ...{ hungarian: "hu", czech: "cs", greek: "el", latin: "la", russian: "ru", esperanto: "eo" },
  ...{ chinese: "zh", japanese: "ja" },
};

/**
 * Returns what the header of a plain-text book says: the lines “Title: …” and “Author: …”. Both must be
 * there, because a single such line can be part of a story.
 */
export function headerFacts(content: string): StoryFacts {
  const header = content.slice(0, HEADER_LENGTH);
  const title = entryIn(header, "Title");
  const author = entryIn(header, "Author");
  if (title === null || author === null) return NO_FACTS;
  const language = entryIn(header, "Language")?.toLowerCase() ?? "";
  return {
    title: nameOf(title),
    authorName: nameOf(author),
    language: LANGUAGES[language] ?? null,
    rights: null,
  };
}

/** An entry goes on in the lines below that are indented. */
function entryIn(header: string, name: string): string | null {
  const found = new RegExp(`^${name}:[ \\t]*(\\S[^\\n]*(?:\\n[ \\t]+\\S[^\\n]*)*)`, "m").exec(
    header,
  );
  const entry = found?.[1]?.replace(/\s+/gu, " ").trim();
  return entry !== undefined && entry.length <= MAX_ENTRY_LENGTH ? entry : null;
}
