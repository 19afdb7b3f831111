import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyRequest } from "fastify";
import { CloseCode, type ServerOptions, makeServer } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Logger } from "../../platform/process/logging.js";

/** A close frame has at most 125 bytes, and two bytes are the code (RFC 6455). */
const MAX_REASON_BYTES = 123;

/** The connection of a client. graphql-ws passes these values to every hook. */
export interface SocketFacts {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
}

export interface SocketHandlerOptions {
  readonly logger: Logger;
  /** A socket that does not answer a ping within this time is closed. */
  readonly pongMs: number;
}

/** Returns a handler for the sockets of the library ws. The handler speaks the protocol of graphql-ws. */
export function socketHandler<E extends SocketFacts & Record<PropertyKey, unknown>>(
  options: ServerOptions<Record<string, unknown>, E>,
  { logger, pongMs }: SocketHandlerOptions,
): WebsocketHandler {
  const server = makeServer(options);
  return (socket, request) => {
    const fail = (error: unknown): void => {
      logger.error({ err: error }, "A WebSocket failed because of a bug");
      closeSocket(socket, CloseCode.InternalServerError, "Internal server error");
    };
    // The client broke a rule of WebSocket. ws closes the socket with the code for this rule.
    socket.on("error", (error) => {
      logger.debug({ err: error }, "A WebSocket ended because of an invalid frame");
    });
    endSilent(socket, request, pongMs);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => sendFrame(socket, data),
        close: (code, reason) => {
          closeSocket(socket, code ?? CloseCode.InternalServerError, reason ?? "");
        },
        onMessage: (receive) => {
          socket.on("message", (data: Buffer) => {
            receive(data.toString()).catch(fail);
          });
        },
      },
      { socket, request } as E,
    );
    socket.once("close", (code, reason) => {
      closed(code, reason.toString()).catch(fail);
    });
  };
}

/**
 * Ends the socket of a client that answers no ping, because a client can vanish without closing the
 * connection. While the server pauses a socket, the server reads no answers to pings. In this case, the
 * bytes that the client receives show that the client is alive.
 */
function endSilent(socket: WebSocket, { raw }: FastifyRequest, pongMs: number): void {
  const takenBytes = (): number => raw.socket.bytesWritten - raw.socket.writableLength;
  let isAlive = true;
  let taken = 0;
  socket.on("pong", () => {
    isAlive = true;
  });
  const pings = setInterval(() => {
    const isTaking = socket.isPaused && takenBytes() > taken;
    if (!isAlive && !isTaking) {
      socket.terminate();
      return;
    }
    isAlive = false;
    taken = takenBytes();
    socket.ping();
  }, pongMs / 2).unref();
  socket.once("close", () => {
    clearInterval(pings);
  });
}

/** Closes a socket. Shortens a reason that does not fit into a close frame. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON_BYTES));
  socket.close(code, reason.slice(0, read));
}

/** Sends a frame. Ignores a failure, because the "close" event of the socket ends its operations. */
const sendFrame = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((sent) => {
    if (socket.readyState !== socket.OPEN) sent();
    else
      socket.send(data, () => {
        sent();
      });
  });
