import pg from "pg";
import type { DataRowMessage } from "./data-row.js";
import { type RowBase, type RowClass, rowClassOf } from "./row-class.js";

/** What a client knows about a prepared statement. */
export interface PreparedStatement {
  readonly name: string;
  /** The class of the statement's rows. Absent until PostgreSQL has described the statement. */
  described?: { readonly base: RowBase; readonly rowClass: RowClass };
}

export interface Select {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The class to which the rows belong: an entity, or Object. */
  readonly base: RowBase;
}

/** Runs a SELECT whose rows decode a column when the column is read. */
export interface RowReader {
  readonly readRows: (select: Select) => Promise<readonly object[]>;
}

export interface RowAnswer {
  readonly rows: readonly object[];
}

// Properties of pg's Query that are missing in pg's types.
interface QueryInternals extends pg.Submittable {
  name?: string | undefined;
  prepare(connection: pg.Connection): void;
}
type End = (error: Error | null) => void;
type QueryClass = new (text: string, values: readonly unknown[], end: End) => QueryInternals;

/** Runs one SELECT. Its rows decode a column when the column is read. */
export class RowQuery extends (pg.Query as unknown as QueryClass) {
  readonly answer: Promise<RowAnswer>;
  private readonly found: object[];
  private rowClass: RowClass | undefined;

  /** @param prepared absent if the statement is not prepared */
  constructor(
    private readonly select: Select,
    private readonly prepared?: PreparedStatement,
  ) {
    const found: object[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<RowAnswer>();
    super(select.text, select.values, (error) => {
      if (error) reject(error);
      else resolve({ rows: found });
    });
    this.answer = promise;
    this.found = found;
    this.name = prepared?.name;
    const described = prepared?.described;
    if (described?.base === select.base) this.rowClass = described.rowClass;
  }

  // PostgreSQL refuses a prepared statement whose columns have changed. So one description is enough.
  override prepare(connection: pg.Connection): void {
    super.prepare(this.rowClass ? withoutDescribe(connection) : connection);
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const { base } = this.select;
    const rowClass = rowClassOf(base, fields);
    this.rowClass = rowClass;
    if (this.prepared) this.prepared.described = { base, rowClass };
  }

  handleDataRow({ bytes, firstColumn }: DataRowMessage): void {
    if (this.rowClass) this.found.push(new this.rowClass(bytes, firstColumn));
  }
}

const quiet = new WeakMap<pg.Connection, pg.Connection>();

/** Returns the connection with a `describe` that sends nothing. */
function withoutDescribe(connection: pg.Connection): pg.Connection {
  const known = quiet.get(connection);
  if (known) return known;
  const made = Object.create(connection, {
    describe: { value: () => undefined },
  }) as pg.Connection;
  quiet.set(connection, made);
  return made;
}
