import type { JobWithMetadata, PgBoss } from "pg-boss";

type QueueDatabase = ReturnType<PgBoss["getDb"]>;

/**
 * The number of workers that may die while they run one job. After the last of these deaths, the job is
 * given up, because the job itself may kill its workers. Tries that throw have a separate limit, so the
 * crash of a worker does not count as such a try.
 */
export const MAX_DEATHS = 5;

/** The member of a stored job's payload that counts the tries that threw. */
const THROWN = "thrownTries";

type Try = Pick<JobWithMetadata<unknown>, "name" | "id" | "retryCount" | "data">;

/** Returns how many tries of a job have thrown. */
function countThrownTries(data: unknown): number {
  const thrown: unknown =
    typeof data === "object" && data !== null ? Reflect.get(data, THROWN) : undefined;
  return typeof thrown === "number" ? thrown : 0;
}

/**
 * Records that a try threw. The queue counts every retry, but its limit of retries is meant for deaths
 * only. Therefore this function raises the limit by one for each try that threw. After the last allowed
 * try, sets the limit to the number of retries so far, so that the queue does not retry the job.
 */
export async function countThrownTry(
  db: QueueDatabase,
  { name, id, retryCount, data }: Try,
  retryLimit: number,
): Promise<void> {
  const thrown = countThrownTries(data) + 1;
  const limit = thrown > retryLimit ? "retry_count" : "retry_limit + 1";
  await db.executeSql(
    `UPDATE jobs.job SET retry_limit = ${limit}, data = data || jsonb_build_object('${THROWN}', $4::int)
     WHERE name = $1 AND id = $2 AND retry_count = $3 AND state = 'active'`,
    [name, id, retryCount, thrown],
  );
}

/**
 * Raises the queue's limit of retries by one, so that the current try does not count. Call this function
 * for a try that ended because its process stops.
 */
export async function leaveTryUncounted(
  db: QueueDatabase,
  { name, id, retryCount }: Try,
): Promise<void> {
  await db.executeSql(
    `UPDATE jobs.job SET retry_limit = retry_limit + 1
     WHERE name = $1 AND id = $2 AND retry_count = $3 AND state = 'active'`,
    [name, id, retryCount],
  );
}

/** Returns the payloads for which no job of these queues waits or runs. */
export async function findPayloadsWithoutJob<P extends object>(
  db: QueueDatabase,
  queues: readonly string[],
  payloads: readonly P[],
): Promise<P[]> {
  if (payloads.length === 0) return [];
  const { rows }: { rows: { readonly position: number }[] } = await db.executeSql(
    `SELECT p.position::int FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS p (payload, position)
     LEFT JOIN (SELECT j.data - '${THROWN}' AS payload FROM jobs.job j
       WHERE j.name = ANY($1) AND j.state < 'completed') live ON live.payload = p.payload
     WHERE live.payload IS NULL ORDER BY p.position`,
    [[...queues], JSON.stringify(payloads)],
  );
  return rows.flatMap(({ position }) => payloads[position - 1] ?? []);
}
