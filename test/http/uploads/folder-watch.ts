import { watch } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file of a folder, with its size. */
export interface FoundFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Resolves when the files of a folder are as a test expects. Makes the folder if there is none. */
export async function untilFiles(
  folder: string,
  isExpected: (files: readonly FoundFile[]) => boolean,
): Promise<readonly FoundFile[]> {
  await mkdir(folder, { recursive: true });
  let changed = Promise.withResolvers<undefined>();
  const watcher = watch(folder, () => {
    changed.resolve(undefined);
  });
  try {
    for (;;) {
      const files = await filesIn(folder);
      if (isExpected(files)) return files;
      await changed.promise;
      changed = Promise.withResolvers<undefined>();
    }
  } finally {
    watcher.close();
  }
}

export async function filesIn(folder: string): Promise<FoundFile[]> {
  const names = await readdir(folder);
  const found = names.map(async (name) => {
    const facts = await stat(join(folder, name)).catch(() => null); // null if it was just deleted
    return { name, sizeBytes: facts?.size ?? 0 };
  });
  return Promise.all(found);
}

export const bytesIn = (files: readonly FoundFile[]): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
