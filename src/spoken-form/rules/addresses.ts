import { digits } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import { SPELT_DOMAINS, WORD_DOMAINS } from "../tables/domains.js";

const LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,40}[\\p{L}\\p{N}])?";
const HOST = `(?:${LABEL}\\.){1,5}\\p{L}{2,12}`;
const TOP = [...WORD_DOMAINS, ...SPELT_DOMAINS].join("|");
/** The rest of an address, without the marks that end a clause. */
const PATH = '(?:[/?#][^\\s<>"”’)\\]]{0,300}?(?=[.,;:!?]{0,3}(?:[\\s<>"”’)\\]]|$)))?';

export const addressRules: readonly Rule[] = [
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}._%+-])(?:mailto:)?(?<name>[\\p{L}\\p{N}][\\p{L}\\p{N}._%+-]{0,40})@(?<host>${HOST})(?![\\p{L}\\p{N}])`,
      "gu",
    ),
    ({ part }) => `${sayName(part("name"))} at ${sayHost(part("host"))}`,
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?:https?|ftp)://(?:www\\.)?(?<host>${HOST})(?::\\d{1,5})?${PATH}`,
      "giu",
    ),
    ({ part }) => sayHost(part("host")),
  ),
  rule(new RegExp(`(?<![\\p{L}\\p{N}.@])www\\.(?<host>${HOST})${PATH}`, "giu"), ({ part }) =>
    sayHost(part("host")),
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}.@-])(?<host>(?:${LABEL}\\.){1,3}(?:${TOP}))(?![\\p{L}\\p{N}@]|\\.\\p{L})${PATH}`,
      "gu",
    ),
    sayBareHost,
  ),
  rule(/(?<![\p{L}\p{N}.,])1-\d{3}-\d{3}-\d{4}(?![\p{L}\p{N}])/gu, sayPhone),
  rule(
    /(?<![\p{L}\p{N}.,])(?:\+\d{1,3}[\s.-])?(?:\(\d{2,5}\)\s?|\d{3,5}[.-])\d{3}[.-]\d{4}(?![\p{L}\p{N}]|[.-]\d)/gu,
    sayPhone,
  ),
];

/** `example.com` is an address. `end.He` and `U.S.A.` are none, so only known endings in small letters count. */
function sayBareHost({ part }: Place): Said {
  return /\p{L}\p{L}/u.test(part("host").split(".")[0] ?? "") ? sayHost(part("host")) : null;
}

function sayHost(host: string): string {
  const labels = host.replace(/^www\./i, "").split(".");
  const said = labels.map((label, index) =>
    index > 0 && SPELT_DOMAINS.has(label.toLowerCase()) ? spelt(label) : sayName(label),
  );
  return said.join(" dot ");
}

/** Says an ending letter by letter. The points keep a voice from saying a word. */
const spelt = (label: string) => [...label.toUpperCase()].join(".");

const SIGNS: ReadonlyMap<string, string> = new Map([
  [".", " dot "],
  ["_", " underscore "],
  ["-", " dash "],
  ["+", " plus "],
  ["%", " percent "],
]);

const sayName = (name: string) => name.replace(/[._+%-]/g, (sign) => SIGNS.get(sign) ?? sign);

/** A pause between the groups, so that a listener can write the number down. */
function sayPhone({ written }: Place): Said {
  const groups = written.split(/[\s().-]+/).filter(Boolean);
  const said = groups.map((group) => (group.startsWith("+") ? "plus " : "") + digits(group));
  return said.join(", ");
}
