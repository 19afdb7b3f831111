import pg from "pg";

const OWNER_CONDITION = /(?:(?:"\w+"|\w+)\.)?"?user_id"?\s*=\s*(\$\d+)/g;
const CONTROL = /^\s*(BEGIN|START TRANSACTION|SET TRANSACTION|COMMIT|ROLLBACK|SELECT set_config)/i;
/** Leave out the statements of the job queue, which run at the same time on other connections. */
const OF_THE_QUEUE = /\bjobs\.|nspname = 'jobs'/;
/** The notifier and the queue check their own connections at intervals. */
const HEARTBEAT = /^SELECT 1$|pg_listening_channels\(\)/;
const OTHERS = [CONTROL, OF_THE_QUEUE, HEARTBEAT];

type Query = (this: pg.Client, text: unknown, ...rest: unknown[]) => unknown;

/**
 * The result and the statements of `work`. `rewritten` has the statements whose WHERE on the owner was
 * removed. `untouched` has the statements without a WHERE on the owner.
 */
interface Rewriting<T> {
  readonly result: T;
  readonly rewritten: string[];
  readonly untouched: string[];
}

/** A statement that reads its own rows. A prepared one has a name. */
interface OwnQuery {
  text: unknown;
  name: string | undefined;
}

const isOwnQuery = (query: unknown): query is OwnQuery =>
  typeof query === "object" && query !== null && "submit" in query && "text" in query;

/**
 * Runs `work` without the WHERE on the owner in any statement. Replaces this condition in the SQL that
 * reaches the driver, below the stores and TypeORM. The new condition is always true and still uses the
 * parameter.
 */
export async function withoutOwnerCondition<T>(work: () => Promise<T>): Promise<Rewriting<T>> {
  const done = { rewritten: new Array<string>(), untouched: new Array<string>() };
  const client = pg.Client.prototype as unknown as { query: Query };
  const original = client.query;
  client.query = function (query, ...rest) {
    const text = isOwnQuery(query) ? query.text : query;
    if (typeof text !== "string" || OTHERS.some((pattern) => pattern.test(text))) {
      return original.call(this, query, ...rest);
    }
    const sql = text.replace(OWNER_CONDITION, "($1::text IS NOT NULL)");
    (sql === text ? done.untouched : done.rewritten).push(sql);
    if (!isOwnQuery(query)) return original.call(this, sql, ...rest);
    query.text = sql;
    // The name belongs to the statement as it was.
    query.name = undefined;
    return original.call(this, query, ...rest);
  };
  try {
    return { ...done, result: await work() };
  } finally {
    client.query = original;
  }
}
