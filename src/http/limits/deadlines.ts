import type { FastifyInstance } from "fastify";

/** Time limits for slow clients. A client that reads an answer slowly, but steadily, has no limit. */
export interface Deadlines {
  /** The time until the headers of a request are complete. */
  readonly headersMs: number;
  /** The time until a body is complete. A large body with a valid token gets more time. */
  readonly bodyMs: number;
  /** The lowest rate at which a large body with a valid token must arrive. */
  readonly leastBytesPerSecond: number;
  /** The time in which a client must read a further part of its answer. */
  readonly stalledMs: number;
  /** The time in which the client of a WebSocket must answer a ping. */
  readonly pongMs: number;
  /** The time between two checks of the deadlines. */
  readonly checkEveryMs: number;
}

export const DEADLINES: Deadlines = {
  headersMs: 5_000,
  bodyMs: 10_000,
  leastBytesPerSecond: 50_000,
  stalledMs: 60_000,
  pongMs: 30_000,
  checkEveryMs: 1_000,
};

/** Options of Fastify for the deadlines that Node itself enforces. */
export const deadlineOptions = (deadlines: Deadlines, mostBytes: number) => {
  const { headersMs, bodyMs, leastBytesPerSecond, stalledMs, checkEveryMs } = deadlines;
  const longestBodyMs = bodyMs + (mostBytes / leastBytesPerSecond) * 1_000;
  return {
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkEveryMs },
    // Node has one deadline for all bodies, so the largest body decides. BodyGuard cuts smaller bodies
    // earlier.
    requestTimeout: Math.ceil(headersMs + longestBodyMs),
    connectionTimeout: stalledMs,
  };
};

/**
 * Cuts clients that do not read their answer. Node emits "timeout" if a connection makes no progress.
 * A connection that only waits for the server's answer has nothing to send, and is not cut.
 */
export function cutStalledReaders(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    reply.raw.on("timeout", () => {
      if (socket.writableLength > 0) socket.destroy();
    });
    done();
  });
}
