import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { ProviderError } from "../../../src/platform/errors.js";
import { WorkerPool } from "../../../src/platform/threads/worker-pool.js";

const BUILT = new URL("../../../dist/src/", import.meta.url);

test("an expected failure in a thread becomes a ProviderError with the same message and retryable", async () => {
  const pool = new WorkerPool(BUILT, 1);
  const storage = { kind: "disk", root: `${tmpdir()}/nothing-here` };
  const segments = [{ blobKey: `shared/${"0".repeat(64)}`, gainDb: 0, pauseAfterMs: 0 }];
  const stop = new Int32Array(new SharedArrayBuffer(4));

  const joining = pool.run("worker/join.worker.js", "planInThread", { storage, segments, stop });

  await expect(joining).rejects.toThrow(ProviderError);
  await expect(joining).rejects.toMatchObject({
    message: `Blob "${segments[0]?.blobKey}" does not exist.`,
    retryable: false,
  });
  await pool.close();
});

/** Returns the greatest size of the memory for short-lived objects, in MB, while many objects live shortly. */
const MAKES_OBJECTS = `
import { getHeapSpaceStatistics } from "node:v8";
export function youngMb() {
  let kept = [];
  let most = 0;
  for (let made = 0; made < 3_000_000; made++) {
    kept.push({ made });
    if (kept.length > 300_000) kept = kept.slice(200_000);
    if (made % 50_000 > 0) continue;
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    most = Math.max(most, young.space_size);
  }
  return most / 1_000_000;
}`;

test("a flag of the process does not change the memory of a thread", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fabula-threads-"));
  writeFileSync(join(folder, "makes-objects.mjs"), MAKES_OBJECTS);
  const pool = new WorkerPool(pathToFileURL(`${folder}/`), 1);
  setFlagsFromString("--max-semi-space-size=64");

  const young = await pool.run("makes-objects.mjs", "youngMb", null);

  // It takes about 17 MB, and 134 MB under the flag.
  expect(young).toBeLessThan(40);
  await pool.close();
  rmSync(folder, { recursive: true });
});
