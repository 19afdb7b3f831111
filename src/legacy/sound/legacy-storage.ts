import { TurnQueue } from "../../platform/database/transactions/turn-queue.js";
import { NotFoundError, ProviderError } from "../../platform/errors.js";
import type {
  BlobContent,
  BlobFacts,
  BlobStorage,
  ByteRange,
  OpenBlob,
  PutOptions,
  StoredBlob,
} from "../../providers/storage/storage.port.js";
import type { StorageWrapper } from "../../providers/storage/storage-wrapper.port.js";
import { type ReadPart, soundParts } from "./sound-parts.js";

const OWNED = /^owned\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/[0-9a-f]{64}$/;

/** Files that a process moves at the same time. Each takes some megabytes of memory and a connection. */
const MOVING = { turns: 2, maxWaiting: 100, waitTimeoutMs: 20_000 };

/** Runs a statement that only reads. */
type Query = (sql: string, values: readonly unknown[]) => Promise<object[]>;

/** Serves the sound of the legacy tables too: the first reader of a blob moves its bytes into the storage. */
export const legacyStorage: StorageWrapper = (inner, database) =>
  new ReadThroughStorage(inner, (sql, values) =>
    database.read({ viewer: null }, (tx) => tx.query<object[]>(sql, [...values])),
  );

export class ReadThroughStorage implements BlobStorage {
  /** True if there is no transition, for example after contract. Then no blob is looked for any more. */
  private isOver = false;
  private readonly moving = new Map<string, Promise<boolean>>();
  private readonly turns = new TurnQueue(MOVING);

  constructor(
    private readonly inner: BlobStorage,
    private readonly query: Query,
  ) {}

  put(content: BlobContent, options: PutOptions): Promise<StoredBlob> {
    return this.inner.put(content, options);
  }

  async open(key: string, range?: ByteRange): Promise<OpenBlob> {
    try {
      return await this.inner.open(key, range);
    } catch (error) {
      if (!(error instanceof NotFoundError) || !(await this.move(key))) throw error;
      return this.inner.open(key, range);
    }
  }

  async stat(key: string): Promise<BlobFacts | null> {
    const found = await this.inner.stat(key);
    if (found) return found;
    return (await this.move(key)) ? this.inner.stat(key) : null;
  }

  delete(key: string): Promise<void> {
    return this.inner.delete(key);
  }

  list(owner: string): AsyncIterable<string> {
    return this.inner.list(owner);
  }

  eraseOwner(owner: string): Promise<number> {
    return this.inner.eraseOwner(owner);
  }

  sweep(olderThan: Date): Promise<number> {
    return this.inner.sweep(olderThan);
  }

  /** Moves a blob into the storage. Readers at the same time wait for one move. Returns false if there is no such blob. */
  private move(key: string): Promise<boolean> {
    const owner = OWNED.exec(key)?.[1];
    if (this.isOver || owner === undefined) return Promise.resolve(false);
    const running = this.moving.get(key);
    if (running) return running;
    const moving = this.moveInTurn(key, owner).finally(() => this.moving.delete(key));
    this.moving.set(key, moving);
    return moving;
  }

  private async moveInTurn(key: string, owner: string): Promise<boolean> {
    const endTurn = await this.turns.takeTurn();
    try {
      return await this.copy(key, owner);
    } finally {
      endTurn();
    }
  }

  private async copy(key: string, owner: string): Promise<boolean> {
    if (!(await this.isThere())) {
      this.isOver = true;
      // Contract may have ended just now. It ends only when the storage has everything.
      return (await this.inner.stat(key)) !== null;
    }
    const contentType = await this.contentTypeOf(key);
    if (contentType === null) return false;
    const stored = await this.inner.put(soundParts(this.reader(key)), { contentType, owner });
    if (stored.key === key) return true;
    throw new ProviderError(`The sound of blob ${key} changed while it was read; try again.`, true);
  }

  private async isThere(): Promise<boolean> {
    const [row] = await this.ask<{ isThere: boolean }>(
      `SELECT to_regprocedure('legacy_sync.read_sound(text, integer, integer)') IS NOT NULL AS "isThere"`,
    );
    return row?.isThere ?? false;
  }

  private async contentTypeOf(key: string): Promise<string | null> {
    const [row] = await this.ask<{ type: string | null }>(
      "SELECT legacy_sync.sound_type_of($1) AS type",
      [key],
    );
    return row?.type ?? null;
  }

  private reader(key: string): ReadPart {
    return async ({ skip, size }) => {
      const [row] = await this.ask<{ part: Buffer | null }>(
        "SELECT legacy_sync.read_sound($1, $2, $3) AS part",
        [key, skip, size],
      );
      return row?.part ?? null;
    };
  }

  private ask<R extends object>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.query(sql, values) as Promise<R[]>;
  }
}
