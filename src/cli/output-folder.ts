import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartupError } from "../platform/errors.js";

/**
 * Creates a folder if it is missing, and checks that the folder accepts new files. @throws StartupError
 */
export async function makeWritableFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    // Create a folder as a test, because permissions do not show whether the disk is read-only or full.
    await rm(await mkdtemp(join(folder, ".fabula-")), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`Cannot write to ${folder} (${code}); choose another --out.`);
  }
}

/**
 * Creates a folder and its parents. Does not use Node's recursive mkdir, which never returns for a path
 * below /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  const failure = await mkdir(folder).then(
    () => null,
    (error: unknown) => error as NodeJS.ErrnoException,
  );
  if (failure === null || failure.code === "EEXIST") return;
  const parent = dirname(folder);
  if (failure.code !== "ENOENT" || parent === folder) throw failure;
  await makeFolder(parent);
  await mkdir(folder);
}
