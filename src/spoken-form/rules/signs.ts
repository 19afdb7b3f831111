import { type Rule, rule } from "../rule.js";
import { SAID_SIGNS, SLASHED } from "../tables/signs.js";

/** What can be before a sign of a formula. `<3` after a word is a heart. */
const OPERAND = "(?:[\\p{N})]|(?<!\\p{L})\\p{L})";

export const signRules: readonly Rule[] = [
  // A mark of emphasis before a possessive: the crew of `_Nautilus_'s` would be underscores.
  rule(/(?<=\p{L})[_*]{1,2}(?=['’]s(?!\p{L}))/gu, () => ""),
  rule(
    /(?<!\p{L})(?<one>\p{Lu}{2,3})&(?<two>\p{Lu}{1,3})(?!\p{L})/gu,
    ({ part }) => `${[...part("one")].join(".")} and ${[...part("two")].join(".")}`,
  ),
  rule(/(?<=\p{L})&(?=\p{L})/gu, () => " and "),
  rule(
    /(?<!\p{L})(?<word>\p{L}{1,8}\/(?:\p{L}{1,8})?)(?![\p{L}/])/gu,
    ({ part }) => SLASHED.get(part("word").toLowerCase()) ?? null,
  ),
  rule(
    /(?<!\p{L}|\/)(?<one>\p{L}{2,12})(?<stroke>\/)(?<two>\p{L}{2,12})(?!\p{L}|\/)/gu,
    ({ part }) => {
      const isAcronym = /^\p{Lu}+$/u.test(part("one") + part("two"));
      return { stroke: isAcronym ? " " : " or " };
    },
  ),
  rule(/(?:№|N[°º]|n[°º])\s?(?=\d)/gu, () => "number "),
  rule(/§§\s?(?=\d)/gu, () => "sections "),
  rule(/[§¶]\s?(?=\d)/gu, ({ written }) => (written.startsWith("§") ? "section " : "paragraph ")),
  rule(
    new RegExp(`(?<=${OPERAND}\\s?)(?<sign>\\s?[=+×÷*<>≤≥≠≈]\\s?)(?=[-−]?\\d)`, "gu"),
    ({ part }) => {
      const said = SAID_SIGNS.get(part("sign").trim());
      return said ? ` ${said} ` : null;
    },
  ),
  rule(/(?<=\d\s)[/÷](?=\s\d{1,9}\s?=)/gu, () => "divided by"),
  rule(/(?<=\d\s)[-–−](?=\s\d{1,9}\s?=)/gu, () => "minus"),
  rule(/(?<sign>[©√∞])\s?/gu, ({ part }) => `${SAID_SIGNS.get(part("sign")) ?? ""} `),
];
