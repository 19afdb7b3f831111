import type { FastifyInstance } from "fastify";
import type { Database } from "../platform/database/transactions/database.js";

/**
 * Serves GET /health. Returns status 200 while the database answers, and status 503 while the database
 * does not answer.
 */
export function healthRoutes(
  fastify: FastifyInstance,
  { database }: { readonly database: Database },
  done: () => void,
): void {
  fastify.get("/health", async (_request, reply) => {
    const isUp = await database.isUp();
    return reply
      .status(isUp ? 200 : 503)
      .send({ status: isUp ? "ok" : "unavailable", database: isUp ? "up" : "down" });
  });
  done();
}
