import { createCipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { Seal, keyFor } from "../../../src/platform/ids/seal.js";

const SECRET = "a secret of the tests, never of a server";
const seal = new Seal(SECRET, "test");

test("opens what it sealed, for the same context, and seals equal texts equally", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, context) => {
      const sealed = seal.seal(text, context);

      expect(seal.open(sealed, context)).toBe(text);
      expect(seal.seal(text, context)).toBe(sealed);
    }),
  );
});

test("does not open for another context, purpose or secret", () => {
  const sealed = seal.seal("narration.12.0", "here");

  expect(seal.open(sealed, "there")).toBeNull();
  expect(seal.open(sealed)).toBeNull();
  expect(new Seal(SECRET, "other").open(sealed, "here")).toBeNull();
  expect(new Seal(`${SECRET}!`, "test").open(sealed, "here")).toBeNull();
});

test("a context and a text cannot be taken for another context and text", () => {
  expect(seal.seal("bc", "a")).not.toBe(seal.seal("c", "ab"));
  expect(seal.open(seal.seal("bc", "a"), "ab")).toBeNull();
});

test("opens nothing that somebody changed, cut or made up", () => {
  const sealed = seal.seal("a text with more than one block of sixteen bytes");
  const changed = fc
    .tuple(fc.nat(sealed.length), fc.nat(3), fc.string({ unit: "binary", maxLength: 4 }))
    .map(([at, cut, put]) => sealed.slice(0, at) + put + sealed.slice(at + cut))
    .filter((text) => text !== sealed);

  fc.assert(
    fc.property(fc.oneof(changed, fc.string(), fc.base64String()), (text) => {
      expect(seal.open(text)).toBeNull();
    }),
    { numRuns: 5_000 },
  );
});

test("the result is half an HMAC-SHA-256, then the text under AES-128-CTR with this half as the counter", () => {
  const text = "Forty-one bytes, which are three blocks..";

  const bytes = Buffer.from(seal.seal(text, "här"), "base64url");

  const tag = createHmac("sha256", keyFor(SECRET, "test authentication", 64))
    .update(`4:här${text}`)
    .digest()
    .subarray(0, 16);
  const cipher = createCipheriv("aes-128-ctr", keyFor(SECRET, "test encryption"), tag);
  expect(bytes).toEqual(Buffer.concat([tag, cipher.update(text, "utf8"), cipher.final()]));
});
