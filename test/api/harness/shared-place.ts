import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";

/** A database and a folder that several processes share, so that one continues the work of another. */
export interface SharedPlace {
  readonly database: TestDatabase;
  /** The folder of all files. Start each process with this folder as its DATA_DIR. */
  readonly dataDir: string;
  /** The folder in `dataDir` where the processes store blobs. */
  readonly storageRoot: string;
  /** Drops the database and deletes the folder. */
  remove(): Promise<void>;
}

/** Makes a place for the processes of one test. The test removes the place. */
export async function sharedPlace(): Promise<SharedPlace> {
  const database = await cloneDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "fabula-shared-"));
  return {
    database,
    dataDir,
    storageRoot: join(dataDir, "blobs"),
    remove: async () => {
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
