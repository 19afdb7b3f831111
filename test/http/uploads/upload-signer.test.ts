import { Signatures } from "../../../src/http/signatures.js";
import { createUploadSigner } from "../../../src/http/uploads/upload-signer.js";
import { ForbiddenError } from "../../../src/platform/errors.js";

const secret = "a secret of the tests, never of a server";
const PLACE = { ownerName: "1f0a4a52-6d5e-4a0e-9e07-1a3c5b2d7f00", uploadId: "12" };
const EXPIRES = 1_800_000_000;

let nowMs = 0;
const signer = createUploadSigner({ secret, clock: { now: () => new Date(nowMs) } });

/** Returns the query of a URL that is signed for `PLACE`. */
const signedQuery = () => {
  const url = new URL(
    signer.sign({ ...PLACE, expiresAt: new Date(EXPIRES * 1_000) }),
    "http://test",
  );
  return Object.fromEntries(url.searchParams);
};

beforeEach(() => {
  nowMs = EXPIRES * 1_000 - 1;
});

test("a signature is valid until the upload expires", () => {
  const query = signedQuery();

  expect(() => signer.verify(PLACE, query)).not.toThrow();
  nowMs += 1;

  expect(() => signer.verify(PLACE, query)).toThrow("This upload URL has expired");
});

test.each([
  ["another owner", { ...PLACE, ownerName: "00000000-0000-4000-8000-000000000000" }],
  ["another upload of the owner", { ...PLACE, uploadId: "13" }],
])("a signature is not valid for %s", (_whose, place) => {
  expect(() => signer.verify(place, signedQuery())).toThrow(ForbiddenError);
});

test("a signature of equal parts for reading media is not valid for an upload", () => {
  const media = new Signatures(secret, "fabula media 1");
  const signature = media.of([PLACE.ownerName, PLACE.uploadId, EXPIRES]);

  const verifying = () => signer.verify(PLACE, { expires: String(EXPIRES), signature });

  expect(verifying).toThrow("This server did not sign");
});
