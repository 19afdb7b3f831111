import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Creates a folder and its parents. Does not use Node's recursive mkdir, which never returns for a path
 * below /proc. Returns the first folder that was missing. Returns undefined if none was.
 */
export const makeFolder = (folder: string, mode?: number): Promise<string | undefined> =>
  makeAbsolute(resolve(folder), mode);

async function makeAbsolute(folder: string, mode: number | undefined): Promise<string | undefined> {
  try {
    return await makeOne(folder, mode);
  } catch (error) {
    const parent = dirname(folder);
    if (codeOf(error) !== "ENOENT" || parent === folder) throw error;
    const first = await makeAbsolute(parent, mode);
    const own = await makeOne(folder, mode);
    return first ?? own;
  }
}

/** Another process may make the folder in the meantime. */
async function makeOne(folder: string, mode: number | undefined): Promise<string | undefined> {
  try {
    await mkdir(folder, { mode });
    return folder;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  }
}
