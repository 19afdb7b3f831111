import type { FastifyInstance } from "fastify";

/** What a slow client may cost. A client that reads an answer slowly, but steadily, has no deadline. */
export interface Deadlines {
  /** Until the head of a request is complete. */
  readonly headersMs: number;
  /** Until a body is complete. A large body with a valid token must only arrive at the least rate. */
  readonly bodyMs: number;
  readonly leastBytesPerSecond: number;
  /** Until a client reads more of its answer. */
  readonly stalledMs: number;
  /** Until a WebSocket answers a ping. */
  readonly pongMs: number;
  /** The time between two checks. */
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
    // Node has one deadline for all bodies. BodyGuard has earlier ones.
    requestTimeout: Math.ceil(headersMs + longestBodyMs),
    connectionTimeout: stalledMs,
  };
};

/**
 * Cuts clients that do not read their answer. Node reports a connection without any progress. A
 * connection that waits for this server has nothing to send, and stays.
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
