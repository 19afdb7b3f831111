import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { StartupError } from "../platform/errors.js";
import { makeFolder } from "../platform/files/folders.js";

/**
 * Creates a folder if it is missing, and checks that the folder accepts new files. @throws StartupError
 */
export async function makeWritableFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    // Create a folder as a test, because permissions do not show whether the disk is read-only or full.
    await rm(await mkdtemp(join(folder, ".fabula-")), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`Cannot write to ${folder} (${code}); choose another --out.`);
  }
}
