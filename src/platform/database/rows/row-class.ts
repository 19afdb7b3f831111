import type { FieldDef } from "pg";
import type { Chunk } from "./chunk.js";
import { type Decode, decoderOf } from "./column-decoders.js";
import { LENGTH_BYTES } from "./data-row.js";
import { type MakeRow, shapeOf } from "./plain-rows.js";
import { MOST_BYTES } from "./recent-texts.js";

/** The class of rows: an entity, or Object. Its constructor is never called. */
export interface RowBase {
  readonly prototype: object;
}

type RowClass = new (chunk: Chunk, start: number) => Row;

interface Column {
  readonly index: number;
  readonly decode: Decode;
}

/** The columns whose values the rows of a class may keep. A column gets its place at its first read. */
interface KeptColumns {
  count: number;
}

/**
 * A row of an answer, as PostgreSQL sent it. A subclass has a getter for each column, which decodes the
 * column. Most columns of a row are never read. The row keeps the memory of the chunk in which it came.
 */
class Row {
  readonly #chunk: Chunk;
  readonly #start: number;
  #kept: unknown[] | undefined;

  constructor(chunk: Chunk, start: number) {
    this.#chunk = chunk;
    this.#start = start;
  }

  static isRow(value: object): boolean {
    return #chunk in value;
  }

  static read(row: Row, { index, decode }: Column): unknown {
    const { bytes, view } = row.#chunk;
    let at = row.#start;
    let length = view.getInt32(at);
    for (let passed = 0; passed < index; passed += 1) {
      at += length > 0 ? LENGTH_BYTES + length : LENGTH_BYTES;
      length = view.getInt32(at);
    }
    if (length < 0) return null;
    at += LENGTH_BYTES;
    return decode(bytes, at, at + length);
  }

  /** Gives the same value as an earlier call, unless the value is cheap to decode. */
  static readOnce(row: Row, column: Column, place: number, { count }: KeptColumns): unknown {
    const known = row.#kept?.[place];
    if (known !== undefined) return known;
    const value = Row.read(row, column);
    if (value === null || (typeof value === "string" && value.length <= MOST_BYTES)) return value;
    row.#kept ??= new Array<unknown>(count).fill(undefined);
    row.#kept[place] = value;
    return value;
  }
}

const classes = new WeakMap<RowBase, Map<string, RowClass>>();

/**
 * Makes rows with these columns that are also objects of `base`. A row decodes a column when the column is
 * read.
 */
export function lazyRowsOf(base: RowBase, fields: readonly FieldDef[]): MakeRow {
  const RowOfStatement = rowClassOf(base, fields);
  return (chunk, start) => new RowOfStatement(chunk, start);
}

/** Returns one class for each list of names and types, so that equal rows have the same shape. */
function rowClassOf(base: RowBase, fields: readonly FieldDef[]): RowClass {
  const ofBase = classes.get(base) ?? new Map<string, RowClass>();
  classes.set(base, ofBase);
  const shape = shapeOf(fields);
  const known = ofBase.get(shape) ?? newRowClass(base, fields);
  ofBase.set(shape, known);
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
