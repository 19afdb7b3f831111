import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyRequest } from "fastify";
import { CloseCode, type ServerOptions, makeServer } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Logger } from "../../platform/logging.js";

/** RFC 6455: a close frame has 125 bytes, and the code takes two of them. */
const MAX_REASON_BYTES = 123;

/** The facts of a connection that graphql-ws passes to every hook. */
export interface SocketFacts {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
}

export interface SocketHandlerOptions {
  readonly logger: Logger;
  /** A socket that does not answer a ping within this time is closed. */
  readonly pongMs: number;
}

/** Connects the sockets of ws with the protocol of graphql-ws. */
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
    // The client broke a rule of WebSocket. ws closes the socket with the code of that rule.
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
 * Ends a socket that answers no ping. The network of a peer that vanished does not tell. A socket that is
 * paused reads no answer, but the bytes that its client takes show that the client lives.
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

/** A send fails only if the connection ends. The socket then closes, which ends its operations. */
const sendFrame = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((sent) => {
    if (socket.readyState !== socket.OPEN) sent();
    else
      socket.send(data, () => {
        sent();
      });
  });
