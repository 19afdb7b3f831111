import type { JobWithMetadata } from "pg-boss";
import { Priority } from "./queue.port.js";

/** Runs a statement. Returns its rows. */
export type Execute = (text: string, values: unknown[]) => Promise<object[]>;

/**
 * The jobs of one queue and one priority. The groups of a lane take turns. Each waiting job has the
 * number of its turn, and the job with the smallest number runs next. The jobs of one group have
 * successive numbers, so each group runs at most one job per turn. The first job of a new group gets the
 * number of the turn that began last, so a new group does not wait for all jobs of the older groups.
 * pg-boss takes the job with the greatest priority number. Therefore the priority number of a job is
 * `top` minus the number of its turn.
 */
interface Lane {
  readonly queue: string;
  readonly priority: Priority;
}

const TOPS: Record<Priority, number> = { high: 1_000_000_000, normal: 0 };

/** The bounds of pg-boss's priority number that select the jobs of one lane. */
export const LANE_BOUNDS = {
  high: { minPriority: 1 },
  normal: { maxPriority: 0 },
} as const satisfies Record<Priority, object>;

/**
 * Creates the table and the functions of the turns. For each group, the table stores the turn after the
 * group's last job that began. The table stays small, because `beginTurn` deletes the rows of groups
 * that are behind the turn that began last. The functions have the rights of their database owner,
 * because a request adds jobs but has no right to read jobs. `first_turn` returns the first turn that a
 * group may have now. `take_turn` returns the turn after the group's last waiting job. `take_turn` also
 * locks the group's row, so that transactions that add jobs to one group run one after the other.
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

const laneName = ({ queue, priority }: Lane): string => `${queue}/${priority}`;

/** Returns pg-boss's priority of a new job. */
export async function priorityOfNewJob(
  execute: Execute,
  lane: Lane,
  group: string | undefined,
): Promise<number> {
  const top = TOPS[lane.priority];
  if (group === undefined) return top;
  const rows = await execute("SELECT jobs.take_turn($1, $2, $3, $4) AS turn", [
    ...[lane.queue, laneName(lane), top, group],
  ]);
  return top - ((rows as { readonly turn: number }[])[0]?.turn ?? 0);
}

type TakenJob = Pick<JobWithMetadata<unknown>, "name" | "id" | "priority" | "groupId">;

const laneOf = ({ name, priority }: TakenJob): Lane => ({
  queue: name,
  priority: priority > 0 ? Priority.High : Priority.Normal,
});

/**
 * Records that a job begins. A job whose worker died returns with its old turn, so this job runs before
 * the jobs of all other groups. In this case, the group's waiting jobs get new turns, so that the group
 * runs only this one job before the other groups.
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
    [laneName(lane), group, turn],
  );
  const [{ isLate } = { isLate: false }] = rows as { readonly isLate: boolean }[];
  if (isLate) await renumber(execute, job);
}

/**
 * Gives a new turn to a job that will run again. The other groups get their turns first, as if the job
 * were new. Within its group, the job still runs before all jobs that were sent later.
 */
export async function renewTurn(execute: Execute, job: TakenJob): Promise<void> {
  await renumber(execute, job, job.id);
}

/**
 * Gives new turns to the waiting jobs of the job's group, oldest first. The oldest job gets the first
 * turn that the group may have now. If `alsoId` is not null, the job with this id gets a new turn, too.
 */
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
     -- Lock the rows in the order of their ids, so that two workers that do this at the same time do not
     -- deadlock.
     waiting AS (
       SELECT j.id, j.created_on FROM jobs.job j
       WHERE j.name = $1 AND j.group_id = $4 AND (j.state < 'active' OR j.id = $5::uuid)
         AND (j.priority > 0) = ($3::int > 0) ORDER BY j.id FOR UPDATE),
     numbered AS (
       SELECT id, row_number() OVER (ORDER BY created_on, id)::int - 1 AS place FROM waiting)
     UPDATE jobs.job j SET priority = $3::int - (first.turn + numbered.place)
     FROM first, numbered
     WHERE j.name = $1 AND j.id = numbered.id AND (j.state < 'active' OR j.id = $5::uuid)`,
    [lane.queue, laneName(lane), top, group, alsoId],
  );
}
