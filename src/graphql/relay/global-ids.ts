import { createDecipheriv } from "node:crypto";
import type { IdKey } from "../../platform/ids/id-key.store.js";
import { type BlockCipher, blockEncryption, keyFor } from "../../platform/ids/seal.js";

const INT4_MAX = 2_147_483_647;
const INT8_MAX = 9_223_372_036_854_775_807n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MAX_LENGTH = 1_000;
const BLOCK_BYTES = 16;
/** So many digits always make an integer that a number can hold. */
const SAFE_DIGITS = 15;
const HALF = 0x1_0000_0000;

const isInteger = (raw: string, max: number | bigint): boolean =>
  /^(0|[1-9]\d{0,18})$/.test(raw) && BigInt(raw) <= max;

type Rule = (text: string) => boolean;

const isShort: Rule = (text) => text.length > 0 && text.length <= 200;

/** How the ids of a type look whose rows have integers. */
interface IntegerIds {
  /** The first byte of the block. A code never changes, and no other type ever gets it. */
  readonly code: number;
  readonly max: number | bigint;
  /** The type whose rows have the integer, for the parts of such rows: `IdKey.lastPlain`. */
  readonly of?: string;
  /** A rule for what follows the integer, in ids of the form `<integer>.<rest>`. */
  readonly rest?: Rule;
}

const INTEGER_IDS = {
  ReferenceStory: { code: 1, max: INT4_MAX },
  StoryAnalysis: { code: 2, max: INT4_MAX },
  StoryCharacter: {
    ...{ code: 3, max: INT4_MAX, of: "StoryAnalysis" },
    rest: isShort,
  },
  StorySegment: {
    ...{ code: 4, max: INT4_MAX, of: "StoryAnalysis" },
    rest: (text: string) => isInteger(text, INT4_MAX),
  },
  VoiceModulationTemplate: { code: 5, max: INT4_MAX },
  UserStoryNarration: { code: 6, max: INT8_MAX },
  NarrationSegment: {
    ...{ code: 7, max: INT8_MAX, of: "UserStoryNarration" },
    rest: (text: string) => isInteger(text, INT4_MAX),
  },
  UserVoiceSample: { code: 8, max: INT8_MAX },
  UserEmotionVoice: { code: 9, max: INT8_MAX },
  Upload: { code: 10, max: INT8_MAX },
  /** The integer is the id of the story. */
  ListeningPosition: { code: 12, max: INT4_MAX },
  // The parts of a narration that a cache keeps as objects. The integer is the id of the narration.
  NarrationAudio: { code: 20, max: INT8_MAX },
  VoiceModifications: { code: 21, max: INT8_MAX },
  CastMember: { code: 22, max: INT8_MAX, rest: isShort },
  EmotionModification: { code: 23, max: INT8_MAX, rest: isShort },
  CharacterModification: { code: 24, max: INT8_MAX, rest: isShort },
  LexiconEntry: { code: 25, max: INT8_MAX, rest: isShort },
} satisfies Record<string, IntegerIds>;

/** A rule for the raw ids of each type whose ids are no integers, and need no encryption. */
const TEXT_IDS = {
  Voice: (raw: string) => /^[a-z0-9_-]{1,40}:[^\s]{1,200}$/i.test(raw),
  User: (raw: string) => UUID.test(raw),
  /** A narration as the readers of its share link see it. The hash of the link's secret carries their right. */
  SharedNarration: (raw: string) => SHA256.test(raw),
} satisfies Record<string, Rule>;

type IntegerType = keyof typeof INTEGER_IDS;
type TextType = keyof typeof TEXT_IDS;
export type GlobalIdType = IntegerType | TextType;

/** Ids that are texts need no key. */
export const isTextId = (type: string): type is TextType => Object.hasOwn(TEXT_IDS, type);
export const encodeTextId = (type: TextType, raw: string | number): string =>
  Buffer.from(`${type}:${raw}`, "utf8").toString("base64url");

export interface DecodedId {
  readonly type: GlobalIdType;
  readonly raw: string;
}

const hasIntegers = (type: string): type is IntegerType => Object.hasOwn(INTEGER_IDS, type);
const rulesOf = (type: IntegerType): IntegerIds => INTEGER_IDS[type];

const TYPE_BY_CODE = new Map(
  Object.keys(INTEGER_IDS)
    .filter(hasIntegers)
    .map((type) => [rulesOf(type).code, type]),
);

/**
 * Encodes and decodes the public ids of one database.
 *
 * The integers of rows count them, so whoever saw two ids would learn how many rows were made between. An id
 * with an integer therefore is one block of AES-128, in base64url: the type's code, seven zeros, the integer.
 * Equal ids are equal texts, as caches need. Of 2^56 blocks that somebody invents, one has seven zeros.
 * ECB is right here: there is one block, and no two ids have the same content.
 */
export class GlobalIds {
  readonly #encrypt: BlockCipher;
  readonly #decrypt: BlockCipher;
  readonly #lastPlain: IdKey["lastPlain"];
  readonly #block = Buffer.alloc(BLOCK_BYTES);

  constructor({ key, lastPlain }: IdKey) {
    const own = keyFor(key, "id");
    const decipher = createDecipheriv("aes-128-ecb", own, null).setAutoPadding(false);
    this.#encrypt = blockEncryption(own);
    this.#decrypt = (blocks) => decipher.update(blocks);
    this.#lastPlain = lastPlain;
  }

  encode(type: IntegerType, raw: string | number): string {
    const { code, rest } = rulesOf(type);
    if (!rest || typeof raw === "number") return this.#blockOf(code, raw).toString("base64url");
    const dot = raw.indexOf(".");
    const block = this.#blockOf(code, raw.slice(0, dot));
    return Buffer.concat([block, Buffer.from(raw.slice(dot + 1), "utf8")]).toString("base64url");
  }

  /** Returns null if this server did not make the id. */
  decode(id: string): DecodedId | null {
    if (id.length > MAX_LENGTH) return null;
    const bytes = Buffer.from(id, "base64url");
    // Every id has exactly one spelling. base64 decoders accept stray characters and trailing bits, so
    // compare with the canonical spelling.
    if (bytes.toString("base64url") !== id) return null;
    return this.#decodeBlock(bytes) ?? this.#decodeText(bytes.toString("utf8"));
  }

  #blockOf(code: number, integer: string | number): Buffer {
    const block = this.#block;
    block[0] = code;
    if (typeof integer === "string" && integer.length > SAFE_DIGITS) {
      block.writeBigUInt64BE(BigInt(integer), 8);
    } else {
      const value = Number(integer);
      block.writeUInt32BE(Math.floor(value / HALF), 8);
      block.writeUInt32BE(value % HALF, 12);
    }
    return this.#encrypt(block);
  }

  #decodeBlock(bytes: Buffer): DecodedId | null {
    if (bytes.length < BLOCK_BYTES) return null;
    const block = this.#decrypt(bytes.subarray(0, BLOCK_BYTES));
    const type = TYPE_BY_CODE.get(block.readUInt8(0));
    if (!type || block.readUIntBE(1, 6) !== 0 || block.readUInt8(7) !== 0) return null;
    const integer = String(block.readBigUInt64BE(8));
    const { rest } = rulesOf(type);
    const text = bytes.toString("utf8", BLOCK_BYTES);
    if (!rest && bytes.length > BLOCK_BYTES) return null;
    const raw = rest ? `${integer}.${text}` : integer;
    return followsRules(type, raw) ? { type, raw } : null;
  }

  /** Also decodes the ids that an earlier version of the server gave out, up to the last one. */
  #decodeText(text: string): DecodedId | null {
    const colon = text.indexOf(":");
    const type = text.slice(0, colon);
    const raw = text.slice(colon + 1);
    if (isTextId(type)) return !isUnreadable(raw) && TEXT_IDS[type](raw) ? { type, raw } : null;
    if (!hasIntegers(type) || !followsRules(type, raw)) return null;
    const last = this.#lastPlain[rulesOf(type).of ?? type] ?? 0;
    return BigInt(raw.split(".")[0] ?? "") <= last ? { type, raw } : null;
  }
}

function followsRules(type: IntegerType, raw: string): boolean {
  const { max, rest } = rulesOf(type);
  if (!rest) return isInteger(raw, max);
  const dot = raw.indexOf(".");
  const text = raw.slice(dot + 1);
  return dot > 0 && isInteger(raw.slice(0, dot), max) && !isUnreadable(text) && rest(text);
}

// The decoder writes U+FFFD for bytes that are not UTF-8.
const isUnreadable = (raw: string): boolean => /[\p{Cc}\uFFFD]/u.test(raw);
