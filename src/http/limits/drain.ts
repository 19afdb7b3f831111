import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * The WebSocket close code of RFC 6455 for a server that stops. Clients of graphql-ws connect again
 * after this code.
 */
const GOING_AWAY = 1001;
const SWEEP_EVERY_MS = 50;

/**
 * Limits the time of `server.close()`. Idle connections close at once. WebSockets close with the code
 * GOING_AWAY. Running requests have `drainMs` milliseconds to end. After this time, the server cuts all
 * connections that are still open, for example of clients that do not read their answer.
 */
export function drainOnClose(server: FastifyInstance, drainMs: number): void {
  const http = server.server;
  // Count connections here, because Node's own list does not contain upgraded connections.
  const connections = new Set<Socket>();
  http.on("connection", (connection: Socket) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  server.addHook("preClose", (done) => {
    for (const socket of server.websocketServer.clients)
      socket.close(GOING_AWAY, "The server is stopping. Connect again.");
    // Node closes only the connections that are idle when the server begins to close. A busy connection
    // becomes idle later, when its last request ends.
    const sweep = setInterval(() => {
      http.closeIdleConnections();
    }, SWEEP_EVERY_MS).unref();
    const cut = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, drainMs).unref();
    http.once("close", () => {
      clearInterval(sweep);
      clearTimeout(cut);
    });
    done();
  });
}
