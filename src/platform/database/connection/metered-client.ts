import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";

/**
 * One statement as the pg client sent it. `path` is the GraphQL field that caused the statement.
 * `path` is null if no field caused the statement.
 */
export interface MeteredStatement {
  readonly sql: string;
  readonly path: string | null;
  readonly rows: number;
  readonly timeMs: number;
}

/** The statements that one request sent to PostgreSQL. */
export interface SqlMeter {
  /** Statements that use tables, in the order in which they ended. */
  readonly statements: MeteredStatement[];
  /** How often a connection went from idle to waiting. Pipelined statements share one round trip. */
  roundTrips: number;
}

interface MeterScope {
  readonly meter: SqlMeter;
  readonly path: string | null;
}

const scope = new AsyncLocalStorage<MeterScope>();

export const newSqlMeter = (): SqlMeter => ({ statements: [], roundTrips: 0 });

/** Runs `work`. `meter` counts every statement of `work` under `path`. */
export const meterClient = <T>(meter: SqlMeter, path: string | null, work: () => T): T =>
  scope.run({ meter, path }, work);

const CONTROL =
  /^\s*(BEGIN|START TRANSACTION|SET |COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT set_config|SELECT pg_notify|SELECT 1$)/i;

interface Answer {
  readonly rows: readonly unknown[];
}

type QueryFunction = (...args: unknown[]) => unknown;

/**
 * The pg client with a meter on `query`. TypeORM and the queue both use this client, so the meter
 * sees every statement.
 */
export class MeteredClient extends pg.Client {
  private inFlight = 0;

  // pg has six overloads of `query`. Only the form that returns a promise is counted.
  override query: pg.Client["query"] = ((...args: unknown[]): unknown => {
    const result = this.send(args);
    if (!(result instanceof Promise)) return result;
    return this.count(textOf(args[0]), result as Promise<pg.QueryResult>);
  }) as pg.Client["query"];

  /** True while PostgreSQL has not answered a statement. */
  protected get isWaiting(): boolean {
    return this.inFlight > 0;
  }

  /** Sends the arguments of `query` to PostgreSQL. */
  protected send(args: unknown[]): unknown {
    return (super.query as QueryFunction)(...args);
  }

  /** Counts a statement that was just sent. */
  protected async count<T extends Answer>(sql: string, result: Promise<T>): Promise<T> {
    const { meter = null, path = null } = scope.getStore() ?? {};
    const startedAt = performance.now();
    if (meter && this.inFlight === 0) meter.roundTrips += 1;
    this.inFlight += 1;
    try {
      const answer = await result;
      if (meter && !CONTROL.test(sql)) {
        const timeMs = Math.round((performance.now() - startedAt) * 100) / 100;
        meter.statements.push({ sql, path, rows: answer.rows.length, timeMs });
      }
      return answer;
    } finally {
      this.inFlight -= 1;
    }
  }
}

function textOf(query: unknown): string {
  if (typeof query === "string") return query;
  return (query as { text?: string }).text ?? "";
}
