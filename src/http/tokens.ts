import {
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
  type JWKSCacheInput,
  createRemoteJWKSet,
  errors,
  jwksCache,
  jwtVerify,
} from "jose";
import { type Clock, systemClock } from "../platform/clock.js";
import { UnauthenticatedError, UnavailableError } from "../platform/errors.js";
import type { UserClaims } from "../platform/users/user.store.js";
import { VerifiedTokens } from "./verified-tokens.js";

const DEVELOPMENT_ISSUER = "fabula-development";
const DEVELOPMENT_AUDIENCE = "fabula";
const SYMMETRIC = ["HS256"];
const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
];
const CLOCK_TOLERANCE_SECONDS = 5;

/** The issuer whose tokens the server accepts. */
export type TrustedIssuer =
  | {
      readonly kind: "secret";
      readonly secret: string;
      readonly issuer?: string;
      readonly audience?: string;
    }
  | {
      readonly kind: "jwks";
      readonly url: string;
      readonly issuer: string;
      readonly audience: string;
    };

/** The facts in a verified token. `expiresAt` is in seconds since 1970, undefined without an expiry. */
export interface VerifiedToken {
  readonly claims: UserClaims;
  readonly expiresAt: number | undefined;
}

export interface VerifierOptions {
  /** True if tokens must expire. A stolen token without expiry would give access forever. */
  readonly requiresExpiry?: boolean;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** The end of the year 9999, in seconds. A later expiry is wrong: the issuer counts milliseconds. */
const LATEST_EXPIRY = 253_402_300_799;

/**
 * Verifies an Authorization header. Returns null if there is no header.
 * @throws UnauthenticatedError with the reason
 * @throws UnavailableError if the identity provider's keys cannot be read
 */
export type TokenVerifier = (authorization: string | undefined) => Promise<VerifiedToken | null>;

export function createTokenVerifier(
  trust: TrustedIssuer,
  { requiresExpiry = false, clock = systemClock }: VerifierOptions = {},
): TokenVerifier {
  const { key, currentKeys } = keysOf(trust);
  const toleranceSeconds = CLOCK_TOLERANCE_SECONDS;
  const known = new VerifiedTokens<VerifiedToken>({ clock, toleranceSeconds, currentKeys });
  const options = {
    algorithms: trust.kind === "jwks" ? ASYMMETRIC : SYMMETRIC,
    clockTolerance: toleranceSeconds,
    requiredClaims: requiresExpiry ? ["exp"] : [],
    ...(trust.issuer === undefined ? {} : { issuer: trust.issuer }),
    ...(trust.audience === undefined ? {} : { audience: trust.audience }),
  };
  return async (authorization) => {
    if (authorization === undefined || authorization === "") return null;
    const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization) ?? [];
    if (!token) {
      throw new UnauthenticatedError("Send the token as `Authorization: Bearer <token>`.");
    }
    const kept = known.find(token);
    if (kept) return kept;
    const keys = currentKeys();
    const { payload } = await jwtVerify(token, key, {
      ...options,
      currentDate: clock.now(),
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    if (requiresExpiry && (payload.exp ?? 0) > LATEST_EXPIRY) throw endless();
    const verified = { claims: Object.freeze(claimsOf(payload)), expiresAt: payload.exp };
    known.keep(token, { facts: Object.freeze(verified), keys, ...timesOf(payload) });
    return verified;
  };
}

const timesOf = ({ exp = Infinity, nbf = -Infinity }: JWTPayload) => ({ exp, nbf });

interface Keys {
  readonly key: JWTVerifyGetKey;
  /** Returns the keys as one value that changes with them. undefined if jose will read them again. */
  readonly currentKeys: () => unknown;
}

function keysOf(trust: TrustedIssuer): Keys {
  if (trust.kind === "secret") {
    const secret = new TextEncoder().encode(trust.secret);
    return { key: () => Promise.resolve(secret), currentKeys: () => secret };
  }
  // jose puts each set of keys that it reads into this object.
  const read: JWKSCacheInput = {};
  const key = createRemoteJWKSet(new URL(trust.url), {
    timeoutDuration: 5_000,
    [jwksCache]: read,
  });
  return { key, currentKeys: () => (key.fresh ? read["jwks"] : undefined) };
}

/** Returns the issuer of this installation's own development tokens. */
export const developmentTrust = (secret: string): TrustedIssuer => ({
  kind: "secret",
  secret,
  issuer: DEVELOPMENT_ISSUER,
  audience: DEVELOPMENT_AUDIENCE,
});

/** Creates a token for a demo user. The token is valid for 30 days, and only on this installation. */
export const issueDevelopmentToken = (
  secret: string,
  user: { readonly subject: string; readonly displayName: string },
): Promise<string> =>
  new SignJWT({ name: user.displayName })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user.subject)
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime("30d")
    .sign(new TextEncoder().encode(secret));

function claimsOf(payload: JWTPayload): UserClaims {
  // Check the subject here, because jose accepts a token whose subject is missing or null.
  if (typeof payload.sub !== "string" || payload.sub === "") {
    throw new UnauthenticatedError(
      "The token has no subject (sub); ask your identity provider for one.",
    );
  }
  return {
    subject: payload.sub,
    email: text(payload["email"]),
    displayName: text(payload["name"]),
    avatarUrl: text(payload["picture"]),
  };
}

const text = (claim: unknown): string | undefined =>
  typeof claim === "string" && claim !== "" ? claim.slice(0, 500) : undefined;

/**
 * The error codes for a failed download of the identity provider's keys. The reasons are: a timeout, a
 * status other than 200, or a response without keys.
 */
const KEYS_UNREADABLE: ReadonlySet<string> = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  errors.JOSEError.code,
]);

const endless = (): UnauthenticatedError =>
  new UnauthenticatedError(
    "The token does not expire (exp, in seconds); ask your identity provider for one that does.",
  );

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    return new UnauthenticatedError("The token has expired; sign in again.");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "exp" && error.reason === "missing") return endless();
    return new UnauthenticatedError(`The token's ${error.claim} claim is not accepted here.`);
  }
  if (!(error instanceof errors.JOSEError) || KEYS_UNREADABLE.has(error.code)) {
    return new UnavailableError("The identity provider's keys cannot be read; try again later.", {
      cause: error,
    });
  }
  return new UnauthenticatedError(
    "The token is not valid here: it is malformed or signed with an unknown key; sign in again.",
  );
}
