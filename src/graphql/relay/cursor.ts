import type { Keyset } from "../../platform/database/reading/keyset.js";
import { InvalidInputError } from "../../platform/errors.js";
import { publicNames } from "./id-key.js";

const MAX_LENGTH = 4_000;
/** The digits of the largest id. A text of its own length would tell how many digits an id has. */
const ID_WIDTH = 19;

/** The SQL types of the two values that order a list: the sort value, then the id. */
export interface ListPlace {
  readonly sort: "timestamptz" | "text" | "integer" | "ranked";
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
 * Returns a cursor: the sort value and the id, encrypted, because the id counts rows. Equal places have equal
 * cursors. The cursor is valid only for this list, order and filter.
 */
export const encodeCursor = (list: BoundList, { sort, id }: Keyset): string =>
  publicNames().cursors.seal(JSON.stringify([sort, id.padEnd(ID_WIDTH)]), contextOf(list));

/**
 * Returns the sort value and the id in a cursor.
 * @throws InvalidInputError if the list, order or filter differs, if the cursor was modified, and for a cursor
 *   of an earlier version, which was not encrypted. Such cursors could be made up: with one after the other,
 *   somebody would find out the id of a row.
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
  if (cursor.length > MAX_LENGTH) return null;
  const text = publicNames().cursors.open(cursor, contextOf(list));
  if (text === null) return null;
  const [sort = "", padded = ""] = JSON.parse(text) as readonly string[];
  const id = padded.trimEnd();
  // An earlier version of the server may have ordered the list by other values.
  return VALUE_RULES[list.place.sort](sort) && VALUE_RULES[list.place.id](id) ? { sort, id } : null;
}

const contextOf = ({ name, filter }: BoundList): string => JSON.stringify([name, filter]);

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
  /** A rank and a time. */
  ranked: (value: string) => /^[0-3] /.test(value) && isTimestamp(value.slice(2)),
} satisfies Record<ListPlace["sort"] | ListPlace["id"], (value: string) => boolean>;
