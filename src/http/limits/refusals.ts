import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyServerOptions,
  HTTPMethods,
} from "fastify";
import type { WebSocketServer } from "ws";
import type { FormatError } from "../../graphql/errors.js";
import { shortMessage } from "../../graphql/short-errors.js";
import { ErrorCode, FabulaError } from "../../platform/errors.js";

/** Every answer has these headers, unless its route replaces them. */
const SAFE_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * The headers of an answer before a route is found. The origin of a page is not known yet. Every page may read these
 * answers, because their texts are constant.
 */
const EARLY_HEADERS = { ...SAFE_HEADERS, "access-control-allow-origin": "*" };

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  [ErrorCode.Unauthenticated]: 401,
  [ErrorCode.Forbidden]: 403,
  [ErrorCode.NotFound]: 404,
  [ErrorCode.Conflict]: 409,
  [ErrorCode.RateLimited]: 429,
  [ErrorCode.ProviderFailed]: 503,
  [ErrorCode.Unavailable]: 503,
  [ErrorCode.Overloaded]: 503,
};

/** The last answer of each connection. */
const answers = new WeakMap<Duplex, ServerResponse>();

/** Gives a clear JSON answer to requests that Node or Fastify refuses before a route is found. */
export const refusalOptions: Pick<FastifyServerOptions, "clientErrorHandler" | "frameworkErrors"> =
  {
    clientErrorHandler: ({ code }, socket) => {
      // An error after a request, while its answer is on its way. Another answer would end up in the
      // middle of this one.
      if (answers.get(socket)?.headersSent && !answers.get(socket)?.writableFinished)
        socket.destroy();
      else if (code === "HPE_HEADER_OVERFLOW")
        answerRaw(socket, 431, "The headers are too large. Send fewer or shorter headers.");
      else if (code === "ERR_HTTP_REQUEST_TIMEOUT")
        answerRaw(socket, 408, "The request did not arrive in time. Send the request again.");
      else answerRaw(socket, 400, "The request is not valid HTTP.");
    },
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      void reply
        .status(error.statusCode ?? 400)
        .headers(EARLY_HEADERS)
        .send(body("The path is not valid.", "BAD_REQUEST"));
    },
  };

/** Answers unknown paths and errors of routes. Call this function before routes are added. */
export function answerRefusals(server: FastifyInstance, formatError: FormatError): void {
  server.addHook("onRequest", (request, reply, done) => {
    answers.set(request.raw.socket, reply.raw);
    reply.headers(SAFE_HEADERS);
    done();
  });
  server.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(server, request.url);
    // A route can hide itself, for example from foreign hosts.
    if (allowed.length === 0 || allowed.some((method) => method === request.method)) {
      return reply
        .status(404)
        .send(body("Nothing has this path. Send GraphQL to /graphql.", "NOT_FOUND"));
    }
    const message = `This path does not take ${request.method}. Send ${allowed.join(" or ")}.`;
    return reply.status(405).header("allow", allowed.join(", ")).send(body(message, "BAD_REQUEST"));
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? statusOf(error);
    // Keep the connection. Fastify would close the connection of a client that still sends its body, and
    // the client would lose the answer.
    if (status === 413) reply.removeHeader("connection");
    void reply.status(status).send(bodyOf(status, error, formatError));
  });
}

/** Returns the methods that a path takes. Returns none for a path whose route has parameters. */
function methodsOf(server: FastifyInstance, address: string): HTTPMethods[] {
  const url = address.replace(/[?#].*$/s, "");
  return (["GET", "POST"] as const).filter((method) => server.hasRoute({ method, url }));
}

const statusOf = (error: Error): number =>
  error instanceof FabulaError ? (STATUSES[error.code] ?? 400) : 500;

const bodyOf = (status: number, error: Error, formatError: FormatError): object =>
  error instanceof FabulaError || status >= 500
    ? { errors: [formatError(error)] }
    : body(REASONS[codeOf(error)] ?? shortMessage(error.message), "BAD_REQUEST");

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "";

/** Messages of Fastify that do not say what to do. */
const REASONS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "Send the body as JSON, with content-type: application/json.",
};

/** Answers upgrades that are not valid WebSocket handshakes. */
export function answerBadHandshakes(sockets: WebSocketServer): void {
  sockets.on("wsClientError", (error: Error, socket: Duplex) => {
    answerRaw(socket, 400, `${error.message}.`);
  });
}

const body = (message: string, code: string): object => ({
  errors: [{ message, extensions: { code } }],
});

function answerRaw(socket: Duplex, status: number, message: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = JSON.stringify(body(message, "BAD_REQUEST"));
  const headers = {
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...EARLY_HEADERS,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines].join("\r\n");
  socket.end(`${head}\r\n\r\n${text}`, () => socket.destroy());
}
