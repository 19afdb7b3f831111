import { BoundedCache } from "../../bounded-cache.js";

/** A row of shared data. No two states of a row, and no two rows, have the same `rowVersion`. */
export interface VersionedRow {
  readonly id: number;
  readonly rowVersion: string;
}

/** What one row costs besides its key and its values: the slot in the map and the headers of objects. */
const ROW_BYTES = 500;
/** V8 stores most texts with one byte for each character, and needs about as much for the objects. */
const BYTES_PER_JSON_CHARACTER = 2;

/**
 * Keeps rows of shared data in this process. A row is found only under the version that a statement of
 * the request has just read, so a change by any process is seen at once. Removes the rows that were not
 * used for the longest time when the limit is reached.
 */
export class RowCache {
  private readonly rows: BoundedCache<string, VersionedRow>;

  /** @param maxBytes the limit of all rows together, by estimates */
  constructor(maxBytes: number) {
    this.rows = new BoundedCache(maxBytes);
  }

  find(kind: string, { id, rowVersion }: VersionedRow): VersionedRow | undefined {
    const row = this.rows.get(`${kind} ${id}`);
    return row?.rowVersion === rowVersion ? row : undefined;
  }

  /** Keeps a row. From now on, nobody can change the row. */
  keep(kind: string, row: VersionedRow): void {
    const bytes = JSON.stringify(row).length * BYTES_PER_JSON_CHARACTER;
    freeze(row);
    const key = `${kind} ${row.id}`;
    this.rows.set(key, row, ROW_BYTES + key.length + bytes);
  }
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}
