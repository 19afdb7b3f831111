import { Marked } from "marked";
import { ELEMENTS } from "../../reading/characters/html-elements.js";
import { decodeText } from "../encoding.js";
import { languageTag } from "../language-tag.js";
import { storyOfHtml } from "../markup/html.js";
import { type ImportedStory, NO_FACTS, type StoryFacts, type StoryFile } from "../story-file.js";
import { nameOf } from "../titles.js";

const TAG = /<\/?([A-Za-z][\w-]{0,40})(?:\s[^<>]{0,400})?>/g;

/** Only elements of HTML are tags. Other words in angle brackets are the author's: `<Anna> said`. */
const keepWords = (html: string): string =>
  html.replace(TAG, (tag, name: string) =>
    ELEMENTS.has(name.toLowerCase()) ? tag : tag.replace("<", "&lt;").replace(">", "&gt;"),
  );

const MARKDOWN = new Marked({ renderer: { html: ({ text }) => keepWords(text) } });

/** Reads a Markdown file: its text without the marks. */
export function readMarkdown(file: StoryFile): ImportedStory {
  const { facts, body } = splitFrontMatter(decodeText(file).replace(/^\uFEFF/, ""));
  const html = MARKDOWN.parse(withoutNotes(body), { async: false, gfm: true });
  return storyOfHtml(html, file, { isPage: false, facts });
}

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;

/** Splits off the lines `name: value` between two lines `---` at the start. */
function splitFrontMatter(text: string): { readonly facts: StoryFacts; readonly body: string } {
  const [all = "", lines = ""] = FRONT_MATTER.exec(text) ?? [];
  const entries = lines.split(/\r?\n/).flatMap((line) => {
    const [, name = "", value = ""] = /^([A-Za-z][\w-]*)[ \t]*:[ \t]+(\S.*)$/.exec(line) ?? [];
    return name === "" ? [] : [[name.toLowerCase(), unquoted(value.trim())] as const];
  });
  if (entries.length === 0) return { facts: NO_FACTS, body: text };
  const values = new Map(entries);
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => values.get(name)).find((value) => value !== undefined);
  return {
    facts: {
      title: nameOf(first("title")),
      authorName: nameOf(first("author", "creator", "authors")?.replace(/^\[|\]$/g, "")),
      language: languageTag(first("lang", "language")),
      rights: nameOf(first("rights", "copyright", "license"), 500),
    },
    body: text.slice(all.length),
  };
}

const unquoted = (value: string): string =>
  /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;

const NOTE_BODY =
  /^ {0,3}\[\^([^\]\s]{1,60})\]:[^\n]*(?:\n(?:[ \t]+\S[^\n]*|[ \t]*(?=\n[ \t]{2,}\S)))*/gm;

/** Leaves out the notes that have a mark in the text, and their marks: `[^1]` and `[^1]: …`. */
function withoutNotes(text: string): string {
  const bodies = new Set(Array.from(text.matchAll(NOTE_BODY), ([, name = ""]) => name));
  if (bodies.size === 0) return text;
  return text
    .replace(NOTE_BODY, "")
    .replace(/\[\^([^\]\s]{1,60})\]/g, (mark, name: string) => (bodies.has(name) ? "" : mark));
}
