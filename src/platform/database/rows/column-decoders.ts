import pg from "pg";
import { MOST_BYTES, RecentTexts } from "./recent-texts.js";

/** Makes the value of a column from its text, which is in the bytes between `start` and `end`. */
export type Decode = (bytes: Buffer, start: number, end: number) => unknown;

export interface Decoder {
  readonly decode: Decode;
  /** True if a row may keep a value, because decoding is expensive or makes an object. */
  readonly isKept: boolean;
}

const { BOOL, INT2, INT4, INT8, OID, FLOAT4, FLOAT8, TEXT, VARCHAR, TIMESTAMPTZ } =
  pg.types.builtins;

const ZERO = 0x30;
const NINE = 0x39;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const TRUE = 0x74;

/** A double holds each number of so many digits exactly. */
const MOST_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS }, (_, exponent) => 10 ** exponent);

/** The length of a time without a fraction of a second, such as "2026-01-02 03:04:05+00". */
const TIME_BYTES = 22;
const ZONE_BYTES = 3;
/** A point and six digits. */
const MOST_FRACTION_BYTES = 7;
/** Date.UTC takes a year below 100 for a year of the last century. */
const FIRST_YEAR = 100;

const textOf = (bytes: Buffer, start: number, end: number): string =>
  bytes.toString("utf8", start, end);

const isTrue = (bytes: Buffer, start: number): boolean => bytes[start] === TRUE;

/**
 * Reads a number without an exponent. The digits and the power of ten are exact, so their quotient is the
 * double that `parseFloat` returns. `parseFloat` reads numbers of other forms.
 */
function numberOf(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  if (end - first > MOST_DIGITS) return parseFloat(textOf(bytes, start, end));
  let digits = 0;
  let point = end - 1;
  for (let at = first; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code >= ZERO && code <= NINE) digits = digits * 10 + code - ZERO;
    else if (code === POINT) point = at;
    else return parseFloat(textOf(bytes, start, end));
  }
  const size = digits / (POWERS_OF_TEN[end - 1 - point] ?? 1);
  return isNegative ? -size : size;
}

const twoDigits = (bytes: Buffer, at: number): number =>
  ((bytes[at] ?? 0) - ZERO) * 10 + (bytes[at + 1] ?? 0) - ZERO;

const yearOf = (bytes: Buffer, start: number): number =>
  twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);

/** Returns true for an ISO time in UTC. Each transaction sets this form. */
function isUsualTime(bytes: Buffer, start: number, end: number): boolean {
  const zone = end - ZONE_BYTES;
  return (
    end - start >= TIME_BYTES &&
    end - start <= TIME_BYTES + MOST_FRACTION_BYTES &&
    bytes[start + 4] === MINUS &&
    bytes[zone] === PLUS &&
    twoDigits(bytes, zone + 1) === 0 &&
    yearOf(bytes, start) >= FIRST_YEAR
  );
}

const decodeTimeByDriver = decodeByDriver(TIMESTAMPTZ);

function timeOf(bytes: Buffer, start: number, end: number): unknown {
  if (!isUsualTime(bytes, start, end)) return decodeTimeByDriver(bytes, start, end);
  const fraction = start + TIME_BYTES - ZONE_BYTES;
  const time = Date.UTC(
    yearOf(bytes, start),
    twoDigits(bytes, start + 5) - 1,
    twoDigits(bytes, start + 8),
    twoDigits(bytes, start + 11),
    twoDigits(bytes, start + 14),
    twoDigits(bytes, start + 17),
    1_000 * numberOf(bytes, fraction, end - ZONE_BYTES),
  );
  return new Date(time);
}

function decodeByDriver(type: number): Decode {
  const parse = (pg.types.getTypeParser as (type: number) => (text: string) => unknown)(type);
  return (bytes, start, end) => parse(textOf(bytes, start, end));
}

/** Each column has its own recent texts, from its first text on. */
function newTextDecode(): Decode {
  let recent: RecentTexts | undefined;
  return (bytes, start, end) => {
    if (end - start > MOST_BYTES) return textOf(bytes, start, end);
    recent ??= new RecentTexts();
    return recent.textOf(bytes, start, end);
  };
}

/** The types whose values are texts in JavaScript. */
const TEXTS = new Set<number>([TEXT, VARCHAR, INT8]);
const NUMBER: Decoder = { decode: numberOf, isKept: false };

const DECODERS = new Map<number, Decoder>([
  [BOOL, { decode: isTrue, isKept: false }],
  [INT2, NUMBER],
  [INT4, NUMBER],
  [OID, NUMBER],
  [FLOAT4, NUMBER],
  [FLOAT8, NUMBER],
  [TIMESTAMPTZ, { decode: timeOf, isKept: true }],
]);

/** Returns the decoder of a column of this type. Its values are those of the driver. */
export function decoderOf(type: number): Decoder {
  if (TEXTS.has(type)) return { decode: newTextDecode(), isKept: true };
  return DECODERS.get(type) ?? { decode: decodeByDriver(type), isKept: true };
}
