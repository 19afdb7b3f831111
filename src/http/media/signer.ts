import { z } from "zod";
import type { Clock } from "../../platform/clock.js";
import { ForbiddenError, InvalidInputError } from "../../platform/errors.js";
import { Seal } from "../../platform/ids/seal.js";
import { Signatures } from "../signatures.js";
import { safeFileName } from "./file-name.js";

export const MEDIA_PATH = "/media";

const HOUR_MS = 3_600_000;
const KEY = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const GRANT = /^[a-z]{1,20}(?:\.\d{1,19}){0,2}$/;
const CONTENT_TYPE = /^[a-z]+\/[a-z0-9.+-]+(?:; ?[a-z0-9-]+=[A-Za-z0-9.,_-]+)*$/;
const PURPOSE = "fabula media 1";
/** The longest grant. Texts of their own lengths would tell how many digits an id has. */
const GRANT_WIDTH = 48;

export interface MediaFile {
  /** The blob's key in the storage. */
  readonly key: string;
  /** The name for saving the file. The signer makes the name safe. */
  readonly fileName: string;
  readonly contentType: string;
  /**
   * True if browsers must always save the file. If false, browsers play or show sound, video, captions
   * and images, and save all other types.
   */
  readonly isDownload?: boolean | undefined;
  /**
   * Why the viewer may read the blob. The server asks on every request whether the grant still holds.
   * Without a grant, the URL works until it expires.
   */
  readonly grant?: string | null | undefined;
}

export interface SignedMedia {
  /** The URL stays identical for an hour, so that caches and players recognize the file. */
  readonly url: string;
  readonly expiresAt: Date;
}

export interface VerifiedMedia {
  readonly fileName: string;
  readonly contentType: string;
  readonly isDownload: boolean;
  readonly grant?: string;
  readonly secondsLeft: number;
}

export interface MediaSigner {
  /**
   * Signs a URL. The URL is valid until the end of the next hour: between one and two hours.
   * @throws InvalidInputError for an invalid key or content type
   */
  sign(file: MediaFile): SignedMedia;
  /**
   * Returns the facts in the key and query of a URL.
   * @throws ForbiddenError if the signature is wrong or has expired
   */
  verify(key: string, query: unknown): VerifiedMedia;
}

export interface MediaSignerOptions {
  /** At least 32 characters. */
  readonly secret: string;
  /** Scheme and host of the server as clients see it. Without `baseUrl`, URLs begin with a slash. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
}

const querySchema = z.object({
  name: z.string(),
  type: z.string(),
  download: z.literal("1").optional(),
  for: z.string().max(200).optional(),
  expires: z.string().regex(/^\d{1,12}$/),
  signature: z.string(),
});

interface Signable {
  readonly key: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly isDownload: boolean;
  /** The grant as it stands in the URL. */
  readonly grant: string | null;
  /** Seconds since 1970. */
  readonly expires: number;
}

/**
 * Creates a signer that signs and verifies the URLs of blobs. Every client with a signed URL can read
 * the blob until the URL expires.
 */
export function createMediaSigner({ secret, baseUrl, clock }: MediaSignerOptions): MediaSigner {
  const signatures = new Signatures(secret, PURPOSE);
  const seal = new Seal(secret, PURPOSE);
  const base = (baseUrl ?? "").replace(/\/+$/, "");
  const partsOf = ({ grant, expires, ...file }: Signable) => {
    const parts = [file.key, file.contentType, file.fileName, file.isDownload, expires];
    return grant === null ? parts : [...parts, grant];
  };

  return {
    sign(file) {
      const fileName = safeFileName(file.fileName);
      const { key, contentType, isDownload = false } = file;
      if (!KEY.test(key)) throw new InvalidInputError("This is not the key of a blob.", ["key"]);
      if (!CONTENT_TYPE.test(contentType)) {
        throw new InvalidInputError("This is not a content type; write it like audio/mpeg.", [
          "contentType",
        ]);
      }
      const grant = sealGrant(seal, file.grant ?? null);
      const expiresMs = (Math.floor(clock.now().getTime() / HOUR_MS) + 2) * HOUR_MS;
      const expires = expiresMs / 1000;
      const query = new URLSearchParams({
        type: contentType,
        name: fileName,
        ...(isDownload && { download: "1" }),
        ...(grant !== null && { for: grant }),
        expires: String(expires),
        signature: signatures.of(
          partsOf({ key, contentType, fileName, isDownload, grant, expires }),
        ),
      });
      const url = `${base}${MEDIA_PATH}/${key}?${query.toString()}`;
      return { url, expiresAt: new Date(expiresMs) };
    },

    verify(key, query) {
      const parsed = querySchema.safeParse(query);
      if (!parsed.success) throw forged();
      const { name: fileName, type: contentType, download, signature } = parsed.data;
      const isDownload = download !== undefined;
      const expires = Number(parsed.data.expires);
      const { for: grant = null } = parsed.data;
      const parts = partsOf({ key, contentType, fileName, isDownload, grant, expires });
      if (!signatures.isValid(signature, parts)) throw forged();
      const leftMs = expires * 1000 - clock.now().getTime();
      if (leftMs <= 0) {
        throw new ForbiddenError("This media URL has expired; ask the API for a new one.");
      }
      const secondsLeft = Math.floor(leftMs / 1000);
      const opened = grant === null ? {} : { grant: openGrant(seal, grant) };
      return { fileName, contentType, isDownload, secondsLeft, ...opened };
    },
  };
}

/**
 * Returns the error for a URL without a valid signature. The error does not reveal whether the blob
 * exists.
 */
const forged = (): ForbiddenError =>
  new ForbiddenError("This server did not sign this media URL; ask the API for a signed one.");

/** Encrypts a grant, because a grant contains the id of a row. */
function sealGrant(seal: Seal, grant: string | null): string | null {
  if (grant === null) return null;
  if (GRANT.test(grant)) return seal.seal(grant.padEnd(GRANT_WIDTH));
  throw new InvalidInputError("This is not a grant; write it like narration.12.0.", ["grant"]);
}

/** Opens a grant whose signature is valid. An earlier version of the server did not encrypt grants. */
const openGrant = (seal: Seal, grant: string): string => seal.open(grant)?.trimEnd() ?? grant;
