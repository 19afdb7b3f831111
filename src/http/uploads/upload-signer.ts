import { z } from "zod";
import type { Clock } from "../../platform/clock.js";
import { ForbiddenError } from "../../platform/errors.js";
import { Seal } from "../../platform/ids/seal.js";
import { Signatures } from "../signatures.js";

export const UPLOADS_PATH = "/uploads";

// The media signer signs with the same secret and another purpose. So no URL of a blob is valid here.
const PURPOSE = "fabula upload 1";
/** The digits of the largest id. A text of its own length would tell how many digits an id has. */
const ID_WIDTH = 19;

/** The place of one upload. The public id of the owner stands in the URL, never `users.id`. */
export interface UploadPlace {
  readonly ownerName: string;
  readonly uploadId: string;
}

/** The parts of a URL's path. */
export interface UploadAddress {
  readonly ownerName: string;
  /** The id of the upload, encrypted: ids count the uploads of all people. */
  readonly name: string;
}

export interface UploadSigner {
  /** Returns the URL that takes the file of an upload. The URL of an upload is always the same. */
  sign(place: UploadPlace & { readonly expiresAt: Date }): string;
  /** @throws ForbiddenError if the signature is wrong or has expired */
  verify(at: UploadAddress, query: unknown): void;
  /** Returns the upload to which a URL leads that `verify` has accepted. */
  placeOf(at: UploadAddress): UploadPlace;
}

export interface UploadSignerOptions {
  /** At least 32 characters. */
  readonly secret: string;
  /** Scheme and host of the server as clients see it. Without `baseUrl`, URLs begin with a slash. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
}

const querySchema = z.object({
  expires: z.string().regex(/^\d{1,12}$/),
  signature: z.string(),
});

/** Creates a signer of URLs that take one file each. A client with a signed URL needs no token. */
export function createUploadSigner({ secret, baseUrl, clock }: UploadSignerOptions): UploadSigner {
  const signatures = new Signatures(secret, PURPOSE);
  const seal = new Seal(secret, PURPOSE);
  const base = (baseUrl ?? "").replace(/\/+$/, "");
  return {
    sign({ ownerName, uploadId, expiresAt }) {
      const name = seal.seal(uploadId.padEnd(ID_WIDTH), ownerName);
      const expires = Math.floor(expiresAt.getTime() / 1000);
      const query = new URLSearchParams({
        expires: String(expires),
        signature: signatures.of([ownerName, name, expires]),
      });
      return `${base}${UPLOADS_PATH}/${ownerName}/${name}?${query.toString()}`;
    },

    verify({ ownerName, name }, query) {
      const parsed = querySchema.safeParse(query);
      if (!parsed.success) throw forged();
      const expires = Number(parsed.data.expires);
      if (!signatures.isValid(parsed.data.signature, [ownerName, name, expires])) throw forged();
      if (expires * 1000 > clock.now().getTime()) return;
      throw new ForbiddenError("This upload URL has expired; create a new upload.");
    },

    // An earlier version of the server did not encrypt the id.
    placeOf: ({ ownerName, name }) => ({
      ownerName,
      uploadId: seal.open(name, ownerName)?.trimEnd() ?? name,
    }),
  };
}

/** Returns the error for a URL without a valid signature. The error does not tell whether the upload exists. */
const forged = (): ForbiddenError =>
  new ForbiddenError("This server did not sign this upload URL; create an upload to get a URL.");
