interface Kept<V> {
  readonly value: V;
  size: number;
}

/** Keeps the values that were used last. The sum of their sizes is bounded. */
export class BoundedCache<K, V> {
  // A Map keeps the order of insertion. The first entry is the one that was not used for longest.
  private readonly entries = new Map<K, Kept<V>>();
  private usedSize = 0;

  /** @param maxEntrySize a larger value is not kept */
  constructor(
    private readonly maxSize: number,
    private readonly maxEntrySize = maxSize,
  ) {}

  get count(): number {
    return this.entries.size;
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V, size: number): void {
    this.delete(key);
    this.entries.set(key, { value, size: 0 });
    this.grow(key, value, size);
  }

  /** Adds to the size of a value. Does nothing if the value is no longer kept. */
  grow(key: K, value: V, size: number): void {
    const entry = this.entries.get(key);
    if (entry?.value !== value) return;
    entry.size += size;
    this.usedSize += size;
    if (entry.size > this.maxEntrySize) this.delete(key);
    for (const oldest of this.entries.keys()) {
      if (this.usedSize <= this.maxSize) return;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    this.usedSize -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }
}
