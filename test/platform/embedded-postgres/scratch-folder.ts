import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const made: string[] = [];

/** Creates a folder that the database's user may enter, even if the tests run as root. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "fabula-embedded-"));
  chmodSync(folder, 0o755);
  made.push(folder);
  return folder;
}

export function removeScratchFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
