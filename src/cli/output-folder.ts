import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartupError } from "../platform/errors.js";

/** Makes sure that files can be written to a folder, and makes it where it is missing. @throws StartupError */
export async function makeWritableFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    // Permissions do not tell of a read-only or full disk.
    await rm(await mkdtemp(join(folder, ".fabula-")), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`Nothing can be written to ${folder} (${code}); choose another --out.`);
  }
}

/** Node's recursive mkdir never returns from below /proc. */
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
