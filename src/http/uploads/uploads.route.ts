import { Readable } from "node:stream";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type UploadService, isContentType } from "../../instances/index.js";
import {
  FabulaError,
  ForbiddenError,
  InvalidInputError,
  OverloadedError,
  ProviderError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from "../../platform/errors.js";
import type { BodyGuard } from "../limits/bodies.js";
import { ArrivingFiles } from "./arriving-files.js";
import {
  UPLOADS_PATH,
  type UploadAddress,
  type UploadPlace,
  type UploadSigner,
} from "./upload-signer.js";

export interface UploadsRouteOptions {
  readonly uploads: Pick<UploadService, "findAwaiting" | "receive">;
  readonly signer: UploadSigner;
  readonly bodies: BodyGuard;
}

const PATH = `${UPLOADS_PATH}/:ownerName/:name`;

type UploadRequest = FastifyRequest<{ Params: UploadAddress }>;

class OtherTypeError extends InvalidInputError {
  readonly statusCode = 415;
}

class OtherMethodError extends InvalidInputError {
  readonly statusCode = 405;
}

/**
 * Serves PUT /uploads/OWNER/ID?signature: takes the file of an upload, once. A client with a signed URL
 * needs no token. The answer has no content.
 */
export function uploadsRoutes(
  fastify: FastifyInstance,
  { uploads, signer, bodies }: UploadsRouteOptions,
  done: () => void,
): void {
  // The bytes go to the storage as they arrive, whatever their type.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", (_request, payload, parsed) => {
    parsed(null, payload);
  });
  fastify.setErrorHandler(prepareRefusal);
  const arriving = new ArrivingFiles();
  fastify.route({
    method: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    url: PATH,
    exposeHeadRoute: false,
    onRequest: async (_request, reply) => {
      reply.header("allow", "PUT");
      throw new OtherMethodError("Send the file of an upload with PUT.");
    },
    handler: () => undefined,
  });
  fastify.put<{ Params: UploadAddress }>(PATH, {
    // A hook, so that everything is checked before the first byte is read.
    onRequest: async (request) => {
      signer.verify(request.params, request.query);
      const { ownerName, uploadId } = signer.placeOf(request.params);
      const upload = await uploads.findAwaiting(ownerName, uploadId);
      requireDeclared(request, upload);
      bodies.allowBytes(request, upload.sizeBytes, () => longerThan(upload.sizeBytes));
    },
    handler: async (request, reply) => {
      await orDrain(request, async () => {
        const remove = arriving.add(request.params.ownerName);
        const place = signer.placeOf(request.params);
        await receive(request, uploads, place).finally(remove);
      });
      return reply.status(204).send();
    },
  });
  done();
}

interface Declared {
  readonly contentType: string;
  readonly sizeBytes: number;
}

function requireDeclared({ headers }: UploadRequest, { contentType, sizeBytes }: Declared): void {
  if (!isContentType(headers["content-type"], contentType)) {
    throw new OtherTypeError(
      `The upload declares a file of the type ${contentType}; send this Content-Type, or create another upload.`,
    );
  }
  const changed = ["content-encoding", "content-range"].find((name) => headers[name] !== undefined);
  if (changed !== undefined) {
    throw new OtherTypeError(`Send the file as it is and whole, without the header ${changed}.`);
  }
  // A longer file is refused by BodyGuard. A body without a length is counted when it arrives.
  const length = Number(headers["content-length"] ?? Number.NaN);
  if (length < sizeBytes) {
    throw new InvalidInputError(
      `The upload declares a file of ${sizeBytes} bytes, and the request has ${length}; send the whole file, or create another upload.`,
    );
  }
}

const longerThan = (sizeBytes: number): string =>
  `The file has more than the ${sizeBytes} bytes that its upload declares; nothing was stored. Create another upload.`;

async function receive(
  { raw, body }: UploadRequest,
  uploads: UploadsRouteOptions["uploads"],
  { ownerName, uploadId }: UploadPlace,
): Promise<void> {
  const payload = body instanceof Readable ? body : Readable.from([]);
  await uploads.receive(ownerName, uploadId, {
    contentType: raw.headers["content-type"],
    // The stream stays open if the storage fails. Otherwise the client would lose the answer.
    body: payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
  });
}

/** Runs `work`. If it fails, reads the rest of the body, because some clients read no answer before. */
async function orDrain({ raw }: UploadRequest, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    raw.unpipe().resume();
    if (error instanceof FabulaError || raw.complete) throw error;
    throw new InvalidInputError("The file was cut off; nothing was stored. Send the file again.");
  }
}

const RETRY_AFTER_SECONDS = 5;
const TEMPORARY = [ProviderError, UnavailableError, OverloadedError, RateLimitedError];

/** Gives errors the meaning that they have here. Then the server answers them like all others. */
function prepareRefusal(
  error: FastifyError | FabulaError,
  _request: FastifyRequest,
  reply: FastifyReply,
): never {
  // The signature is valid, so only the owner of the upload can be barred.
  if (error instanceof UnauthenticatedError) throw new ForbiddenError(error.message);
  if (!TEMPORARY.some((kind) => error instanceof kind)) throw error;
  reply.header("retry-after", RETRY_AFTER_SECONDS);
  if (!(error instanceof ProviderError)) throw error;
  // The message of the storage is for the operator.
  throw new ProviderError("The storage does not answer; send the file again.", true, {
    cause: error,
  });
}
