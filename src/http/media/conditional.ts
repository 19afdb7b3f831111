import type { IncomingHttpHeaders } from "node:http";

/** What of a representation is asked for, by RFC 9110, sections 13 and 14. */
export type Selection =
  | { readonly status: 200 | 304 | 412 | 416 }
  | { readonly status: 206; readonly start: number; readonly end: number };

export interface Representation {
  /** A strong entity tag, with its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
}

/** Preconditions first, then the range, which only GET knows. */
export function select(
  method: string,
  headers: IncomingHttpHeaders,
  { etag, sizeBytes }: Representation,
): Selection {
  const match = headers["if-match"];
  if (match !== undefined && !isListed(match, etag)) return { status: 412 };
  const noneMatch = headers["if-none-match"];
  // Compared weakly: a proxy that recoded the answer marks its tag with W/.
  if (noneMatch !== undefined && isListed(noneMatch.replaceAll("W/", ""), etag)) {
    return { status: 304 };
  }
  const ifRange = headers["if-range"];
  // No Last-Modified is sent, so a date cannot be ours.
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
 * One range is served. Several, another unit and what cannot be read are ignored, which RFC 9110
 * allows: players ask for one, and many small ones are a known way to burden a server.
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
  if (sizeBytes === 0) return { status: 200 }; // satisfiable, but no Content-Range can say so
  return { status: 206, start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}
