import type { TextRange } from "../../../platform/text/edited-text.js";

/** Signs that some files put around words in bold or in small capitals. They are also signs of their own. */
const SIGNS = ["=", "+", "~~", "^"];
const OTHER = String.raw`\p{L}\p{M}\p{N}=+~^`;
const FIRST = String.raw`["\u201c\u2018'(_*]{0,3}\p{L}`;
const LAST = String.raw`[\p{L}\p{N}.,;:!?\u2026"\u201d\u2019')_*]`;

/** A sign, words of one paragraph, and the same sign. The sign touches the words, and no other word. */
const PAIRS = SIGNS.map((sign) => {
  const mark = sign.replace(/[+^]/u, String.raw`\$&`);
  const inside = String.raw`[^\n${mark}]|\n(?![^\S\n]*\n)`;
  return {
    sign,
    pattern: new RegExp(
      String.raw`(?<![${OTHER}\\/?&.])${mark}(?=${FIRST})(?:${inside}){1,400}(?<=${LAST})${mark}(?![${OTHER}])`,
      "gu",
    ),
  };
});

/** Finds the signs around words, such as those of =bold=, +plus+, ~~struck~~ and ^small capitals^. */
export const findPairedSigns = (text: string): readonly TextRange[] =>
  PAIRS.flatMap(({ sign, pattern }) =>
    text.includes(sign)
      ? Array.from(text.matchAll(pattern)).flatMap(({ 0: found, index }) => {
          const end = index + found.length;
          return [
            { start: index, end: index + sign.length },
            { start: end - sign.length, end },
          ];
        })
      : [],
  );
