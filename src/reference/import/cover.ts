import type { StoryCover } from "./story-file.js";

const MAX_BYTES = 5_000_000;

const STARTS: readonly (readonly [contentType: string, bytes: readonly number[], at?: number])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", [0x57, 0x45, 0x42, 0x50], 8],
];

/** Returns a picture that browsers show, judged by its bytes. Null for anything else. */
export function coverOf(bytes: Uint8Array | null): StoryCover | null {
  if (!bytes || bytes.byteLength > MAX_BYTES) return null;
  const found = STARTS.find(([, start, at = 0]) =>
    start.every((byte, index) => bytes[at + index] === byte),
  );
  return found ? { bytes, contentType: found[0] } : null;
}
