import type { FieldDef } from "pg";
import { type Decode, decoderOf } from "./column-decoders.js";
import type { MakeRow } from "./plain-rows.js";

const LENGTH_BYTES = 4;

/** A class without a constructor of interest: an entity, or Object. */
export interface RowBase {
  readonly prototype: object;
}

type RowClass = new (bytes: Buffer, start: number) => Row;

interface Column {
  readonly index: number;
  readonly decode: Decode;
}

/** The columns of a row class whose values rows keep. A column gets its place at its first read. */
interface KeptColumns {
  count: number;
}

/**
 * A row of an answer, as PostgreSQL sent it. A subclass has a getter for each column, which decodes the
 * column. Most columns of a row are never read. The row keeps the memory of the chunk in which it came.
 */
class Row {
  readonly #bytes: Buffer;
  readonly #start: number;
  #kept: unknown[] | undefined;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  static isRow(value: object): boolean {
    return #bytes in value;
  }

  static read(row: Row, { index, decode }: Column): unknown {
    const bytes = row.#bytes;
    let at = row.#start;
    let length = bytes.readInt32BE(at);
    for (let passed = 0; passed < index; passed += 1) {
      // The length of NULL is -1.
      at += length > 0 ? LENGTH_BYTES + length : LENGTH_BYTES;
      length = bytes.readInt32BE(at);
    }
    if (length < 0) return null;
    at += LENGTH_BYTES;
    return decode(bytes, at, at + length);
  }

  /** Decodes the column at the first call, and returns the same value at each later call. */
  static readOnce(row: Row, column: Column, place: number, { count }: KeptColumns): unknown {
    const kept = (row.#kept ??= new Array<unknown>(count).fill(undefined));
    return (kept[place] ??= Row.read(row, column));
  }
}

const classes = new WeakMap<RowBase, Map<string, RowClass>>();

/**
 * Makes rows with these columns that are also objects of `base`. A row decodes a column when the column is
 * read.
 */
export function lazyRowsOf(base: RowBase, fields: readonly FieldDef[]): MakeRow {
  const RowOfStatement = rowClassOf(base, fields);
  return (bytes, start) => new RowOfStatement(bytes, start);
}

/** Returns one class for each list of names and types, so that equal rows have the same shape. */
function rowClassOf(base: RowBase, fields: readonly FieldDef[]): RowClass {
  const ofBase = classes.get(base) ?? new Map<string, RowClass>();
  classes.set(base, ofBase);
  const key = JSON.stringify(fields.map(({ name, dataTypeID }) => [name, dataTypeID]));
  const known = ofBase.get(key) ?? newRowClass(base, fields);
  ofBase.set(key, known);
  return known;
}

function newRowClass(base: RowBase, fields: readonly FieldDef[]): RowClass {
  class RowOfStatement extends Row {}
  const { prototype } = RowOfStatement;
  Object.setPrototypeOf(prototype, base.prototype);
  Object.defineProperty(prototype, "constructor", { value: base });
  const kept: KeptColumns = { count: 0 };
  fields.forEach(({ name, dataTypeID }, index) => {
    const { decode, isKept } = decoderOf(dataTypeID);
    const column = { index, decode };
    const get = isKept ? keptGetter(column, kept) : getter(column);
    // As in the driver, the last one of several columns with the same name wins.
    Object.defineProperty(prototype, name, { get, enumerable: true, configurable: true });
  });
  return RowOfStatement;
}

const getter = (column: Column) =>
  function (this: Row): unknown {
    return Row.read(this, column);
  };

function keptGetter(column: Column, kept: KeptColumns) {
  let place = -1;
  return function (this: Row): unknown {
    if (place < 0) place = kept.count++;
    return Row.readOnce(this, column, place, kept);
  };
}

/**
 * Copies a row of `readRows` into an object that has every column as a property of its own. Returns other
 * objects as they are.
 */
export function plainRow<T extends object>(row: T): T {
  if (!Row.isRow(row)) return row;
  const rowClass = Object.getPrototypeOf(row) as object;
  const plain = Object.create(Object.getPrototypeOf(rowClass) as object) as T;
  for (const name in row) plain[name] = row[name];
  return plain;
}
