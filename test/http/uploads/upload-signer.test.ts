import { Signatures } from "../../../src/http/signatures.js";
import { createUploadSigner } from "../../../src/http/uploads/upload-signer.js";
import { ForbiddenError } from "../../../src/platform/errors.js";

const secret = "a secret of the tests, never of a server";
const PLACE = { ownerName: "1f0a4a52-6d5e-4a0e-9e07-1a3c5b2d7f00", uploadId: "12" };
const EXPIRES = 1_800_000_000;

let nowMs = 0;
const signer = createUploadSigner({ secret, clock: { now: () => new Date(nowMs) } });

/** Returns the parts of a signed URL's path, and its query. */
const signedFor = (place = PLACE) => {
  const { pathname, searchParams } = new URL(
    signer.sign({ ...place, expiresAt: new Date(EXPIRES * 1_000) }),
    "http://test",
  );
  const [ownerName = "", name = ""] = pathname.split("/").slice(-2);
  return { at: { ownerName, name }, query: Object.fromEntries(searchParams) };
};

beforeEach(() => {
  nowMs = EXPIRES * 1_000 - 1;
});

test("a signature is valid until the upload expires", () => {
  const { at, query } = signedFor();

  expect(() => signer.verify(at, query)).not.toThrow();
  expect(signer.placeOf(at)).toEqual(PLACE);
  nowMs += 1;

  expect(() => signer.verify(at, query)).toThrow("This upload URL has expired");
});

test.each([
  ["another owner", { ...PLACE, ownerName: "00000000-0000-4000-8000-000000000000" }],
  ["another upload of the owner", { ...PLACE, uploadId: "13" }],
])("a signature is not valid for %s", (_whose, place) => {
  const { at } = signedFor(place);

  expect(() => signer.verify(at, signedFor().query)).toThrow(ForbiddenError);
});

test("a URL does not show how many uploads there are", () => {
  const names = ["1", "999999999999"].map((uploadId) => signedFor({ ...PLACE, uploadId }).at.name);

  expect(new Set(names.map((name) => name.length)).size).toBe(1);
  expect(names.map((name) => Buffer.from(name, "base64url").toString())).toEqual([
    expect.not.stringMatching(/\d{3}/),
    expect.not.stringMatching(/\d{3}/),
  ]);
});

test("a URL that an earlier version signed for the plain id goes on working", () => {
  const at = { ownerName: PLACE.ownerName, name: PLACE.uploadId };
  const signatures = new Signatures(secret, "fabula upload 1");
  const signature = signatures.of([at.ownerName, at.name, EXPIRES]);

  expect(() => signer.verify(at, { expires: String(EXPIRES), signature })).not.toThrow();
  expect(signer.placeOf(at)).toEqual(PLACE);
});

test("a signature of equal parts for reading media is not valid for an upload", () => {
  const { at } = signedFor();
  const media = new Signatures(secret, "fabula media 1");
  const signature = media.of([at.ownerName, at.name, EXPIRES]);

  const verifying = () => signer.verify(at, { expires: String(EXPIRES), signature });

  expect(verifying).toThrow("This server did not sign");
});
