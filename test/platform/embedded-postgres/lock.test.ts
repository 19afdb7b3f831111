import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLock } from "../../../src/platform/embedded-postgres/lock.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";

afterEach(removeScratchFolders);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ignoreWait = (): void => undefined;

test("work under one lock never overlaps, and every caller gets a turn", async () => {
  const folder = path.join(scratchFolder(), "lock");
  let inside = 0;
  const seen: number[] = [];

  const work = async (): Promise<void> => {
    inside += 1;
    await nextTurn();
    seen.push(inside);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => withLock(folder, ignoreWait, work)));

  expect(seen).toEqual(Array<number>(12).fill(1));
  expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
});

test("a lock is free if its holder has ended, even if another process has the same pid now", async () => {
  const folder = path.join(scratchFolder(), "lock");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "7"), `${process.pid}@another-boot:1`);

  const result = await withLock(folder, ignoreWait, () => Promise.resolve("done"));

  expect(result).toBe("done");
});

test("an error of the work frees the lock and reaches the caller", async () => {
  const folder = path.join(scratchFolder(), "lock");

  const failing = withLock(folder, ignoreWait, () => Promise.reject(new Error("broken")));

  await expect(failing).rejects.toThrow("broken");
  expect(await withLock(folder, ignoreWait, () => Promise.resolve("next"))).toBe("next");
});

test("a caller that waits gets the pid of the holder", async () => {
  const folder = path.join(scratchFolder(), "lock");
  const waitedFor: number[] = [];

  await withLock(folder, ignoreWait, async () => {
    const waiting = withLock(
      folder,
      (pid) => waitedFor.push(pid),
      () => Promise.resolve(),
    );
    await nextTurn();
    return { waiting };
  }).then(({ waiting }) => waiting);

  expect(waitedFor).toEqual([process.pid]);
});
