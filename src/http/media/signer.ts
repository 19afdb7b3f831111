import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../platform/clock.js";
import { ForbiddenError, InvalidInputError } from "../../platform/errors.js";
import { safeFileName } from "./file-name.js";

export const MEDIA_PATH = "/media";

const HOUR_MS = 3_600_000;
const MIN_SECRET_LENGTH = 32;
const KEY = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const CONTENT_TYPE = /^[a-z]+\/[a-z0-9.+-]+(?:; ?[a-z0-9-]+=[A-Za-z0-9.,_-]+)*$/;
// Names what is signed, so that no other HMAC under the same secret can be passed off as ours.
const PURPOSE = "fabula media 1";

export interface MediaFile {
  /** Of the blob storage. */
  readonly key: string;
  /** What the file is called when it is saved; made safe here. */
  readonly fileName: string;
  readonly contentType: string;
  /** Saved instead of played, which is so anyway for all but sound, moving pictures and captions. */
  readonly isDownload?: boolean | undefined;
}

export interface SignedMedia {
  /** The same bytes for an hour, so that caches and players know it again. */
  readonly url: string;
  readonly expiresAt: Date;
}

export interface VerifiedMedia {
  readonly fileName: string;
  readonly contentType: string;
  readonly isDownload: boolean;
  readonly secondsLeft: number;
}

export interface MediaSigner {
  /** Valid for one to two hours, until the end of the hour after this one. @throws InvalidInputError */
  sign(file: MediaFile): SignedMedia;
  /** What a URL's key and query say, if this server signed it. @throws ForbiddenError */
  verify(key: string, query: unknown): VerifiedMedia;
}

export interface MediaSignerOptions {
  /** At least 32 characters. */
  readonly secret: string;
  /** Scheme and host of the server as clients see it; without it the URLs begin with a slash. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
}

const querySchema = z.object({
  name: z.string(),
  type: z.string(),
  download: z.literal("1").optional(),
  expires: z.string().regex(/^\d{1,12}$/),
  signature: z.string(),
});

interface Signable {
  readonly key: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly isDownload: boolean;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Makes and checks the URLs under which blobs are served: whoever has one may read, until it expires. */
export function createMediaSigner({ secret, baseUrl, clock }: MediaSignerOptions): MediaSigner {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new InvalidInputError(
      `The media secret must have at least ${MIN_SECRET_LENGTH} characters.`,
    );
  }
  const base = (baseUrl ?? "").replace(/\/+$/, "");
  const signatureOf = ({ key, contentType, fileName, isDownload, expires }: Signable): string =>
    createHmac("sha256", secret)
      // As JSON, so that no part can run over into the next.
      .update(JSON.stringify([PURPOSE, key, contentType, fileName, isDownload, expires]))
      .digest("base64url");

  return {
    sign(file) {
      const fileName = safeFileName(file.fileName);
      const { key, contentType, isDownload = false } = file;
      if (!KEY.test(key)) throw new InvalidInputError("This is no blob's key.", ["key"]);
      if (!CONTENT_TYPE.test(contentType)) {
        throw new InvalidInputError("This is no content type; write it as audio/mpeg.", [
          "contentType",
        ]);
      }
      const expiresMs = (Math.floor(clock.now().getTime() / HOUR_MS) + 2) * HOUR_MS;
      const expires = expiresMs / 1000;
      const query = new URLSearchParams({
        type: contentType,
        name: fileName,
        ...(isDownload && { download: "1" }),
        expires: String(expires),
        signature: signatureOf({ key, contentType, fileName, isDownload, expires }),
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
      const expected = signatureOf({ key, contentType, fileName, isDownload, expires });
      if (!isEqual(signature, expected)) throw forged();
      const leftMs = expires * 1000 - clock.now().getTime();
      if (leftMs <= 0) {
        throw new ForbiddenError("This media URL has expired; ask the API for a new one.");
      }
      return { fileName, contentType, isDownload, secondsLeft: Math.floor(leftMs / 1000) };
    },
  };
}

/** Told of everything that is not signed here, whether there is such a blob or not. */
const forged = (): ForbiddenError =>
  new ForbiddenError("This media URL is not one that this server signed; ask the API for one.");

function isEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
