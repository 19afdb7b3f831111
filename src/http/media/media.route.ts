import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type FabulaError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  OverloadedError,
  ProviderError,
  UnavailableError,
} from "../../platform/errors.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { type Selection, select } from "./conditional.js";
import { contentDisposition } from "./file-name.js";
import { MEDIA_PATH, type MediaSigner, type VerifiedMedia } from "./signer.js";
import { varyBy } from "../limits/vary.js";

// A process believes a grant for 30 s (instances/media-access.ts). So revoked sound is gone after a minute,
// also from the cache of a browser that loaded the sound at the last moment.
const REVOCABLE_SECONDS = 30;
const EXPOSED =
  "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Retry-After";
/**
 * Content types that browsers show or play in the page. Browsers save files of all other types. So a
 * stored HTML file or script can never run on our origin.
 */
const INLINE = /^(?:audio|video)\/|^text\/vtt\b|^image\/(?:avif|gif|jpeg|png|webp)$/;

/** Decides whether the grant of a URL still holds. */
export interface MediaGrants {
  isGranted(blobKey: string, grant: string): Promise<boolean>;
}

export interface MediaRouteOptions {
  readonly storage: BlobStorage;
  readonly signer: MediaSigner;
  /** Without this option, the server refuses the URLs that have a grant. */
  readonly grants?: MediaGrants | undefined;
  /**
   * Returns true for an origin whose pages may read media. Omit this option if the server handles CORS
   * for all its routes.
   */
  readonly isAllowedOrigin?: ((origin: string | undefined) => boolean) | undefined;
}

/**
 * Serves GET and HEAD /media/KEY?signature: a blob, or one range of a blob. A client with a signed URL
 * needs no token.
 */
export function mediaRoutes(
  fastify: FastifyInstance,
  { storage, signer, grants, isAllowedOrigin }: MediaRouteOptions,
  done: () => void,
): void {
  fastify.setErrorHandler(answerError);
  fastify.addHook("onRequest", async (request, reply) => {
    allowOrigin(request.headers.origin, reply, isAllowedOrigin);
  });
  fastify.route<{ Params: { "*": string } }>({
    method: ["GET", "HEAD"],
    url: `${MEDIA_PATH}/*`,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const key = request.params["*"];
      const media = signer.verify(key, request.query);
      if (media.grant !== undefined && !(await grants?.isGranted(key, media.grant))) {
        throw new NotFoundError("revoked");
      }
      const found = await storage.stat(key);
      if (found === null) throw new NotFoundError("gone");
      const etag = `"${key.slice(key.lastIndexOf("/") + 1)}"`;
      const selection = select(request.method, request.headers, { ...found, etag });
      describeFile(reply, media, etag);
      return answer(request, reply, { storage, key, ...found, selection });
    },
  });
  done();
}

interface Answer {
  readonly storage: BlobStorage;
  readonly key: string;
  readonly sizeBytes: number;
  readonly selection: Selection;
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { storage, key, sizeBytes, selection }: Answer,
): Promise<FastifyReply> {
  reply.status(selection.status);
  if (selection.status === 304) return reply.removeHeader("content-type").send();
  if (selection.status === 412 || selection.status === 416) {
    return refuse(reply, selection.status, sizeBytes);
  }
  const range = selection.status === 206 ? selection : undefined;
  if (range) reply.header("content-range", `bytes ${range.start}-${range.end}/${sizeBytes}`);
  reply.header("content-length", range ? range.end - range.start + 1 : sizeBytes);
  if (request.method === "HEAD") return reply.send();
  const { stream } = await storage.open(key, range);
  return reply.send(stream);
}

function describeFile(reply: FastifyReply, media: VerifiedMedia, etag: string): void {
  const isInline = !media.isDownload && INLINE.test(media.contentType);
  reply.headers({
    "content-type": media.contentType,
    "content-disposition": contentDisposition(isInline ? "inline" : "attachment", media.fileName),
    "accept-ranges": "bytes",
    etag,
    "cache-control": cacheControlOf(media),
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; media-src 'self'; sandbox",
    // A page of another site may play the sound in <audio>, because the signature is the permission.
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
  });
}

/** A browser may keep sound that can be revoked for a short time. Nobody revokes a shared blob. */
const cacheControlOf = ({ grant, secondsLeft }: VerifiedMedia): string =>
  grant === undefined
    ? `private, max-age=${secondsLeft}, immutable`
    : `private, max-age=${Math.min(secondsLeft, REVOCABLE_SECONDS)}`;

function allowOrigin(
  origin: string | undefined,
  reply: FastifyReply,
  isAllowedOrigin: MediaRouteOptions["isAllowedOrigin"],
): void {
  reply.header("access-control-expose-headers", EXPOSED);
  if (isAllowedOrigin === undefined) return;
  varyBy(reply, "Origin");
  if (origin !== undefined && isAllowedOrigin(origin)) {
    reply.header("access-control-allow-origin", origin);
  }
}

const MESSAGES = {
  410: "This media was deleted or replaced; ask the API for the current URL.",
  412: "This media is not the version that If-Match names; ask for it again without If-Match.",
  416: "This range begins after the end of the media; Content-Range contains the size.",
  503: "The media storage does not answer; try again.",
} as const;

function refuse(reply: FastifyReply, status: 412 | 416, sizeBytes: number): FastifyReply {
  if (status === 416) reply.header("content-range", `bytes */${sizeBytes}`);
  return sendError(reply, status, MESSAGES[status]);
}

/** Answers expected errors. Leaves all other errors to the server, which masks the message of a bug. */
async function answerError(
  error: FastifyError | FabulaError,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (error instanceof ForbiddenError) return sendError(reply, 403, error.message);
  if (error instanceof NotFoundError) return sendError(reply, 410, MESSAGES[410]);
  // Storage throws InvalidInputError if the blob became shorter between `stat` and `open`. In this case,
  // the blob is being replaced or repaired.
  if (error instanceof ProviderError || error instanceof InvalidInputError) {
    reply.header("retry-after", 5);
    return sendError(reply, 503, MESSAGES[503]);
  }
  // The database does not answer whether the grant still holds.
  if (error instanceof UnavailableError || error instanceof OverloadedError) {
    reply.header("retry-after", 5);
    return sendError(reply, 503, error.message, error.code);
  }
  throw error;
}

const CODES = {
  403: "FORBIDDEN",
  410: "NOT_FOUND",
  412: "BAD_REQUEST",
  416: "BAD_REQUEST",
  503: "PROVIDER_FAILED",
} as const;

function sendError(
  reply: FastifyReply,
  status: keyof typeof CODES,
  message: string,
  code: string = CODES[status],
): FastifyReply {
  for (const name of ["content-disposition", "content-length", "etag"]) reply.removeHeader(name);
  if (status !== 416) reply.removeHeader("content-range");
  return reply
    .status(status)
    .headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .type("application/json; charset=utf-8")
    .send({ errors: [{ message, extensions: { code } }] });
}
