import type { DocumentNode } from "graphql";

// Measured on documents of one field, of 300 fields, of 150 levels, and of one long text.
const BYTES_PER_TOKEN = 350;
const BYTES_PER_CHAR = 2;

/** Estimates the memory of a parsed document in bytes. One token of a document can be a text of megabytes. */
export function documentBytes({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token; token = token.next) tokens += 1;
  return tokens * BYTES_PER_TOKEN + (loc?.source.body.length ?? 0) * BYTES_PER_CHAR;
}
