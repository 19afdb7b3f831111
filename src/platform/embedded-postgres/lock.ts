import { StartupError } from "../errors.js";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createWhole, makePrivateFolder, writeWhole } from "../files/whole-files.js";
import { processIdentity } from "./process-identity.js";

const RETRY_MS = 50;
// Longer than the five minutes that a server may need to recover from a crash.
const PATIENCE_MS = 360_000;
const RELEASED = "released";
// The newest three turns stay in the folder. So a listing of the folder always contains a turn, even
// while the holder changes.
const TURNS_KEPT = 3;

interface Turn {
  readonly number: number;
  readonly holder: string;
}

/**
 * Runs `work` while no other process runs work under the same folder. A turn is a numbered file
 * that names its holder. The file with the highest number is the current turn. If the current turn
 * is released or its holder is dead, a waiting process creates the file with the next number. Only
 * one process can create that file, so only one process gets the turn. For this reason a process
 * never replaces the file of a dead holder: a second process could then remove the new file.
 */
export async function withLock<T>(
  lockDir: string,
  onWait: (holderPid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  makePrivateFolder(lockDir);
  const turn = await waitForTurn(lockDir, onWait);
  try {
    removeOldTurns(lockDir, turn);
    return await work();
  } finally {
    writeWhole(path.join(lockDir, String(turn)), RELEASED);
  }
}

async function waitForTurn(lockDir: string, onWait: (pid: number) => void): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let isAnnounced = false;
  for (;;) {
    const latest = latestTurn(lockDir);
    const holderPid = Number.parseInt(latest.holder, 10);
    if (!isHeld(latest)) {
      const mine = latest.number + 1;
      if (claim(lockDir, mine)) return mine;
    } else if (Date.now() > giveUpAt) {
      throw new StartupError(
        `Process ${holderPid} has been starting or stopping the database in ` +
          `${path.dirname(lockDir)} for six minutes. End that process and try again.`,
      );
    } else if (!isAnnounced) {
      onWait(holderPid);
      isAnnounced = true;
    }
    await delay(RETRY_MS);
  }
}

function isHeld({ holder }: Turn): boolean {
  const pid = Number.parseInt(holder, 10);
  return Number.isInteger(pid) && processIdentity(pid) === holder;
}

function claim(lockDir: string, turn: number): boolean {
  const identity = processIdentity(process.pid) ?? String(process.pid);
  if (!createWhole(path.join(lockDir, String(turn)), identity)) return false;
  if (latestTurn(lockDir).number === turn) return true;
  // The number came from an outdated listing. Another process has created a higher turn since.
  rmSync(path.join(lockDir, String(turn)), { force: true });
  return false;
}

function latestTurn(lockDir: string): Turn {
  const number = Math.max(0, ...turnNumbers(lockDir));
  if (number === 0) return { number, holder: RELEASED };
  try {
    return { number, holder: readFileSync(path.join(lockDir, String(number)), "utf8") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return latestTurn(lockDir);
  }
}

function turnNumbers(lockDir: string): number[] {
  return readdirSync(lockDir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function removeOldTurns(lockDir: string, current: number): void {
  for (const number of turnNumbers(lockDir)) {
    if (number <= current - TURNS_KEPT) rmSync(path.join(lockDir, String(number)), { force: true });
  }
}
