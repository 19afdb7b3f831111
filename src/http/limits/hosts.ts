import type { FastifyInstance } from "fastify";
import { ForbiddenError } from "../../platform/errors.js";

const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Answers only requests to a name of this machine, or to the host of `publicUrl`. Without this check,
 * a foreign site could give its own host name the address of this machine (DNS rebinding). Browsers would
 * then allow the site to read the tokens in our pages.
 */
export function answerOwnHostsOnly(fastify: FastifyInstance, publicUrl: string | undefined): void {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const hosts: ReadonlySet<string> = new Set([...THIS_MACHINE, ...own]);
  fastify.addHook("onRequest", async ({ headers }) => {
    // request.host is not safe, because a page can send X-Forwarded-Host. No page can choose Host.
    const [host = ""] = /^[^:[]+|^\[[^\]]*\]/.exec(headers.host ?? "") ?? [];
    if (hosts.has(host.toLowerCase())) return;
    throw new ForbiddenError(
      "The playground answers only at the name localhost and at PUBLIC_URL. Open one of them.",
    );
  });
}
