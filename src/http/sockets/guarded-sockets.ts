import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { FormatError } from "../../graphql/errors.js";
import { RateLimitedError } from "../../platform/errors.js";
import { networkOf } from "../limits/network.js";
import { SocketGuard } from "./socket-guard.js";

const RETRY_AFTER_SECONDS = 1;

/**
 * Returns the part of a route that opens sockets. A network with too many open sockets gets status 429.
 */
export function guardedSockets(
  serve: WebsocketHandler,
  formatError: FormatError,
): Pick<RouteOptions, "onRequest" | "wsHandler"> {
  const guard = new SocketGuard();
  return {
    onRequest: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (!request.ws || guard.hasRoom(networkOf(request.ip))) return;
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
