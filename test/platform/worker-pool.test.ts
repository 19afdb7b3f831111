import { tmpdir } from "node:os";
import { ProviderError } from "../../src/platform/errors.js";
import { WorkerPool } from "../../src/platform/worker-pool.js";

const BUILT = new URL("../../dist/src/", import.meta.url);

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
