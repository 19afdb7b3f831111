import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** The close code of RFC 6455 for a server that goes away. Clients of graphql-ws connect again. */
const GOING_AWAY = 1001;
const SWEEP_EVERY_MS = 50;

/**
 * Bounds the time of `server.close()`. Idle connections close at once, and WebSockets are told that
 * the server stops. Running requests may end. After `drainMs`, all other connections are cut, for
 * example those of clients that do not read.
 */
export function drainOnClose(server: FastifyInstance, drainMs: number): void {
  const http = server.server;
  // Node's own list does not contain upgraded connections.
  const connections = new Set<Socket>();
  http.on("connection", (connection: Socket) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  server.addHook("preClose", (done) => {
    for (const socket of server.websocketServer.clients)
      socket.close(GOING_AWAY, "The server is stopping. Connect again.");
    // A connection becomes idle when its last request ends. Node closes only those idle at the start.
    const sweep = setInterval(() => {
      http.closeIdleConnections();
    }, SWEEP_EVERY_MS).unref();
    const cut = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, drainMs);
    http.once("close", () => {
      clearInterval(sweep);
      clearTimeout(cut);
    });
    done();
  });
}
