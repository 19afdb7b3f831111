import type pg from "pg";
import { joinRunner } from "../runner-lock.js";
import type { Lanes } from "./backfill-options.js";

export interface NeededLanes extends Lanes {
  /** How many connections have work. */
  readonly needed: number;
}

/** Runs `work` with the connection of the runner, and with more connections that it opens and closes. */
export async function withLanes<T>(
  client: pg.Client,
  { most, needed, open }: NeededLanes,
  work: (lanes: readonly pg.Client[]) => Promise<T>,
): Promise<T> {
  const lanes = [client];
  try {
    while (lanes.length < Math.min(most, needed)) {
      const lane = await open();
      lanes.push(lane);
      await joinRunner(lane);
      await nameLike(client, lane);
    }
    return await work(lanes);
  } finally {
    await Promise.allSettled(lanes.slice(1).map((lane) => lane.end()));
  }
}

/** The throttle knows the lanes of a backfill by their name. */
async function nameLike(client: pg.Client, lane: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT current_setting('application_name') AS name",
  );
  await lane.query("SELECT set_config('application_name', $1, false)", [rows[0]?.name]);
}
