import { inCaseOf } from "../context.js";
import { romanValue } from "../numbers.js";
import type { Finding, Rule } from "../rule.js";
import { CRIES, SOUNDS_APART } from "../tables/cries.js";
import { unstretched } from "./stretched.js";
import { unstammered } from "./stammers.js";

const WORD =
  /(?<![\p{L}\p{N}'’@./-])\p{L}{1,40}(?:[-‐‑–]\p{L}{1,40}){0,8}(?![\p{L}\p{N}@/]|[-‐‑]\p{L}|['’]\p{L}{3})/gu;

/** Cries, sounds, stammering, and words whose letters are repeated for stress. */
export const cryRules: readonly Rule[] = [findCries];

function findCries(text: string): readonly Finding[] {
  return [...text.matchAll(WORD)].flatMap(({ 0: written, index }) => {
    const said = sayWord(written);
    return said === written ? [] : [[{ start: index, end: index + written.length, text: said }]];
  });
}

function sayWord(written: string): string {
  const parts = written.split(/[-‐‑–]/);
  if (parts.length === 1) return sayPart(written);
  const stammered = unstammered(parts);
  if (stammered !== null) return stammered;
  const said = parts.map(sayPart);
  // A voice spells a sound such as `hmm` that is part of a longer word.
  const isApart = said.some((part) => SOUNDS_APART.test(part));
  return isApart ? said.join(" ") : rejoined(written, parts, said);
}

const rejoined = (written: string, parts: readonly string[], said: readonly string[]) =>
  said.some((part, index) => part !== parts[index]) ? said.join("-") : written;

function sayPart(written: string): string {
  const isSaidRight = written.length < 3 || SOUNDS_APART.test(written);
  if (isSaidRight || (written === written.toUpperCase() && romanValue(written) !== null))
    return written;
  const cry = CRIES.find(([pattern]) => pattern.test(written));
  return cry ? inCaseOf(written, cry[1]) : unstretched(written);
}
