import { type Rule, rule } from "../rule.js";
import { SAID_SIGNS, SLASHED } from "../tables/signs.js";

const OPERAND = "[\\p{L}\\p{N})]";

export const signRules: readonly Rule[] = [
  // A mark of emphasis before a possessive: the crew of `_Nautilus_'s` would be underscores.
  rule(/(?<=\p{L})[_*]{1,2}(?=['’]s(?!\p{L}))/dgu, () => ""),
  rule(/(?<=\p{L})&(?=\p{L})/dgu, () => " and "),
  rule(
    /(?<!\p{L})(?<word>\p{L}{1,8}\/(?:\p{L}{1,8})?)(?![\p{L}/])/dgu,
    ({ part }) => SLASHED.get(part("word").toLowerCase()) ?? null,
  ),
  rule(/(?<=(?<!\p{L}|\/)\p{L}{2,12})\/(?=\p{L}{2,12}(?!\p{L}|\/))/dgu, () => " or "),
  rule(/(?:№|N[°º]|n[°º])\s?(?=\d)/dgu, () => "number "),
  rule(/§§\s?(?=\d)/dgu, () => "sections "),
  rule(/[§¶]\s?(?=\d)/dgu, ({ written }) => (written.startsWith("§") ? "section " : "paragraph ")),
  rule(
    new RegExp(`(?<=${OPERAND}\\s?)(?<sign>\\s?[=+×÷*<>≤≥≠≈]\\s?)(?=[-−]?\\d)`, "dgu"),
    ({ part }) => {
      const said = SAID_SIGNS.get(part("sign").trim());
      return said ? ` ${said} ` : null;
    },
  ),
  rule(/(?<=\d\s)[-–−](?=\s\d{1,9}\s?=)/dgu, () => "minus"),
  rule(/[©√∞]/dgu, ({ written }) => SAID_SIGNS.get(written) ?? null),
];
