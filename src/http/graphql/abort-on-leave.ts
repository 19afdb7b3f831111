import type { FastifyReply } from "fastify";

/**
 * Returns an AbortController for a request. The controller aborts if the client's connection closes
 * before the answer is sent.
 */
export function abortOnLeave({ raw }: FastifyReply): AbortController {
  const leaving = new AbortController();
  raw.once("close", () => {
    if (!raw.writableEnded) leaving.abort();
  });
  // The connection can already be closed now.
  if (raw.destroyed) leaving.abort();
  return leaving;
}
