import { endsSentence } from "../context.js";
import { cardinal, isOne } from "../numbers.js";
import { type Place, type Rule, type Said, rule } from "../rule.js";
import {
  CODES,
  CURRENCIES,
  type Currency,
  DOLLAR,
  PENCE_SAID,
  SCALES,
} from "../tables/currencies.js";

const SIGN = "(?:US|AU?|CA?|HK|NZ|S)?\\$|[£€¥₹]";
const AMOUNT = "\\d{1,3}(?:,\\d{3}){1,4}(?:\\.\\d{1,3})?|\\d{1,15}(?:\\.\\d{1,3})?|\\.\\d\\d";
const SCALE =
  "\\s?(?:thousand|million|billion|trillion)(?!\\p{L})|(?:k|K|m|M|mn|mio|b|B|bn|tn)(?![\\p{L}\\p{N}])";
const START = "(?<![\\p{L}\\p{N}.,])";
const END = "(?![\\d½¼¾]|[.,]\\d|-\\d)";

/** Nouns that make money an adjective: `a $5 bill` is a five dollar bill. */
const NOUNS =
  "(?=[\\s-](?:bill|bills|note|notes|coin|coins|piece|pieces|cheque|check|reward|fine|bet|tip|prize|ticket|tickets)(?!\\p{L}))";

const OLD = "(?<![\\p{L}\\p{N}.,£$€])";
const SHILLINGS = "(?<shillings>\\d{1,2})s(?:\\.(?!\\p{L})|(?![.\\p{L}]))";
const PENCE = "(?<pence>\\d{1,2})(?<half>½)?d(?:\\.|(?![.\\p{L}\\p{N}]))";

export const moneyRules: readonly Rule[] = [
  rule(
    new RegExp(
      `${START}(?<sign>${SIGN})\\s?(?<from>${AMOUNT})(?<fromScale>${SCALE})?\\s?[-–—]\\s?(?:\\k<sign>)?(?<to>${AMOUNT})(?<scale>${SCALE})?${END}`,
      "gu",
    ),
    sayRange,
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}.,])£\\s?(?<pounds>\\d[\\d,]{0,12})[\\s.,]{0,2}${SHILLINGS}(?:\\s?${PENCE})?`,
      "gu",
    ),
    sayOldMoney,
  ),
  rule(new RegExp(`${OLD}${SHILLINGS}\\s?${PENCE}`, "gu"), sayOldMoney),
  rule(new RegExp(`${OLD}(?<pence>\\d{1,2})(?<half>½)?d\\.`, "gu"), sayOldMoney),
  rule(new RegExp(`${OLD}(?<shillings>\\d|1\\d)s\\.(?!\\p{L})`, "gu"), sayOldMoney),
  rule(
    new RegExp(`${START}(?<sign>${SIGN})\\s?(?<amount>${AMOUNT})(?<scale>${SCALE})?${NOUNS}`, "gu"),
    ({ part }) => joined(part("amount"), scaleOf(part("scale")), currencyOf(part("sign")).one),
  ),
  rule(
    new RegExp(
      `${START}(?<money>(?<sign>${SIGN})\\s?(?<amount>${AMOUNT}))(?<scale>${SCALE})?${END}`,
      "gu",
    ),
    sayMoney,
  ),
  rule(
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?<code>USD|EUR|GBP|Rs\\.?)\\s?(?<amount>${AMOUNT})${END}`,
      "gu",
    ),
    sayCode,
  ),
  rule(
    /(?<![\p{L}\p{N}.,])1\s?(?<sign>[£€])(?!\d)/gu,
    ({ part }) => `1 ${currencyOf(part("sign")).one}`,
  ),
  rule(/(?<![\p{L}\p{N}.,])(?<amount>\d{1,2})(?:\s?¢|p(?!\.?\s?m))(?![\p{L}\p{N}])/gu, sayMinor),
];

const currencyOf = (sign: string): Currency => CURRENCIES.get(sign) ?? DOLLAR;

const scaleOf = (written: string) => SCALES.get(written.toLowerCase()) ?? written.trim();

const joined = (...words: readonly string[]) => words.filter(Boolean).join(" ");

function sayRange({ part }: Place): Said {
  const [from, to] = [
    joined(part("from"), scaleOf(part("fromScale"))),
    joined(part("to"), scaleOf(part("scale"))),
  ];
  return `${from} to ${to} ${currencyOf(part("sign")).many}`;
}

function sayMoney(place: Place): Said {
  const { written, part } = place;
  const [sign, amount, scale] = [part("sign"), part("amount"), part("scale")];
  if (scale) return sayLargeMoney(place);
  if (isSaidRight(written)) return null;
  const { one, many } = currencyOf(sign);
  const [whole = "", minor = ""] = amount.split(".");
  if (minor.length === 2) return sayMinorToo(whole, minor, sign);
  return `${amount} ${isOne(amount) ? one : many}`;
}

function sayLargeMoney({ written, part }: Place): Said {
  const [sign, amount, scale] = [part("sign"), part("amount"), part("scale")];
  const { many } = currencyOf(sign);
  if (!/^\s/.test(scale)) return `${amount} ${scaleOf(scale)} ${many}`;
  const isRight = sign === "$" && !/\s\d/.test(written);
  return isRight ? null : { money: amount, scale: `${scale} ${many}` };
}

/** True for `$5`, `$5.20`, `£1,250` and `£5.20`, which every voice says right. `£1.50` is no plural. */
const isSaidRight = (written: string) =>
  /^(?:\$(?:[1-9][\d,]*|0)(?:\.(?!00|01)\d\d)?|[£€¥₹](?!1(?:\.|$)|0\.)\d[\d,]*(?:\.[1-9]\d|\.\d|\.\d{3})?)$/.test(
    written,
  ) && !written.startsWith("$0.");

/** Says an amount with two digits after the point: `£1.50`, `$0.05`, `US$3.20`. */
function sayMinorToo(whole: string, minor: string, sign: string): Said {
  const { one, many, oneMinor, manyMinor } = currencyOf(sign);
  const minorSaid = `${Number(minor)} ${minor === "01" ? oneMinor : manyMinor}`;
  const majorSaid = `${whole} ${isOne(whole) ? one : many}`;
  if (Number(whole) === 0) return minorSaid;
  if (minor === "00") return majorSaid;
  if (sign.endsWith("$") || minor.startsWith("0")) return `${majorSaid} and ${minorSaid}`;
  return `${majorSaid} ${cardinal(minor)}`;
}

function sayCode({ part }: Place): Said {
  const { one, many } = CODES.get(part("code").replace(".", "")) ?? DOLLAR;
  return `${part("amount")} ${isOne(part("amount")) ? one : many}`;
}

function sayMinor({ written, part }: Place): Said {
  const { oneMinor, manyMinor } = currencyOf(written.endsWith("p") ? "£" : "$");
  return `${part("amount")} ${isOne(part("amount")) ? oneMinor : manyMinor}`;
}

/** Says pounds, shillings and pence of before 1971: `£3 4s. 6d.`, `2s. 6d.` */
function sayOldMoney({ written, part, after }: Place): Said {
  const [pounds, shillings, pence] = [part("pounds"), part("shillings"), part("pence")];
  const said = joined(
    pounds && `${pounds} ${isOne(pounds) ? "pound" : "pounds"}`,
    shillings && `${shillings} ${isOne(shillings) ? "shilling" : "shillings"}`,
    pence && shillings && "and",
    pence && sayPence(pence, part("half")),
  );
  return written.endsWith(".") && endsSentence(after) ? `${said}.` : said;
}

const sayPence = (pence: string, half: string) =>
  (PENCE_SAID.get(Number(pence)) ?? `${pence} pence`) + (half ? " halfpenny" : "");
