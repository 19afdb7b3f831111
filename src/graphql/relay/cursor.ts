import { createHash } from "node:crypto";
import type { Keyset } from "../../platform/database/reading/keyset.js";
import { InvalidInputError } from "../../platform/errors.js";

const VERSION = 1;
const CHECKSUM_LENGTH = 16;
const MAX_LENGTH = 4_000;

/** The SQL types of the two values that order a list: the sort value, then the id. */
export interface ListPlace {
  readonly sort: "timestamptz" | "text" | "integer";
  readonly id: "integer" | "bigint" | "text";
}

/**
 * A list with its order and filter. A cursor from one list is not valid for another list, order or
 * filter.
 */
export interface BoundList {
  /** Type and field, such as `Query.stories`. */
  readonly name: string;
  readonly place: ListPlace;
  /** Every argument except the paging arguments. */
  readonly filter: object;
}

/**
 * Returns a cursor: base64url JSON with version, sort value, id and a checksum. The checksum covers
 * these values, the list, the order and the filter.
 */
export function encodeCursor(list: BoundList, { sort, id }: Keyset): string {
  const cursor = { v: VERSION, s: sort, i: id, c: checksumOf(list, sort, id) };
  return Buffer.from(JSON.stringify(cursor), "utf8").toString("base64url");
}

/**
 * Returns the sort value and the id in a cursor.
 * @throws InvalidInputError if the list, order, filter or version differs, or if the cursor was
 *   modified
 */
export function decodeCursor(list: BoundList, cursor: string, argument: string): Keyset {
  const place = readCursor(list, cursor);
  if (place) return place;
  throw new InvalidInputError(
    `${argument} is not a cursor of ${list.name} with this order and filter. Start again without ${argument}.`,
    [argument],
  );
}

function readCursor(list: BoundList, cursor: string): Keyset | null {
  const decoded = parseCursor(cursor);
  if (decoded?.v !== VERSION) return null;
  const { s: sort, i: id, c: checksum } = decoded;
  if (typeof sort !== "string" || typeof id !== "string") return null;
  if (checksum !== checksumOf(list, sort, id)) return null;
  return VALUE_RULES[list.place.sort](sort) && VALUE_RULES[list.place.id](id) ? { sort, id } : null;
}

function parseCursor(cursor: string): Record<"v" | "s" | "i" | "c", unknown> | null {
  if (cursor.length > MAX_LENGTH) return null;
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.toString("base64url") !== cursor) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null
      ? (value as Record<"v" | "s" | "i" | "c", unknown>)
      : null;
  } catch {
    return null;
  }
}

// The checksum is not a secret, so a client can forge a cursor. A forged cursor reveals nothing
// private. SQL only compares rows with the cursor's values, and returns only rows that the viewer may
// read. The values are checked before SQL receives them.
const checksumOf = ({ name, filter }: BoundList, sort: string, id: string): string =>
  createHash("sha256")
    .update(JSON.stringify([VERSION, name, filter, sort, id]))
    .digest("base64url")
    .slice(0, CHECKSUM_LENGTH);

const isIntegerUpTo =
  (max: bigint) =>
  (value: string): boolean => {
    if (!/^-?\d{1,19}$/.test(value)) return false;
    const integer = BigInt(value);
    return integer <= max && integer >= -max;
  };

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/;

/**
 * Returns true for a timestamp in the form that PostgreSQL prints, if the day exists. PostgreSQL would
 * refuse a day that does not exist, such as the 31st of June.
 */
function isTimestamp(value: string): boolean {
  const [, year, month, day] = TIMESTAMP.exec(value) ?? [];
  if (!year || !month || !day || year === "0000") return false;
  const date = new Date(`${year}-${month}-01T00:00:00Z`);
  date.setUTCDate(Number(day));
  return Number(day) > 0 && date.getUTCMonth() + 1 === Number(month);
}

const VALUE_RULES = {
  integer: isIntegerUpTo(2_147_483_647n),
  bigint: isIntegerUpTo(9_223_372_036_854_775_807n),
  text: (value: string) => value.isWellFormed() && !value.includes("\0"),
  timestamptz: isTimestamp,
} satisfies Record<ListPlace["sort"] | ListPlace["id"], (value: string) => boolean>;
