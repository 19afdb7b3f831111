import type { FieldDef } from "pg";
import type { Chunk } from "./chunk.js";
import { decoderOf } from "./column-decoders.js";
import { LENGTH_BYTES } from "./data-row.js";

/** Makes a row from the bytes of an answer. `start` is the place of the first column. */
export type MakeRow = (chunk: Chunk, start: number) => object;

const known = new Map<string, MakeRow>();

/** Makes plain objects. Decodes all columns, as the driver does. */
export function plainRowsOf(fields: readonly FieldDef[]): MakeRow {
  const shape = shapeOf(fields);
  const make = known.get(shape) ?? newPlainRows(fields);
  known.set(shape, make);
  return make;
}

/** Names the columns and their types. The statements of all connections have few shapes. */
export const shapeOf = (fields: readonly FieldDef[]): string =>
  JSON.stringify(fields.map(({ name, dataTypeID }) => [name, dataTypeID]));

function newPlainRows(fields: readonly FieldDef[]): MakeRow {
  const columns = fields.map(({ name, dataTypeID }) => ({
    name,
    decode: decoderOf(dataTypeID).decode,
  }));
  // All copies of one object have the same shape.
  const empty = Object.fromEntries<unknown>(columns.map(({ name }) => [name, null]));
  return ({ bytes, view }, start) => {
    const row = { ...empty };
    let at = start;
    for (const { name, decode } of columns) {
      const length = view.getInt32(at);
      at += LENGTH_BYTES;
      row[name] = length < 0 ? null : decode(bytes, at, at + length);
      if (length > 0) at += length;
    }
    return row;
  };
}
