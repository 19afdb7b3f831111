import { InvalidInputError } from "../../platform/errors.js";

const INT4_MAX = 2_147_483_647n;
const INT8_MAX = 9_223_372_036_854_775_807n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_LENGTH = 1_000;

const isInteger = (raw: string, max: bigint): boolean =>
  /^(0|[1-9]\d{0,18})$/.test(raw) && BigInt(raw) <= max;
const isInt4 = (raw: string): boolean => isInteger(raw, INT4_MAX);
const isInt8 = (raw: string): boolean => isInteger(raw, INT8_MAX);

/** `<parent>.<rest>`, each checked by its own rule. */
const isPair =
  (parent: (raw: string) => boolean, rest: (raw: string) => boolean) =>
  (raw: string): boolean => {
    const dot = raw.indexOf(".");
    return dot > 0 && parent(raw.slice(0, dot)) && rest(raw.slice(dot + 1));
  };

/** Every type with a global id, and what its raw id looks like: nothing else reaches a loader. */
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
} satisfies Record<string, (raw: string) => boolean>;

export type GlobalIdType = keyof typeof RAW_ID_RULES;

export interface DecodedId {
  readonly type: GlobalIdType;
  readonly raw: string;
}

export const toGlobalId = (type: GlobalIdType, raw: string | number): string =>
  Buffer.from(`${type}:${raw}`, "utf8").toString("base64url");

/** What a global id names, or null for anything this server did not write. */
export function decodeGlobalId(id: string): DecodedId | null {
  if (id.length > MAX_LENGTH) return null;
  const bytes = Buffer.from(id, "base64url");
  // One id has one spelling: base64 decoders let stray characters and trailing bits pass.
  if (bytes.toString("base64url") !== id) return null;
  const text = bytes.toString("utf8");
  const colon = text.indexOf(":");
  const type = text.slice(0, colon);
  const raw = text.slice(colon + 1);
  return isGlobalIdType(type) && !isUnreadable(raw) && RAW_ID_RULES[type](raw)
    ? { type, raw }
    : null;
}

/** The raw id in a global id of one type. @throws InvalidInputError for another type's id, or none */
export function fromGlobalId(id: string, expected: GlobalIdType, path: readonly string[]): string {
  const decoded = decodeGlobalId(id);
  if (decoded?.type === expected) return decoded.raw;
  throw new InvalidInputError(
    decoded
      ? `That is the id of a ${decoded.type}; send one of a ${expected}.`
      : `${path.join(".")} is not an id of this server; send one of a ${expected}.`,
    path,
  );
}

/** The same for types whose ids are integers. */
export const integerFromGlobalId = (
  id: string,
  expected: GlobalIdType,
  path: readonly string[],
): number => Number(fromGlobalId(id, expected, path));

const isGlobalIdType = (name: string): name is GlobalIdType => Object.hasOwn(RAW_ID_RULES, name);

// The decoder writes U+FFFD for bytes that are no UTF-8.
const isUnreadable = (raw: string): boolean => /[\p{Cc}\uFFFD]/u.test(raw);
