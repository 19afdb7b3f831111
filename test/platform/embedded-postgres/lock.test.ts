import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLock } from "../../../src/platform/embedded-postgres/lock.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";

afterEach(removeScratchFolders);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ignoreWait = (): void => undefined;

test("work under one lock never overlaps, and everyone gets a turn", async () => {
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

test("a lock whose holder is gone is followed, however its pid is used now", async () => {
  const folder = path.join(scratchFolder(), "lock");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "7"), `${process.pid}@another-boot:1`);

  const result = await withLock(folder, ignoreWait, () => Promise.resolve("done"));

  expect(result).toBe("done");
});

test("a failure inside frees the lock and comes out", async () => {
  const folder = path.join(scratchFolder(), "lock");

  const failing = withLock(folder, ignoreWait, () => Promise.reject(new Error("broken")));

  await expect(failing).rejects.toThrow("broken");
  expect(await withLock(folder, ignoreWait, () => Promise.resolve("next"))).toBe("next");
});

test("who waits learns for whom", async () => {
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
