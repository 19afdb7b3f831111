import { decodeHTMLStrict } from "entities";
import { tagStarts } from "./tags.js";

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/giu;
const SIGNS: ReadonlySet<string> = new Set(["<", ">", "&"]);
/** An escape can make a tag of the text around the tag. More than a few inside each other are no text of a person. */
const MAX_PASSES = 4;
const ANY_TAG = /<(?=[a-z/!?])/giu;

/**
 * Escapes the signs of a text that the reading would take for tags, although they are words of the story: a story
 * can show `<b>` or `&lt;`. All other signs stay. The reading of the result gives the text back.
 * An entity of any other character stays too. The maker of the file has escaped the entity once too often.
 */
export function escapeLiteralMarkup(text: string): string {
  // Not &amp;, because the reading takes &amp;#60; for one entity.
  let escaped = text.replace(ENTITY, (entity) =>
    SIGNS.has(decodeHTMLStrict(entity)) ? `&#38;${entity.slice(1)}` : entity,
  );
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const starts = tagStarts(escaped);
    if (starts.length === 0) return escaped;
    escaped = withEscapes(escaped, starts);
  }
  return escaped.replace(ANY_TAG, "&lt;");
}

function withEscapes(text: string, starts: readonly number[]): string {
  const parts = starts.map((start, index) => {
    const from = index === 0 ? 0 : (starts[index - 1] ?? 0) + 1;
    return `${text.slice(from, start)}&lt;`;
  });
  return `${parts.join("")}${text.slice((starts.at(-1) ?? -1) + 1)}`;
}
