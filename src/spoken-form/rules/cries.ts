import { inCaseOf } from "../context.js";
import { romanValue } from "../numbers.js";
import { type Finding, type Rule, rule } from "../rule.js";
import { CRIES, CRY_LIKE, SOUNDS_APART } from "../tables/cries.js";
import { unstretched } from "./stretched.js";
import { unstammered } from "./stammers.js";

const WORD = /\p{L}+(?:[-‐‑–]\p{L}+)*/gu;
const LONGEST_WORD = 60;

/** An address, a contraction such as `o'clock`, and a part of another word are no cries. */
const NO_WORD_BEFORE = /[\p{N}'’@./-]/u;
const NO_WORD_AFTER = /^(?:[\p{N}@/]|['’]\p{L}{3})/u;

/** Cries, sounds, stammering, and words whose letters are repeated for stress. */
export const cryRules: readonly Rule[] = [
  rule(/(?<![\p{L}\p{N}])[Hh](?<mark>['’])[Mm]+(?![\p{L}'’])/gu, () => ({ mark: "" })),
  rule(
    /(?<=^|["“‘'(]|[.,!?;:—–]\s)(?<start>[^\P{L}aeiou]{1,3})(?=(?:[—–]|--)(?<word>\k<start>\p{L}{1,20}))/giu,
    ({ part }) => unstammered([part("start"), part("word")])?.split("-")[0] ?? null,
  ),
  findCries,
];

function findCries(text: string): readonly Finding[] {
  return [...text.matchAll(WORD)].flatMap(({ 0: written, index }) => {
    const end = index + written.length;
    if (!isWord(text, index, end)) return [];
    const said = sayWord(written);
    return said === written ? [] : [[{ start: index, end, text: said }]];
  });
}

const isWord = (text: string, start: number, end: number) =>
  end - start <= LONGEST_WORD &&
  !NO_WORD_BEFORE.test(text.charAt(start - 1)) &&
  !NO_WORD_AFTER.test(text.slice(end, end + 4));

function sayWord(written: string): string {
  const pieces = written.split(/[-‐‑–]/);
  if (pieces.length === 1) return sayPart(written);
  if (/^([hmrsz])(?:-\1)+$/i.test(pieces.join("-"))) return sayPart(pieces.join(""));
  const parts = withoutEchoes(pieces);
  const stammered = parts.length > 1 ? unstammered(parts) : null;
  if (stammered !== null) return stammered;
  const said = parts.map((part, index) => sameSound(part, parts.slice(0, index)) ?? sayPart(part));
  // A voice spells a sound such as `hmm` that is part of a longer word.
  const isApart = said.some((part) => SOUNDS_APART.test(part));
  if (isApart) return said.join(" ");
  return said.join("-") === pieces.join("-") ? written : said.join("-");
}

/** `Ho-ho-hooo` ends with the sound with which it begins. */
function sameSound(part: string, before: readonly string[]): string | undefined {
  const bare = (sound: string) => sound.toLowerCase().replace(/(\p{L})\1+/gu, "$1");
  const isStretched = /(\p{L})\1\1/iu.test(part);
  return isStretched
    ? before
        .find((other) => !/(\p{L})\1\1/iu.test(other) && bare(other) === bare(part))
        ?.toLowerCase()
    : undefined;
}

/**
 * Leaves out the parts that repeat the last letter: `goodbye-e-e`. If the word goes on after them, as in `Sto-o-op`,
 * the parts become one stretched word.
 */
function withoutEchoes(parts: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let echo = "";
  for (const [index, part] of parts.entries()) {
    if (isEcho(part, parts.slice(0, index))) {
      echo = part.charAt(0);
    } else {
      const goesOn = echo !== "" && new RegExp(`^${echo}|^[^aeiouy]+$`, "i").test(part);
      whole.push(goesOn ? `${whole.pop() ?? ""}${echo.repeat(3)}${part}` : part);
      echo = "";
    }
  }
  return whole;
}

/** `Grrr-rr` and `Nooo-oo` are one sound. `I-I` is none. */
function isEcho(part: string, before: readonly string[]): boolean {
  const isOneLetter = (letters: string) => /^(\p{L})\1*$/iu.test(letters);
  const sound = before.findLast((other) => !isOneLetter(other)) ?? "";
  return isOneLetter(part) && sound.toLowerCase().endsWith(part.charAt(0).toLowerCase());
}

function sayPart(written: string): string {
  const isSaidRight = written.length < 3 || SOUNDS_APART.test(written);
  if (isSaidRight || (written === written.toUpperCase() && romanValue(written) !== null))
    return written;
  if (!CRY_LIKE.test(written) || /^(\p{Lu})\1\1$/u.test(written)) return written;
  const cry = CRIES.find(([pattern]) => pattern.test(written));
  return cry ? inCaseOf(written, cry[1]) : unstretched(written);
}
