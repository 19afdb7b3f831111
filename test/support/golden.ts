import { readFileSync, writeFileSync } from "node:fs";

const isUpdating = process.env["UPDATE_GOLDEN"] === "1" && !process.env["CI"];

/**
 * The recorded text of test/golden/`name`. With UPDATE_GOLDEN=1 the actual text is recorded first,
 * except in CI, where a golden never changes.
 */
export function golden(name: string, actual: string): string {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (isUpdating) writeFileSync(file, actual);
  return readFileSync(file, "utf8");
}
