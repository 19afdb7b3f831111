import { InvalidInputError } from "../../platform/errors.js";

const INT4_MAX = 2_147_483_647n;
const INT8_MAX = 9_223_372_036_854_775_807n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_LENGTH = 1_000;

const isInteger = (raw: string, max: bigint): boolean =>
  /^(0|[1-9]\d{0,18})$/.test(raw) && BigInt(raw) <= max;
const isInt4 = (raw: string): boolean => isInteger(raw, INT4_MAX);
const isInt8 = (raw: string): boolean => isInteger(raw, INT8_MAX);

/** Returns a rule for ids of the form `<parent>.<rest>`. Each part must follow its own rule. */
const isPair =
  (parent: (raw: string) => boolean, rest: (raw: string) => boolean) =>
  (raw: string): boolean => {
    const dot = raw.indexOf(".");
    return dot > 0 && parent(raw.slice(0, dot)) && rest(raw.slice(dot + 1));
  };

/** A rule for the raw ids of each type with a global id. Loaders receive only ids that follow the rule. */
const RAW_ID_RULES = {
  ReferenceStory: isInt4,
  StoryAnalysis: isInt4,
  StoryCharacter: isPair(isInt4, (raw) => raw.length > 0 && raw.length <= 200),
  StorySegment: isPair(isInt4, isInt4),
  VoiceModulationTemplate: isInt4,
  Voice: (raw: string) => /^[a-z0-9_-]{1,40}:[^\s]{1,200}$/i.test(raw),
  User: (raw: string) => UUID.test(raw),
  UserStoryNarration: isInt8,
  NarrationSegment: isPair(isInt8, isInt4),
  UserVoiceSample: isInt8,
  UserEmotionVoice: isInt8,
  Upload: isInt8,
} satisfies Record<string, (raw: string) => boolean>;

export type GlobalIdType = keyof typeof RAW_ID_RULES;

export interface DecodedId {
  readonly type: GlobalIdType;
  readonly raw: string;
}

export const toGlobalId = (type: GlobalIdType, raw: string | number): string =>
  Buffer.from(`${type}:${raw}`, "utf8").toString("base64url");

/** Returns the type and the raw id in a global id. Returns null if this server did not make the id. */
export function decodeGlobalId(id: string): DecodedId | null {
  if (id.length > MAX_LENGTH) return null;
  const bytes = Buffer.from(id, "base64url");
  // Every id has exactly one spelling. base64 decoders accept stray characters and trailing bits, so
  // compare with the canonical spelling.
  if (bytes.toString("base64url") !== id) return null;
  const text = bytes.toString("utf8");
  const colon = text.indexOf(":");
  const type = text.slice(0, colon);
  const raw = text.slice(colon + 1);
  return isGlobalIdType(type) && !isUnreadable(raw) && RAW_ID_RULES[type](raw)
    ? { type, raw }
    : null;
}

/**
 * Returns the raw id in a global id.
 * @throws InvalidInputError if `id` is not an id of the expected type
 */
export function fromGlobalId(id: string, expected: GlobalIdType, path: readonly string[]): string {
  const decoded = decodeGlobalId(id);
  if (decoded?.type === expected) return decoded.raw;
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

const isGlobalIdType = (name: string): name is GlobalIdType => Object.hasOwn(RAW_ID_RULES, name);

// The decoder writes U+FFFD for bytes that are not UTF-8.
const isUnreadable = (raw: string): boolean => /[\p{Cc}\uFFFD]/u.test(raw);
