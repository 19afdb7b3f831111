import type { TextEdit } from "../platform/text/edited-text.js";

/** The edits of one finding, in order. Either all of them are made, or none. */
export type Finding = readonly TextEdit[];

/** Finds the places of a text that are said in another way than they are written. */
export type Rule = (text: string) => readonly Finding[];

/** A place that a pattern found. */
export class Place {
  constructor(
    private readonly text: string,
    private readonly match: RegExpExecArray,
  ) {}

  /** The whole match. */
  get written(): string {
    return this.match[0];
  }

  /** At most CONTEXT_CHARS characters before the match. */
  get before(): string {
    const { index } = this.match;
    return this.text.slice(Math.max(0, index - CONTEXT_CHARS), index);
  }

  /** At most CONTEXT_CHARS characters after the match. */
  get after(): string {
    const end = this.match.index + this.match[0].length;
    return this.text.slice(end, end + CONTEXT_CHARS);
  }

  /** Returns a named group of the pattern, or an empty string. */
  readonly part = (name: string): string => this.match.groups?.[name] ?? "";
}

/** What is said instead of the whole match, or instead of each named group. Null leaves the match as it is. */
export type Said = string | Readonly<Record<string, string>> | null;

/** Enough for the few words that decide. It also keeps the time of a rule linear. */
const CONTEXT_CHARS = 60;

/**
 * Creates a rule from a pattern, which needs the flag `g`. The places of groups cost five times as much as the
 * search, so the pattern is asked for them only where the rule says something.
 */
export function rule(pattern: RegExp, say: (place: Place) => Said): Rule {
  const withPlaces = new RegExp(pattern.source, `${pattern.flags.replace("g", "")}dy`);
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const said = say(new Place(text, match));
      if (said === null) return [];
      const finding =
        typeof said === "string"
          ? editsOf(match[0], match.index, said)
          : groupEdits(placesOf(withPlaces, text, match.index), said);
      return finding.length > 0 ? [finding] : [];
    });
}

function placesOf(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function groupEdits(
  match: RegExpExecArray | null,
  said: Readonly<Record<string, string>>,
): Finding {
  return Object.entries(said)
    .flatMap(([name, text]) => {
      const start = match?.indices?.groups?.[name]?.[0];
      return start === undefined ? [] : editsOf(match?.groups?.[name] ?? "", start, text);
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
