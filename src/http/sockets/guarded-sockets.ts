import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FormatError } from "../../graphql/errors.js";
import { RateLimitedError, UnauthenticatedError } from "../../platform/errors.js";
import { networkOf } from "../limits/network.js";
import type { OriginPolicy } from "../limits/origins.js";
import { SocketGuard } from "./socket-guard.js";

const RETRY_AFTER_SECONDS = 1;

export interface SocketPolicy {
  readonly isAllowedOrigin: OriginPolicy;
  readonly formatError: FormatError;
}

interface GuardedSockets {
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  readonly wsHandler: WebsocketHandler;
}

/**
 * Returns the handlers of a route that opens sockets. The route refuses pages of foreign origins with
 * 401, and networks with too many open sockets with 429.
 */
export function guardedSockets(
  serve: WebsocketHandler,
  { isAllowedOrigin, formatError }: SocketPolicy,
): GuardedSockets {
  const guard = new SocketGuard();
  return {
    onRequest: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (!request.ws) return;
      if (!isAllowedOrigin(originOf(request))) {
        throw new UnauthenticatedError("Pages of this origin may not open a WebSocket here.");
      }
      if (guard.hasRoom(networkOf(request.ip))) return;
      const error = new RateLimitedError(
        "Your network has too many open connections. Close one, then connect again.",
        RETRY_AFTER_SECONDS,
      );
      await reply
        .status(429)
        .header("retry-after", RETRY_AFTER_SECONDS)
        .send({ errors: [formatError(error)] });
    },
    wsHandler(socket, request): void {
      guard.watch(socket, networkOf(request.ip));
      void serve.call(this, socket, request);
    },
  };
}

/**
 * Returns the origin of a browser page. Version 8 of the WebSocket protocol calls the header
 * sec-websocket-origin.
 */
function originOf({ headers }: FastifyRequest): string | undefined {
  const { origin, "sec-websocket-origin": earlier } = headers;
  return origin ?? (typeof earlier === "string" ? earlier : undefined);
}
