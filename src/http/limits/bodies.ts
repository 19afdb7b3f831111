import { type Readable, Transform } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { InvalidInputError } from "../../platform/errors.js";
import type { Deadlines } from "./deadlines.js";

/** The maximum size of a request without a valid token. */
const ANONYMOUS_BYTES = 100_000;
/** The maximum size of a request with a valid token. A story's text has up to two million characters of four bytes. */
export const MOST_BYTES = 9_000_000;

/** The limit of a request whose client has no right to send more. */
const ANONYMOUS = {
  limitBytes: ANONYMOUS_BYTES,
  whyTooLarge: () =>
    `A request without a token has at most ${ANONYMOUS_BYTES} bytes. Send a token, or less text.`,
};

class BodyTooLargeError extends InvalidInputError {
  readonly statusCode = 413;
}

/** A request whose body is not complete yet. */
interface Arrival {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  startedAtMs: number;
  firstByte: number;
  limitBytes: number;
  /** Returns the reason why a body above the limit is refused. */
  whyTooLarge: () => string;
}

/** Bounds the size of each body, and the time until the body is complete. */
export class BodyGuard {
  private readonly arrivals = new Map<FastifyRequest, Arrival>();

  constructor(private readonly deadlines: Deadlines) {}

  /** Watches the bodies of all requests. Call this method before routes are added. */
  watch(server: FastifyInstance): void {
    server.addHook("onRequest", (request, reply, done) => {
      if (hasBody(request)) this.begin(request, reply);
      done();
    });
    server.addHook("preParsing", (request, _reply, payload, done) => {
      const arrival = this.arrivals.get(request);
      const { limitBytes, whyTooLarge } = arrival ?? ANONYMOUS;
      const sizeBytes = Number(request.headers["content-length"] ?? Number.NaN);
      const refuse = (): BodyTooLargeError => {
        if (arrival) beginAgain(arrival);
        return new BodyTooLargeError(whyTooLarge());
      };
      if (sizeBytes > limitBytes) done(refuse());
      else if (sizeBytes <= limitBytes || !hasBody(request)) done(null, payload);
      else done(null, limited(payload, limitBytes, refuse));
    });
    const checks = setInterval(() => {
      this.check();
    }, this.deadlines.checkEveryMs).unref();
    server.addHook("onClose", (_server, done) => {
      clearInterval(checks);
      done();
    });
  }

  /** Raises the size limit of a request to MOST_BYTES. Call this method after the token is verified. */
  allowLarge(request: FastifyRequest): void {
    this.allowBytes(
      request,
      MOST_BYTES,
      () => `The request is larger than ${MOST_BYTES} bytes. Split the text into parts.`,
    );
  }

  /** Sets the size limit of a request. Call this method after the right of the client is verified. */
  allowBytes(request: FastifyRequest, limitBytes: number, whyTooLarge: () => string): void {
    const arrival = this.arrivals.get(request);
    if (arrival) Object.assign(arrival, { limitBytes, whyTooLarge });
  }

  private begin(request: FastifyRequest, reply: FastifyReply): void {
    const end = (): void => {
      this.arrivals.delete(request);
    };
    request.raw.once("end", end).once("close", end);
    this.arrivals.set(request, {
      request,
      reply,
      startedAtMs: performance.now(),
      firstByte: request.raw.socket.bytesRead,
      ...ANONYMOUS,
    });
  }

  private check(): void {
    const { bodyMs, leastBytesPerSecond } = this.deadlines;
    for (const { request, reply, startedAtMs, firstByte, limitBytes } of this.arrivals.values()) {
      const received = Math.min(request.raw.socket.bytesRead - firstByte, limitBytes);
      const large = Math.max(0, received - ANONYMOUS_BYTES);
      const allowedMs = bodyMs + (large / leastBytesPerSecond) * 1_000;
      if (performance.now() - startedAtMs > allowedMs) {
        this.arrivals.delete(request);
        cut(request, reply);
      }
    }
  }
}

/** Returns true if a request has a body. A WebSocket handshake has no body, whatever its headers say. */
const hasBody = ({ method, headers }: FastifyRequest): boolean =>
  !(method === "GET" && headers.upgrade !== undefined) &&
  (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);

/**
 * Begins the deadline of a refused body. The client may send the rest, which is thrown away, but not for
 * the time that the whole body may take.
 */
function beginAgain(arrival: Arrival): void {
  arrival.startedAtMs = performance.now();
  arrival.limitBytes = ANONYMOUS_BYTES;
}

/** Limits a body. The real bytes are counted, because a request need not state its size. */
function limited(payload: Readable, limitBytes: number, refuse: () => Error): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > limitBytes) done(refuse());
      else done(null, chunk);
    },
  });
  counter.once("error", () => {
    // Some clients read the answer only after they have sent the whole body. So read the other bytes and
    // throw them away. The deadline for bodies limits this.
    payload.unpipe(counter);
    payload.resume();
  });
  payload.once("error", (error) => counter.destroy(error));
  // A client may leave while the right of the client is still verified. The body then ended before this
  // call, and the pipe would never end.
  const endEarly = (): void => {
    if (!payload.readableEnded) counter.destroy(new Error("The body was cut off."));
  };
  if (payload.destroyed) endEarly();
  else payload.once("close", endEarly);
  return payload.pipe(counter);
}

function cut({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) {
    raw.socket.destroy();
    return;
  }
  const message = "The body did not arrive in time. Send the request again.";
  // Node forgets a request once it is answered. Without this end, a route that still reads the body would
  // wait for ever, and keep its file open.
  reply.raw.once("close", () => raw.destroy(new Error(message)));
  void reply
    .status(408)
    .header("connection", "close")
    .send({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
}
