import type { FastifyReply } from "fastify";

/**
 * Returns a controller that aborts when the connection of the request closes before the answer was
 * sent.
 */
export function abortOnLeave({ raw }: FastifyReply): AbortController {
  const leaving = new AbortController();
  raw.once("close", () => {
    if (!raw.writableEnded) leaving.abort();
  });
  // The connection may have closed before this call.
  if (raw.destroyed) leaving.abort();
  return leaving;
}
