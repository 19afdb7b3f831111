import type { FastifyReply, FastifyRequest } from "fastify";
import Negotiator from "negotiator";
import { ForbiddenError } from "../../platform/errors.js";
import type { OriginPolicy } from "../limits/origins.js";
import { varyBy } from "../limits/vary.js";

/**
 * Sends a person who opens the address of the API in a browser to the playground. Returns false if the
 * request is for the API.
 */
export function leadToPlayground(
  request: FastifyRequest,
  reply: FastifyReply,
  playgroundPath: string | null,
): boolean {
  varyBy(reply, "Accept");
  if (playgroundPath === null || hasQuery(request) || !wantsPage(request)) return false;
  void reply.redirect(playgroundPath);
  return true;
}

/** A page takes any answer last, and HTML first. */
const wantsPage = (request: FastifyRequest): boolean =>
  new Negotiator(request).mediaType(["application/json", "text/html"]) === "text/html";

const hasQuery = ({ query }: FastifyRequest): boolean =>
  typeof query === "object" && query !== null && "query" in query;

/**
 * Refuses a GET that a page of a foreign site causes, for example with a link or a picture. The page could not
 * read the answer, but the visitor's network would pay for the query. Browsers tell the site of the page.
 * @throws ForbiddenError
 */
export function refuseForeignPages(request: FastifyRequest, isAllowedOrigin: OriginPolicy): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  const isForeign = origin === undefined ? site === "cross-site" : !isAllowedOrigin(origin);
  if (!isForeign) return;
  throw new ForbiddenError(
    "Pages of other sites may not send queries with GET. Add the page's origin to CORS_ORIGINS, or send a POST.",
  );
}
