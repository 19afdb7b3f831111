import type { FastifyInstance } from "fastify";
import { ForbiddenError } from "../../platform/errors.js";

const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Answers only requests to a name of this machine, or to the host of `publicUrl`. Another site can let
 * its own name lead to this machine (DNS rebinding). A browser would then let that site read the tokens
 * in our pages.
 */
export function answerOwnHostsOnly(fastify: FastifyInstance, publicUrl: string | undefined): void {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const hosts: ReadonlySet<string> = new Set([...THIS_MACHINE, ...own]);
  fastify.addHook("onRequest", async ({ headers }) => {
    // Not request.host: a page can send X-Forwarded-Host, but it cannot choose Host.
    const [host = ""] = /^[^:[]+|^\[[^\]]*\]/.exec(headers.host ?? "") ?? [];
    if (hosts.has(host.toLowerCase())) return;
    throw new ForbiddenError(
      "The playground answers only at the name localhost and at PUBLIC_URL. Open one of them.",
    );
  });
}
