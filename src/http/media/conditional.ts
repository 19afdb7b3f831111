import type { IncomingHttpHeaders } from "node:http";

/**
 * The answer to a conditional request or a range request: the status, and the range of bytes for 206.
 * RFC 9110, sections 13 and 14, has the rules.
 */
export type Selection =
  | { readonly status: 200 | 304 | 412 | 416 }
  | { readonly status: 206; readonly start: number; readonly end: number };

export interface Representation {
  /** A strong entity tag, with its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
}

/**
 * Selects the answer to a request. Checks the preconditions first, then the range. Only GET supports
 * ranges.
 */
export function select(
  method: string,
  headers: IncomingHttpHeaders,
  { etag, sizeBytes }: Representation,
): Selection {
  const match = headers["if-match"];
  if (match !== undefined && !isListed(match, etag)) return { status: 412 };
  const noneMatch = headers["if-none-match"];
  // Compare without the prefix W/. Proxies that compress a response add W/ to the tag.
  if (noneMatch !== undefined && isListed(noneMatch.replaceAll("W/", ""), etag)) {
    return { status: 304 };
  }
  const ifRange = headers["if-range"];
  // A date in If-Range matches nothing, because this server never sends Last-Modified.
  const isCurrent = ifRange === undefined || String(ifRange).trim() === etag;
  const { range } = headers;
  if (method !== "GET" || range === undefined || !isCurrent) return { status: 200 };
  return rangeOf(range, sizeBytes);
}

function isListed(header: string, etag: string): boolean {
  const tags = header.split(",").map((tag) => tag.trim());
  return tags.includes("*") || tags.includes(etag);
}

/**
 * Returns the part that a Range header asks for. Ignores a header with several ranges, with a unit other
 * than bytes, or with a range that cannot be parsed. RFC 9110 allows a server to ignore such headers.
 * Players ask for one range. Attackers ask for many small ranges to overload a server.
 */
function rangeOf(header: string, sizeBytes: number): Selection {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header.trim());
  if (match === null) return { status: 200 };
  const [, first = "", last = ""] = match;
  if (first === "") return last === "" ? { status: 200 } : suffixOf(Number(last), sizeBytes);
  return spanOf(Number(first), last === "" ? Infinity : Number(last), sizeBytes);
}

function spanOf(start: number, end: number, sizeBytes: number): Selection {
  if (end < start) return { status: 200 };
  if (start >= sizeBytes) return { status: 416 };
  return { status: 206, start, end: Math.min(end, sizeBytes - 1) };
}

function suffixOf(length: number, sizeBytes: number): Selection {
  if (length === 0) return { status: 416 };
  // Status 206 is impossible for an empty file, because Content-Range cannot describe 0 bytes.
  if (sizeBytes === 0) return { status: 200 };
  return { status: 206, start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}
