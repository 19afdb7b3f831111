import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { openClient } from "./sessions.js";

const POLL_MS = 250;

/**
 * Runs `work` while no other process runs work under this key. Opens a connection of its own for the lock, so a
 * process that is killed gives the lock back.
 * @param key of the advisory lock; the same in every release
 */
export async function oneAtATime(
  url: string,
  key: number,
  work: () => Promise<void>,
): Promise<void> {
  const client = await openClient(url);
  try {
    await acquire(client, key);
    await work();
  } finally {
    await client.end();
  }
}

/** Waits for a lock of this session. Polls, because a statement that waits makes CREATE INDEX CONCURRENTLY fail. */
export async function acquire(client: pg.Client, key: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS locked",
      [key],
    );
    if (rows[0]?.locked) return;
    await pause(POLL_MS);
  }
}
