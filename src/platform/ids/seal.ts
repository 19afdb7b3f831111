import { createCipheriv, hash, hkdfSync, timingSafeEqual } from "node:crypto";

const KEY_BYTES = 16;
const BLOCK_BYTES = 16;
/** The size of a block of SHA-256. HMAC pads its key to this size. */
const HMAC_BYTES = 64;

/** Returns a key for one purpose. Keys for different purposes tell nothing about each other. */
export const keyFor = (secret: Buffer | string, purpose: string, bytes = KEY_BYTES): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", `fabula ${purpose}`, bytes));

/** Encrypts or decrypts whole blocks. */
export type BlockCipher = (blocks: Buffer) => Buffer;

/**
 * Returns AES-128 for single blocks. Node needs 20 µs to make a cipher and less than 1 µs to use it, so
 * callers keep what this function returns.
 */
export function blockEncryption(key: Buffer): BlockCipher {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/**
 * Encrypts short texts so that equal texts give equal results, and recognizes a result that somebody changed.
 *
 * This is the construction of SIV (RFC 5297) with other parts: the HMAC of the text is both the
 * authentication and the initial counter of AES-CTR. Node's own HMAC and CTR would need 40 µs for each text,
 * because both make an object of OpenSSL. A page can have hundreds of cursors.
 */
export class Seal {
  readonly #encrypt: BlockCipher;
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** @param purpose results for one purpose do not open for another purpose */
  constructor(secret: Buffer | string, purpose: string) {
    this.#encrypt = blockEncryption(keyFor(secret, `${purpose} encryption`));
    const key = keyFor(secret, `${purpose} authentication`, HMAC_BYTES);
    this.#inner = key.map((byte) => byte ^ 0x36) as Buffer;
    this.#outer = key.map((byte) => byte ^ 0x5c) as Buffer;
  }

  /** Returns base64url. @param context the place for which the result is valid; not part of the result */
  seal(text: string, context = ""): string {
    const bytes = Buffer.from(text, "utf8");
    const tag = this.#authenticate(bytes, context);
    return Buffer.concat([tag, this.#crypt(bytes, tag)]).toString("base64url");
  }

  /** Returns null if this seal did not make `sealed` for this context. */
  open(sealed: string, context = ""): string | null {
    const bytes = Buffer.from(sealed, "base64url");
    // Every result has exactly one spelling.
    if (bytes.length < BLOCK_BYTES || bytes.toString("base64url") !== sealed) return null;
    const tag = bytes.subarray(0, BLOCK_BYTES);
    const text = this.#crypt(bytes.subarray(BLOCK_BYTES), tag);
    return timingSafeEqual(this.#authenticate(text, context), tag) ? text.toString("utf8") : null;
  }

  /** Returns the first half of an HMAC-SHA-256 of the context and the text. */
  #authenticate(text: Buffer, context: string): Buffer {
    const about = Buffer.from(`${Buffer.byteLength(context)}:${context}`, "utf8");
    const inner = hash("sha256", Buffer.concat([this.#inner, about, text]), "buffer");
    const whole = hash("sha256", Buffer.concat([this.#outer, inner]), "buffer");
    return whole.subarray(0, BLOCK_BYTES);
  }

  /** AES-CTR: encrypts and decrypts. */
  #crypt(bytes: Buffer, counter: Buffer): Buffer {
    const count = Math.ceil(bytes.length / BLOCK_BYTES);
    const counters = Buffer.alloc(count * BLOCK_BYTES);
    const last = counter.readUInt32BE(BLOCK_BYTES - 4);
    for (let index = 0; index < count; index += 1) {
      counter.copy(counters, index * BLOCK_BYTES);
      counters.writeUInt32BE((last + index) >>> 0, (index + 1) * BLOCK_BYTES - 4);
    }
    const stream = this.#encrypt(counters);
    return bytes.map((byte, at) => byte ^ (stream[at] ?? 0)) as Buffer;
  }
}
