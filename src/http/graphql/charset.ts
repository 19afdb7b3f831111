import type { FastifyRequest } from "fastify";
import { InvalidInputError } from "../../platform/errors.js";

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
/** Each text in ASCII is the same text in UTF-8. */
const READABLE: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

class UnsupportedCharsetError extends InvalidInputError {
  readonly statusCode = 415;
}

/** Refuses a body in another encoding. Decoded as UTF-8, its letters would be wrong. */
export function requireUtf8({ headers }: FastifyRequest): void {
  const charset = CHARSET.exec(headers["content-type"] ?? "")?.[1];
  if (charset === undefined || READABLE.has(charset.toLowerCase())) return;
  throw new UnsupportedCharsetError(
    `The body has the charset ${charset.slice(0, 40)}; send JSON in UTF-8.`,
  );
}
