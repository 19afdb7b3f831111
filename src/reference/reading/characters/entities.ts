import { decodeHTMLStrict } from "entities";
import { ApparatusKind, type ApparatusSpan } from "../span.js";
import { readCharacters } from "./character-spans.js";

const ENTITY = /&(?:amp;(?!(?:lt|gt|amp);))?(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/giu;

/**
 * Finds the entities of HTML, for example `&mdash;`. An entity that was escaped once too often, `&amp;mdash;`,
 * is read as the dash. But a text that writes `&amp;lt;` names the entity, and is decoded once.
 */
export function findEntities(text: string): readonly ApparatusSpan[] {
  const known = new Map<string, string>();
  return Array.from(text.matchAll(ENTITY)).flatMap(({ 0: written, index }) => {
    const said = known.get(written) ?? readCharacters(decode(written));
    known.set(written, said);
    if (said === written) return [];
    return { kind: ApparatusKind.Entity, start: index, end: index + written.length, said };
  });
}

function decode(written: string): string {
  const once = decodeHTMLStrict(written);
  return once === "&" ? once : decodeHTMLStrict(once);
}
