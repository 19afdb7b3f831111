import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from "jose";
import { type ApiApp, TRUST, apiApp, signed, subjectOf, tokenFor } from "../support/api.js";

const VIEWER = "{ viewer { id } stories { totalCount } }";
const CREATE = `mutation { createStory(input: { title: "T", content: "Words." }) { story { id } userErrors { code } } }`;

describe("a token signed with a secret", () => {
  let app: ApiApp;
  beforeAll(async () => {
    app = await apiApp();
  });
  afterAll(() => app.close());

  const HOUR = Math.floor(Date.now() / 1000) + 3600;

  test.each<[name: string, authorization: () => string | Promise<string>, message: RegExp]>([
    ["that has expired", () => signed(tokenFor("ada", 1)), /has expired/],
    [
      "of another issuer",
      () => signed(tokenFor("ada").setIssuer("https://elsewhere.test")),
      /iss claim/,
    ],
    ["for another audience", () => signed(tokenFor("ada").setAudience("another")), /aud claim/],
    ["that is not yet valid", () => signed(tokenFor("ada").setNotBefore(HOUR)), /nbf claim/],
    ["without a subject", () => signed(tokenFor("ada").setSubject("")), /no subject/],
    [
      "without an algorithm",
      () => `Bearer ${new UnsecuredJWT({}).setSubject(subjectOf("ada")).encode()}`,
      /not valid here/,
    ],
    [
      "signed with another secret",
      async () => `Bearer ${await tokenFor("ada").sign(new TextEncoder().encode("guess"))}`,
      /not valid here/,
    ],
    ["that is malformed", () => "Bearer a.b.c", /not valid here/],
    ["that is empty", () => "Bearer", /Authorization: Bearer/],
    ["of another scheme", () => "Basic YWRhOmFkYQ==", /Authorization: Bearer/],
  ])("%s is refused with the reason", async (_name, authorization, message) => {
    const answer = await app.bearing(await authorization()).query(VIEWER);

    expect(answer.status).toBe(401);
    expect(answer.code).toBe("UNAUTHENTICATED");
    expect(answer.errors[0]?.message).toMatch(message);
    expect(answer.data).toBeUndefined();
  });

  test("is not needed to read public data", async () => {
    const answer = await app.anonymous().query(VIEWER);

    expect(answer.data).toEqual({ viewer: null, stories: { totalCount: 0 } });
  });

  test("is needed for a mutation", async () => {
    const answer = await app.anonymous().query(CREATE);

    expect(answer.code).toBe("UNAUTHENTICATED");
    expect(answer.data).toEqual({ createStory: null });
    expect(await app.superuser("SELECT FROM reference.stories")).toEqual([]);
  });

  test("creates a user at the first mutation, not at a query", async () => {
    const reader = app.as("dora");
    await reader.query(VIEWER);
    const before = await app.superuser("SELECT FROM platform.users");

    await reader.query(CREATE);

    const answer = await reader.query("{ viewer { displayName stories { totalCount } } }");
    expect(before).toEqual([]);
    expect(answer.data).toEqual({ viewer: { displayName: "Dora", stories: { totalCount: 1 } } });
  });
});

describe("in production, a token", () => {
  let app: ApiApp;
  beforeAll(async () => {
    app = await apiApp({ isProduction: true });
  });
  afterAll(() => app.close());

  const endless = (claims: Record<string, unknown> = {}): Promise<string> =>
    signed(
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(subjectOf("ada"))
        .setIssuer(TRUST.issuer)
        .setAudience(TRUST.audience),
    );

  const PROGRESS = `subscription { storyAnalysisProgress(storyId: "x") { status } }`;

  test.each<[name: string, token: () => Promise<string>, message: RegExp]>([
    ["without an expiry", () => endless(), /does not expire/],
    ["whose expiry is in milliseconds", () => endless({ exp: Date.now() }), /does not expire/],
    ["whose expiry no date can express", () => endless({ exp: 1e300 }), /does not expire/],
    ["whose expiry is a word", () => endless({ exp: "never" }), /exp claim/],
  ])("%s is refused over HTTP and WebSocket", async (_name, token, message) => {
    const bearer = app.bearing(await token());

    const answer = await bearer.query(VIEWER);
    const { closeCode, message: reason } = await bearer.refusal(PROGRESS);

    expect([answer.status, answer.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(answer.errors[0]?.message).toMatch(message);
    expect([closeCode, reason]).toEqual([4403, answer.errors[0]?.message]);
  });

  test("that expires is accepted", async () => {
    expect((await app.as("ada").query(VIEWER)).errors).toEqual([]);
  });
});

describe("a token of an identity provider with published keys", () => {
  const ISSUER = "https://jwks.test";
  let app: ApiApp;
  let privateKey: CryptoKey;
  let isUp = true;
  const jwks: object[] = [];
  const keys = createServer((_request, response) => {
    response.statusCode = isUp ? 200 : 500;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: jwks }));
  });

  beforeAll(async () => {
    const pair = await generateKeyPair("ES256", { extractable: true });
    privateKey = pair.privateKey;
    jwks.push({ ...(await exportJWK(pair.publicKey)), kid: "first", alg: "ES256", use: "sig" });
    await new Promise<void>((listening) => keys.listen(0, "127.0.0.1", listening));
    app = await appThatTrusts();
  });
  afterAll(async () => {
    await app.close();
    keys.close();
  });

  const appThatTrusts = (): Promise<ApiApp> => {
    const { port } = keys.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/keys`;
    return apiApp({ trust: { kind: "jwks", url, issuer: ISSUER, audience: "fabula" } });
  };

  const token = (key: CryptoKey, claims: { issuer?: string; kid?: string } = {}) =>
    new SignJWT({ name: "Ada" })
      .setProtectedHeader({ alg: "ES256", kid: claims.kid ?? "first" })
      .setSubject(subjectOf("ada"))
      .setIssuer(claims.issuer ?? ISSUER)
      .setAudience("fabula")
      .setExpirationTime("1h")
      .sign(key);

  test("signed with a published key is accepted", async () => {
    const answer = await app.bearing(`Bearer ${await token(privateKey)}`).query(CREATE);

    expect(answer.errors).toEqual([]);
    expect(answer.at("createStory.userErrors")).toEqual([]);
  });

  test("signed with another key is refused", async () => {
    const other = await generateKeyPair("ES256");

    for (const bad of [
      await token(other.privateKey),
      await token(other.privateKey, { kid: "unknown" }),
      await token(privateKey, { issuer: "https://elsewhere.test" }),
      // A token that is signed with HMAC, with the public key as the secret.
      await tokenFor("ada").sign(new TextEncoder().encode(JSON.stringify(jwks[0]))),
    ]) {
      const answer = await app.bearing(`Bearer ${bad}`).query(VIEWER);

      expect(answer.status).toBe(401);
      expect(answer.code).toBe("UNAUTHENTICATED");
    }
  });

  test("cannot be verified while the provider is down: UNAVAILABLE, not UNAUTHENTICATED", async () => {
    const fresh = await appThatTrusts();
    isUp = false;
    const bearer = fresh.bearing(`Bearer ${await token(privateKey)}`);

    const down = await bearer.query(VIEWER);
    isUp = true;
    const up = await bearer.query(VIEWER);
    await fresh.close();

    expect([down.status, down.code]).toEqual([503, "UNAVAILABLE"]);
    expect(up.errors).toEqual([]);
  });
});
