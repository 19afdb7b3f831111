import type { JobWithMetadata } from "pg-boss";
import { Priority } from "./queue.port.js";

/** Runs a statement. Returns its rows. */
export type Execute = (text: string, values: unknown[]) => Promise<object[]>;

/**
 * The jobs of one queue that take turns: those of one priority. Each waiting job has the number of its turn. A
 * group's jobs have turns in a row, and a new group joins at the turn that began last. So the smallest
 * turn belongs to the group that waited longest. pg-boss takes the job with the greatest priority, which
 * is `top` minus the turn.
 */
interface Lane {
  readonly queue: string;
  readonly priority: Priority;
}

const TOPS: Record<Priority, number> = { high: 1_000_000_000, normal: 0 };

/** The bounds of pg-boss's priority that select one lane. */
export const LANE_BOUNDS = {
  high: { minPriority: 1 },
  normal: { maxPriority: 0 },
} as const satisfies Record<Priority, object>;

/**
 * Stores the turn after each group's last job. The table stays small, because a group that is not ahead has no
 * row. The functions run as their owner: requests add jobs, but cannot read them. `first_turn` returns the first
 * turn that a group may have now. `take_turn` returns the turn after the group's last waiting job, and lets
 * transactions that add jobs of one group wait for each other.
 */
export const CREATE_TURNS = `
  CREATE TABLE IF NOT EXISTS jobs.turn (
    lane text NOT NULL,
    group_id text NOT NULL,
    next integer NOT NULL,
    CONSTRAINT turn_pkey PRIMARY KEY (lane, group_id));

  CREATE OR REPLACE FUNCTION jobs.first_turn(of_queue text, of_lane text, top integer, of_group text)
    RETURNS integer LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT greatest(0,
    (SELECT max(t.next) - 1 FROM jobs.turn t WHERE t.lane = of_lane),
    (SELECT t.next FROM jobs.turn t WHERE t.lane = of_lane AND t.group_id = of_group),
    (SELECT top - min(j.priority) + 1 FROM jobs.job j
      WHERE j.name = of_queue AND j.group_id = of_group AND j.state = 'active' AND (j.priority > 0) = (top > 0))) $$;

  CREATE OR REPLACE FUNCTION jobs.take_turn(of_queue text, of_lane text, top integer, of_group text)
    RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ BEGIN
    INSERT INTO jobs.turn AS t (lane, group_id, next) VALUES (of_lane, of_group, 0)
      ON CONFLICT (lane, group_id) DO UPDATE SET next = t.next;
    RETURN greatest(jobs.first_turn(of_queue, of_lane, top, of_group),
      (SELECT top - min(j.priority) + 1 FROM jobs.job j
        WHERE j.name = of_queue AND j.group_id = of_group AND j.state < 'active' AND (j.priority > 0) = (top > 0)));
  END $$`;

export const TURN_FUNCTIONS =
  "jobs.first_turn(text, text, integer, text), jobs.take_turn(text, text, integer, text)";

const nameOf = ({ queue, priority }: Lane): string => `${queue}/${priority}`;

/** Returns pg-boss's priority of a new job. */
export async function priorityOfNewJob(
  execute: Execute,
  lane: Lane,
  group: string | undefined,
): Promise<number> {
  const top = TOPS[lane.priority];
  if (group === undefined) return top;
  const rows = await execute("SELECT jobs.take_turn($1, $2, $3, $4) AS turn", [
    ...[lane.queue, nameOf(lane), top, group],
  ]);
  return top - ((rows as { readonly turn: number }[])[0]?.turn ?? 0);
}

type TakenJob = Pick<JobWithMetadata<unknown>, "name" | "id" | "priority" | "groupId">;

const laneOf = ({ name, priority }: TakenJob): Lane => ({
  queue: name,
  priority: priority > 0 ? Priority.High : Priority.Normal,
});

/**
 * Records that a job begins. A job whose worker died comes back with its old turn, ahead of everyone. Then
 * the group gets new turns for its other jobs, so that it has no more than this one.
 */
export async function beginTurn(execute: Execute, job: TakenJob): Promise<void> {
  const { groupId: group } = job;
  if (typeof group !== "string") return;
  const lane = laneOf(job);
  const turn = TOPS[lane.priority] - job.priority;
  const rows = await execute(
    `WITH front AS (SELECT max(t.next) - 1 AS turn FROM jobs.turn t WHERE t.lane = $1),
     begun AS (
       INSERT INTO jobs.turn AS t (lane, group_id, next) VALUES ($1, $2, $3::int + 1)
       ON CONFLICT (lane, group_id) DO UPDATE SET next = greatest(t.next, EXCLUDED.next)),
     behind AS (
       SELECT t.lane, t.group_id FROM jobs.turn t
       WHERE t.lane = $1 AND t.group_id <> $2 AND t.next <= (SELECT turn FROM front)
       FOR UPDATE SKIP LOCKED),
     forgotten AS (
       DELETE FROM jobs.turn t USING behind b WHERE t.lane = b.lane AND t.group_id = b.group_id)
     SELECT coalesce(turn > $3::int, false) AS "isLate" FROM front`,
    [nameOf(lane), group, turn],
  );
  const [{ isLate } = { isLate: false }] = rows as { readonly isLate: boolean }[];
  if (isLate) await renumber(execute, job);
}

/** Gives a new turn to a job that will run again, as if it were sent again, but ahead of its group's later jobs. */
export async function renewTurn(execute: Execute, job: TakenJob): Promise<void> {
  await renumber(execute, job, job.id);
}

/** Numbers the waiting jobs of the job's group again, oldest first, from the group's first turn on. */
async function renumber(
  execute: Execute,
  job: TakenJob,
  alsoId: string | null = null,
): Promise<void> {
  const { groupId: group } = job;
  if (typeof group !== "string") return;
  const lane = laneOf(job);
  const top = TOPS[lane.priority];
  await execute(
    `WITH first AS (SELECT jobs.first_turn($1, $2, $3, $4) AS turn),
     -- In the order of the ids, so that two workers that do this at once do not deadlock.
     waiting AS (
       SELECT j.id, j.created_on FROM jobs.job j
       WHERE j.name = $1 AND j.group_id = $4 AND (j.state < 'active' OR j.id = $5::uuid)
         AND (j.priority > 0) = ($3::int > 0) ORDER BY j.id FOR UPDATE),
     numbered AS (
       SELECT id, row_number() OVER (ORDER BY created_on, id)::int - 1 AS place FROM waiting)
     UPDATE jobs.job j SET priority = $3::int - (first.turn + numbered.place)
     FROM first, numbered
     WHERE j.name = $1 AND j.id = numbered.id AND (j.state < 'active' OR j.id = $5::uuid)`,
    [lane.queue, nameOf(lane), top, group, alsoId],
  );
}
