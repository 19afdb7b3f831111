import pg from "pg";
import type { Chunk } from "./chunk.js";
import { type MakeRow, plainRowsOf } from "./plain-rows.js";
import { type RowBase, lazyRowsOf } from "./row-class.js";

/** What a client knows about a prepared statement. */
export interface PreparedStatement {
  readonly name: string;
  /** The columns of the statement. Absent until PostgreSQL has described the statement. */
  fields?: pg.FieldDef[];
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * The class to which the rows belong. Such a row decodes a column when the column is read. Without a
   * class, rows are plain objects.
   */
  readonly base?: RowBase;
}

/** A SELECT whose rows decode a column when the column is read. */
export type Select = Required<Statement>;

export interface RowReader {
  readonly readRows: (select: Select) => Promise<readonly object[]>;
}

// Properties of pg's Query that are missing in pg's types.
interface QueryInternals extends pg.Submittable {
  name?: string | undefined;
  readonly _result: pg.QueryResult<object>;
  _canceledDueToError: unknown;
  prepare(connection: pg.Connection): void;
}
type End = (error: Error | null, result: pg.QueryResult<object>) => void;
type QueryClass = new (text: string, values: readonly unknown[], end: End) => QueryInternals;

/**
 * Runs one statement. Makes the rows of the result from the bytes in which they came. PostgreSQL describes
 * a prepared statement only once, because it refuses the statement when its columns have changed.
 */
export class RowQuery extends (pg.Query as unknown as QueryClass) {
  readonly answer: Promise<pg.QueryResult<object>>;
  private readonly base: RowBase | undefined;
  private makeRow: MakeRow | undefined;

  /** @param prepared absent if the statement is not prepared */
  constructor(
    { text, values, base }: Statement,
    private readonly prepared?: PreparedStatement,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult<object>>();
    super(text, values, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
    this.answer = promise;
    this.base = base;
    this.name = prepared?.name;
    if (prepared?.fields) this.expect(prepared.fields);
  }

  override prepare(connection: pg.Connection): void {
    super.prepare(this.makeRow ? withoutDescribe(connection) : connection);
  }

  handleRowDescription({ fields }: { readonly fields: pg.FieldDef[] }): void {
    this.expect(fields);
    if (this.prepared) this.prepared.fields = fields;
  }

  /** @param start the place of the first column */
  addRow(chunk: Chunk, start: number): void {
    try {
      if (this.makeRow) this._result.rows.push(this.makeRow(chunk, start));
    } catch (error) {
      // pg reports this failure after the last row.
      this._canceledDueToError = error;
    }
  }

  private expect(fields: pg.FieldDef[]): void {
    this._result.fields = fields;
    this.makeRow = rowsOf(fields, this.base);
  }
}

const makers = new WeakMap<readonly pg.FieldDef[], Map<RowBase | undefined, MakeRow>>();

function rowsOf(fields: readonly pg.FieldDef[], base: RowBase | undefined): MakeRow {
  const known = makers.get(fields) ?? new Map<RowBase | undefined, MakeRow>();
  makers.set(fields, known);
  const make = known.get(base) ?? (base ? lazyRowsOf(base, fields) : plainRowsOf(fields));
  known.set(base, make);
  return make;
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
