import pg from "pg";
import { Role, setSession } from "../../src/platform/database/connection/settings.js";
import { scratchApp } from "../scratch-app.js";
import { type ScratchServer, scratchServer } from "../scratch-server.js";
import type { Scenario } from "./scenario.js";

const ROUNDS = 9;
const BAR_MS = 250;
const WAITING = `SELECT count(*)::int AS count FROM pg_locks
  WHERE relation = 'reference.stories'::regclass AND NOT granted`;

/** A reader leaves during a slow statement. Measures until PostgreSQL has ended the statement. */
export const leavingReader: Scenario = {
  name: "leaving-reader",
  run: async () => {
    const scratch = await scratchApp(1);
    const server = await scratchServer(scratch);
    const holder = new pg.Client({ connectionString: scratch.database.migrationUrl });
    try {
      await holder.connect();
      await setSession(holder, Role.Owner);
      await holder.query("BEGIN");
      await holder.query("LOCK TABLE reference.stories IN ACCESS EXCLUSIVE MODE");
      const times: number[] = [];
      while (times.length < ROUNDS) times.push(await timeLeaving(server, holder));
      await holder.query("COMMIT");
      const median = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
      return [{ what: "statement ends after its reader", value: median, unit: "ms", bar: BAR_MS }];
    } finally {
      await holder.end();
      await server.close();
      await scratch.close();
    }
  },
};

async function timeLeaving(server: ScratchServer, holder: pg.Client): Promise<number> {
  const leaving = new AbortController();
  const asked = server.ask("{ stories { totalCount } }", leaving.signal).catch(() => undefined);
  while ((await countWaiting(holder)) === 0);
  const leftAt = performance.now();
  leaving.abort();
  while ((await countWaiting(holder)) > 0);
  const timeMs = performance.now() - leftAt;
  await asked;
  return timeMs;
}

const countWaiting = async (holder: pg.Client): Promise<number> => {
  const { rows } = await holder.query<{ count: number }>(WAITING);
  return rows[0]?.count ?? 0;
};
