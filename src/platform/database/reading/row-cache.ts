/** A row of shared data. No two states of a row, and no two rows, have the same `rowVersion`. */
export interface VersionedRow {
  readonly id: number;
  readonly rowVersion: string;
}

interface Entry {
  readonly row: VersionedRow;
  readonly bytes: number;
}

/** What one entry costs besides its values: the map's slot, the key and the objects' headers. */
const ENTRY_BYTES = 500;
/** V8 stores most texts with one byte for each character, and needs about as much for the objects. */
const BYTES_PER_JSON_CHARACTER = 2;

/**
 * Keeps rows of shared data in this process. A row is found only under the version that a statement of
 * the request has just read, so a change by any process is seen at once. Removes the rows that were not
 * used for the longest time when the limit is reached.
 */
export class RowCache {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  /** @param maxBytes the limit of all rows together, by an estimate from their JSON */
  constructor(private readonly maxBytes: number) {}

  get sizeBytes(): number {
    return this.bytes;
  }

  find(kind: string, { id, rowVersion }: VersionedRow): VersionedRow | undefined {
    const key = `${kind} ${id}`;
    const entry = this.entries.get(key);
    if (entry?.row.rowVersion !== rowVersion) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.row;
  }

  /** Keeps a row. From now on, nobody can change the row. */
  keep(kind: string, row: VersionedRow): void {
    const key = `${kind} ${row.id}`;
    const bytes = ENTRY_BYTES + JSON.stringify(row).length * BYTES_PER_JSON_CHARACTER;
    this.remove(key);
    if (bytes > this.maxBytes) return;
    freeze(row);
    this.entries.set(key, { row, bytes });
    this.bytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}
