import { InvalidInputError } from "../../platform/errors.js";
import { type DecodedId, type GlobalIdType, encodeTextId, isTextId } from "./global-ids.js";
import { publicNames } from "./id-key.js";

export type { GlobalIdType } from "./global-ids.js";

/** The raw id of no row. */
export const NO_ROW = "0";

export const toGlobalId = (type: GlobalIdType, raw: string | number): string =>
  isTextId(type) ? encodeTextId(type, raw) : publicNames().ids.encode(type, raw);

/** Returns the type and the raw id in a global id. Returns null if this server did not make the id. */
export const decodeGlobalId = (id: string): DecodedId | null => publicNames().ids.decode(id);

/**
 * Returns the raw id in a global id.
 * @throws InvalidInputError if `id` is not an id of the expected type
 */
export function fromGlobalId(id: string, expected: GlobalIdType, path: readonly string[]): string {
  const decoded = decodeGlobalId(id);
  if (decoded?.type === expected) return decoded.raw;
  // To read on by a link is no right to change the narration: the answer is the same as for any narration of others.
  if (decoded?.type === "SharedNarration" && expected === "UserStoryNarration") return NO_ROW;
  throw new InvalidInputError(
    decoded
      ? `${path.join(".")} is the id of ${withArticle(decoded.type)}. Send the id of ${withArticle(expected)}.`
      : `${path.join(".")} is not an id of this server. Send the id of ${withArticle(expected)}.`,
    path,
  );
}

// The names of the other types begin with the sound of a consonant, "User" also.
const withArticle = (type: GlobalIdType): string => `${type === "Upload" ? "an" : "a"} ${type}`;

/**
 * Returns the raw id as a number, for types with integer ids.
 * @throws InvalidInputError if `id` is not an id of the expected type
 */
export const integerFromGlobalId = (
  id: string,
  expected: GlobalIdType,
  path: readonly string[],
): number => Number(fromGlobalId(id, expected, path));
