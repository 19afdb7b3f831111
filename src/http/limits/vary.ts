import type { FastifyReply } from "fastify";

/**
 * Tells caches that the answer depends on a header of the request. Keeps the names that are there already: the answer
 * depends on the page's origin, too.
 */
export function varyBy(reply: FastifyReply, name: string): void {
  const present = String(reply.getHeader("vary") ?? "");
  const names = present.split(/,\s*/).filter((each) => each !== "");
  if (names.some((each) => each.toLowerCase() === name.toLowerCase())) return;
  void reply.header("vary", [...names, name].join(", "));
}
