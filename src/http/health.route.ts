import type { FastifyInstance } from "fastify";
import type { Database } from "../platform/database/transactions/database.js";
import type { Readiness } from "../platform/process/readiness.js";

export interface HealthOptions {
  readonly database: Database;
  readonly readiness?: Readiness | undefined;
}

/**
 * Serves GET /health. Returns status 200 while the data can be served, and status 503 while the database does
 * not answer, or while there is an obstacle.
 */
export function healthRoutes(
  fastify: FastifyInstance,
  { database, readiness }: HealthOptions,
  done: () => void,
): void {
  fastify.get("/health", async (_request, reply) => {
    if (!(await database.isUp()))
      return reply.status(503).send({ status: "unavailable", database: "down" });
    const obstacle = await readiness?.obstacle();
    if (obstacle) return reply.status(503).send({ ...obstacle, database: "up" });
    return reply.status(200).send({ status: "ok", database: "up" });
  });
  done();
}
