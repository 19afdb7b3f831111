import type { TextEdit } from "../platform/text/edited-text.js";

/** The edits of one finding, in order. Either all of them are made, or none. */
export type Finding = readonly TextEdit[];

/** Finds the places of a text that are said in another way than they are written. */
export type Rule = (text: string) => readonly Finding[];

/** A place that a pattern found. */
export interface Place {
  /** The whole match. */
  readonly written: string;
  /** Returns a named group of the pattern, or an empty string. */
  readonly part: (name: string) => string;
  /** At most CONTEXT_CHARS characters before the match. */
  readonly before: string;
  /** At most CONTEXT_CHARS characters after the match. */
  readonly after: string;
}

/** What is said instead of the whole match, or instead of each named group. Null leaves the match as it is. */
export type Said = string | Readonly<Record<string, string>> | null;

/** Enough for the few words that decide. It also keeps the time of a rule linear. */
const CONTEXT_CHARS = 60;

/** Creates a rule from a pattern. The pattern needs the flags `d` and `g`. */
export function rule(pattern: RegExp, say: (place: Place) => Said): Rule {
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const finding = findingOf(match, say(placeOf(text, match)));
      return finding.length > 0 ? [finding] : [];
    });
}

function placeOf(text: string, match: RegExpExecArray): Place {
  const end = match.index + match[0].length;
  return {
    written: match[0],
    part: (name) => match.groups?.[name] ?? "",
    before: text.slice(Math.max(0, match.index - CONTEXT_CHARS), match.index),
    after: text.slice(end, end + CONTEXT_CHARS),
  };
}

function findingOf(match: RegExpExecArray, said: Said): Finding {
  if (said === null) return [];
  if (typeof said === "string") return editsOf(match[0], match.index, said);
  return Object.entries(said)
    .flatMap(([name, text]) => {
      const start = match.indices?.groups?.[name]?.[0];
      return start === undefined ? [] : editsOf(match.groups?.[name] ?? "", start, text);
    })
    .sort((one, other) => one.start - other.start);
}

/** A stop or a sign at the end of both texts stays outside the edit, so that the edit has only the word. */
function editsOf(written: string, start: number, said: string): Finding {
  if (written === said) return [];
  const same = /^[^\p{L}\p{N}\s]$/u.test(said.slice(-1)) && written.slice(-1) === said.slice(-1);
  const cut = same ? 1 : 0;
  const text = said.slice(0, said.length - cut);
  return [{ start, end: start + written.length - cut, text }];
}
