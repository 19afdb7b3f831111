import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { type TokenVerifier, createTokenVerifier } from "../../src/http/tokens.js";
import { TRUST, signed, subjectOf, tokenFor } from "../support/api.js";

const START = Date.UTC(2030, 0, 1);
let now: number;
const clock = { now: () => new Date(now) };
const seconds = (): number => now / 1000;

let verifications: jest.SpyInstance;
beforeEach(() => {
  now = START;
  verifications = import.meta.jest.spyOn(crypto.subtle, "verify");
});
afterEach(() => {
  verifications.mockRestore();
});

const messageOf = (verify: TokenVerifier, authorization: string): Promise<string> =>
  verify(authorization).then(
    (verified) => verified?.claims.subject ?? "nobody",
    (error: unknown) => (error instanceof Error ? error.message : "no error"),
  );

test("a token is verified once, and gives the same claims again", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const token = await signed(tokenFor("ada", seconds() + 60));

  const first = await verify(token);
  const second = await verify(token);

  expect(first?.claims).toEqual({
    ...{ subject: subjectOf("ada"), email: first?.claims.email, displayName: "Ada" },
    avatarUrl: undefined,
  });
  expect(second).toEqual(first);
  expect(verifications).toHaveBeenCalledTimes(1);
});

test("a kept token expires at its time and 5 seconds of tolerance", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const token = await signed(tokenFor("ada", seconds() + 60));

  const answers = [];
  for (const second of [0, 64, 65]) {
    now = START + second * 1000;
    answers.push(await messageOf(verify, token));
  }

  expect(answers).toEqual([subjectOf("ada"), subjectOf("ada"), expect.stringMatching(/expired/)]);
  expect(verifications).toHaveBeenCalledTimes(2);
});

test("a kept token is not valid before its time, if the clock goes back", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const token = await signed(tokenFor("ada", seconds() + 60).setNotBefore(seconds()));
  await verify(token);

  now = START - 6_000;

  expect(await messageOf(verify, token)).toMatch(/nbf claim/);
});

test("a token is verified again after five minutes", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const token = await signed(tokenFor("ada", seconds() + 3600));

  for (const second of [0, 299, 300, 301]) {
    now = START + second * 1000;
    await verify(token);
  }

  expect(verifications).toHaveBeenCalledTimes(2);
});

test("refused tokens are not kept", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const forged = `Bearer ${await tokenFor("ada", seconds() + 60).sign(new TextEncoder().encode("guess"))}`;

  const answers = [await messageOf(verify, forged), await messageOf(verify, forged)];

  expect(answers).toEqual(Array(2).fill(expect.stringMatching(/not valid here/)));
  expect(verifications).toHaveBeenCalledTimes(2);
});

test("the number of kept tokens is bounded", async () => {
  const verify = createTokenVerifier(TRUST, { clock });
  const long = "x".repeat(40_000);
  const tokens = await Promise.all(
    Array.from({ length: 80 }, (_, number) =>
      signed(
        new SignJWT({ long, number })
          .setProtectedHeader({ alg: "HS256" })
          .setSubject(subjectOf("ada"))
          .setIssuer(TRUST.issuer)
          .setAudience(TRUST.audience)
          .setExpirationTime(seconds() + 60),
      ),
    ),
  );
  for (const token of tokens) await verify(token);
  verifications.mockClear();

  await verify(tokens.at(-1));
  await verify(tokens[0]);

  expect(verifications).toHaveBeenCalledTimes(1);
});

test("a key that is rotated away stops its kept tokens as soon as the new keys are read", async () => {
  const keys = await rotatingKeys();
  const verify = createTokenVerifier({
    ...{ kind: "jwks", url: keys.url, issuer: TRUST.issuer, audience: TRUST.audience },
  });
  const old = await keys.publish("old");
  // The first verification reads the keys. The second token is kept.
  for (let times = 0; times < 3; times++) await verify(old);
  const before = verifications.mock.calls.length;
  const next = await keys.publish("next");
  const stillAccepted = await messageOf(verify, old);
  // jose reads the keys again for an unknown key, but not within 30 s.
  const time = import.meta.jest.spyOn(Date, "now").mockReturnValue(Date.now() + 31_000);
  await verify(next);

  const afterRotation = await messageOf(verify, old);

  time.mockRestore();
  await keys.close();
  expect(before).toBe(2);
  expect(stillAccepted).toBe(subjectOf("ada"));
  expect(afterRotation).toMatch(/unknown key/);
});

test("a kept token is verified again when jose must read the keys again", async () => {
  const keys = await rotatingKeys();
  const verify = createTokenVerifier({
    ...{ kind: "jwks", url: keys.url, issuer: TRUST.issuer, audience: TRUST.audience },
  });
  const old = await keys.publish("old");
  for (let times = 0; times < 2; times++) await verify(old);
  await keys.publish("next");
  const time = import.meta.jest.spyOn(Date, "now").mockReturnValue(Date.now() + 10 * 60_000);

  const answer = await messageOf(verify, old);

  time.mockRestore();
  await keys.close();
  expect(answer).toMatch(/unknown key/);
});

/** Serves one public key at a time. */
async function rotatingKeys() {
  let published: object[] = [];
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    /** Replaces the public key. Returns an Authorization header that the new key signed. */
    publish: async (kid: string): Promise<string> => {
      const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
      published = [{ ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" }];
      const token = new SignJWT({})
        .setProtectedHeader({ alg: "ES256", kid })
        .setSubject(subjectOf("ada"))
        .setIssuer(TRUST.issuer)
        .setAudience(TRUST.audience)
        .setExpirationTime("1h");
      return `Bearer ${await token.sign(privateKey)}`;
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}
