import pg from "pg";

const OWNER_CONDITION = /(?:(?:"\w+"|\w+)\.)?"?user_id"?\s*=\s*(\$\d+)/g;
const CONTROL = /^\s*(BEGIN|START TRANSACTION|SET TRANSACTION|COMMIT|ROLLBACK|SELECT set_config)/i;
/** The job queue runs its own statements at the same time, on its own connections. */
const OF_THE_QUEUE = /\bjobs\./;

type Query = (this: pg.Client, text: unknown, ...rest: unknown[]) => unknown;

/**
 * What `work` did. `rewritten` has the statements whose WHERE on the owner was removed, `untouched` the
 * statements without this WHERE.
 */
interface Rewriting<T> {
  readonly result: T;
  readonly rewritten: string[];
  readonly untouched: string[];
}

/**
 * Runs `work` without the WHERE on the owner in any statement. The condition is replaced below TypeORM
 * and the stores, by a condition that is always true and still uses its parameter.
 */
export async function withoutOwnerCondition<T>(work: () => Promise<T>): Promise<Rewriting<T>> {
  const done = { rewritten: new Array<string>(), untouched: new Array<string>() };
  const client = pg.Client.prototype as unknown as { query: Query };
  const original = client.query;
  client.query = function (text, ...rest) {
    if (typeof text !== "string" || CONTROL.test(text) || OF_THE_QUEUE.test(text)) {
      return original.call(this, text, ...rest);
    }
    const sql = text.replace(OWNER_CONDITION, "($1::text IS NOT NULL)");
    (sql === text ? done.untouched : done.rewritten).push(sql);
    return original.call(this, sql, ...rest);
  };
  try {
    return { ...done, result: await work() };
  } finally {
    client.query = original;
  }
}
