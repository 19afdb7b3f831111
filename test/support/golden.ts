import { readFileSync, writeFileSync } from "node:fs";

const isUpdating = process.env["UPDATE_GOLDEN"] === "1" && !process.env["CI"];

/**
 * Returns the recorded text of test/golden/`name`. With UPDATE_GOLDEN=1, first records the actual text.
 * In CI, a golden file never changes.
 */
export function golden(name: string, actual: string): string {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (isUpdating) writeFileSync(file, actual);
  return readFileSync(file, "utf8");
}
