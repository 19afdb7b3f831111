import pg from "pg";

const OWNER_CONDITION = /(?:(?:"\w+"|\w+)\.)?"?user_id"?\s*=\s*(\$\d+)/g;
const CONTROL = /^\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SELECT set_config)/i;
/** The queue looks after itself meanwhile, on connections of its own. */
const OF_THE_QUEUE = /\bjobs\./;

type Query = (this: pg.Client, text: unknown, ...rest: unknown[]) => unknown;

/** What became of the statements that ran without their owner's WHERE. */
interface Rewriting<T> {
  readonly result: T;
  readonly rewritten: string[];
  readonly untouched: string[];
}

/**
 * Runs `work` with the owner's WHERE taken out of every statement, below TypeORM and the stores:
 * the condition becomes one that is always true and still uses its parameter.
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
