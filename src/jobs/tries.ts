import type { JobWithMetadata, PgBoss } from "pg-boss";

type QueueDatabase = ReturnType<PgBoss["getDb"]>;

/**
 * A job is given up after this number of deaths of its workers, because the job itself may kill its
 * workers. A crash or a restart of a process does not use up the tries of a job that throws.
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
 * Records that a try threw. The queue's own limit of retries must count deaths only, so this
 * function raises the limit by one. After the last allowed try, this function sets the limit so
 * that no retry is left.
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
 * Raises the queue's limit of retries by one. So a try that ended because its process stops does
 * not count.
 */
export async function forgiveTry(db: QueueDatabase, { name, id, retryCount }: Try): Promise<void> {
  await db.executeSql(
    `UPDATE jobs.job SET retry_limit = retry_limit + 1
     WHERE name = $1 AND id = $2 AND retry_count = $3 AND state = 'active'`,
    [name, id, retryCount],
  );
}

/** Returns the payloads that no waiting or running job of the queues has. */
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
