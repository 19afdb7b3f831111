import type pg from "pg";
import { type RunningTransaction, cancelTransaction, requestCancel } from "./cancel-request.js";
import {
  type PreparedStatement,
  RowQuery,
  type RowReader,
  type Select,
  type Statement,
} from "../rows/row-query.js";
import { leaveRowsUndecoded } from "../rows/undecoded-rows.js";
import { MeteredClient } from "./metered-client.js";
import { StatementNames } from "./statement-names.js";

const CANCEL_TIMEOUT_MS = 1_000;

// Fields of pg's Client that are missing in pg's types.
interface ClientInternals {
  readonly processID: number;
  readonly secretKey: number;
  readonly _ended: boolean;
  readonly connection: { readonly parsedStatements: Record<string, string> };
}

/**
 * SQLSTATEs of statements whose prepared form is no longer valid: a migration changed the type of a
 * column, or the statement is gone.
 */
const UNUSABLE = new Set(["0A000", "26000"]);

/**
 * A connection of the pool. Its user can stop the running statement, and can close a connection
 * that must not be used again. The statements of one tick go to the socket together.
 */
export class PooledClient extends MeteredClient implements RowReader {
  private names: StatementNames | null = null;
  private isCorked = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    leaveRowsUndecoded(this);
  }

  /**
   * From now on, statements with values are prepared when they come again. Call this only if the
   * connection has a session of its own.
   */
  prepareStatements(): void {
    this.names ??= new StatementNames();
  }

  /**
   * True if no statement runs and no transaction is open. If false, no other caller is allowed to
   * use the connection.
   */
  get isFree(): boolean {
    return !this.isWaiting && this.getTransactionStatus() === "I";
  }

  /**
   * Stops the statement that `transaction` runs. After the promise has resolved, the request cannot
   * stop a later statement.
   * @param directUrl the address of PostgreSQL without a pooler that shares sessions
   */
  async cancelStatement(transaction: RunningTransaction, directUrl?: string): Promise<void> {
    const { host, port, ssl } = this;
    const { processID, secretKey } = this.internals;
    if (processID === transaction.pid) {
      const backend = { host, port, ssl, processID, secretKey };
      if (!(await requestCancel(backend, CANCEL_TIMEOUT_MS))) await this.destroy();
      return;
    }
    // A pooler runs the transaction in another process than `processID`. The pooler invented the key,
    // or the key belongs to a session that can serve another client now. If there is no direct address,
    // the statement runs until its timeout.
    if (directUrl) await cancelTransaction(directUrl, transaction, CANCEL_TIMEOUT_MS);
  }

  /** Closes the socket and sends nothing to PostgreSQL, because PostgreSQL may not answer. */
  async destroy(): Promise<void> {
    if (this.internals._ended) return;
    // Do not use events.once here: it rejects on "error", and the client also emits the loss of its
    // connection as an error.
    const ended = new Promise<void>((resolve) => this.once("end", resolve));
    this.connection.stream.destroy();
    await ended;
  }

  /** Runs one SELECT. Its rows decode a column when the column is read. */
  async readRows(select: Select): Promise<readonly object[]> {
    return (await this.count(select.text, this.sendStatement(select))).rows;
  }

  protected override send(args: unknown[]): unknown {
    const [text, values] = args;
    const hasValues = Array.isArray(values) && values.length > 0;
    if (typeof text === "string" && hasValues && args.length === 2)
      return this.sendStatement({ text, values });
    this.corkForThisTick();
    return super.send(args);
  }

  private async sendStatement(statement: Statement): Promise<pg.QueryResult<object>> {
    const { text, values } = statement;
    const prepared = this.prepared(text, values);
    const query = new RowQuery(statement, prepared);
    this.corkForThisTick();
    super.send([query]);
    try {
      return await query.answer;
    } catch (error) {
      if (prepared && UNUSABLE.has((error as { code?: string }).code ?? ""))
        StatementNames.refuse();
      // The stack of the driver leads to the socket. This stack leads to the caller.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }

  /** Returns the prepared statement for a text, if there is or will be one. */
  private prepared(text: string, values: readonly unknown[]): PreparedStatement | undefined {
    if (!this.names || values.length === 0) return undefined;
    if (this.names.forgetRefused()) this.deallocate("ALL", Object.keys(this.parsedStatements));
    const statement = this.names.statementOf(text);
    if (statement) this.deallocateSurplus(this.names);
    return statement;
  }

  /** One write of several messages costs the system much less than several writes. */
  private corkForThisTick(): void {
    if (this.isCorked) return;
    const { stream } = this.connection;
    this.isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }

  private deallocateSurplus(names: StatementNames): void {
    for (const name of names.takeSurplus()) this.deallocate(name, [name]);
  }

  private deallocate(what: string, names: readonly string[]): void {
    for (const name of names) Reflect.deleteProperty(this.parsedStatements, name);
    // In a failed transaction, the statements stay until the session ends.
    void (super.send([`DEALLOCATE ${what}`]) as Promise<unknown>).catch(() => undefined);
  }

  private get parsedStatements(): Record<string, string> {
    return this.internals.connection.parsedStatements;
  }

  private get internals(): ClientInternals {
    return this as unknown as ClientInternals;
  }
}
