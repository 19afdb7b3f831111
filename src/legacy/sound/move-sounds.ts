import { createHash } from "node:crypto";
import type pg from "pg";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { Ending } from "../backfill/backfill-options.js";
import { Throttle } from "../backfill/throttle.js";
import { SYNC_ROLE, inTransactionAs } from "../connection.js";
import { type ReadPart, soundParts } from "./sound-parts.js";
import { type SoundToMove, nextSounds, noteMoved } from "./sounds-to-move.js";

/** Files at the same time. An S3 storage answers each slowly, and each takes some megabytes of memory. */
const AT_A_TIME = 4;

/** A file whose bytes are not in the storage, and the reason. */
export interface FailedSound {
  /** The row of audio_files. */
  readonly file: string;
  readonly blobKey: string;
  readonly reason: string;
}

export interface MoveOptions {
  readonly storage: BlobStorage;
  readonly mostActive: number;
  /** Called after each few files, with what has been moved since the begin. */
  readonly onProgress: (moved: { readonly files: number; readonly bytes: number }) => void;
  readonly shouldStop: () => boolean;
}

export interface Moved {
  readonly ending: Ending;
  readonly files: number;
  readonly bytes: number;
  readonly failed: readonly FailedSound[];
}

/**
 * Moves the bytes of all files that a user has a link to into the storage, and reads each back. A row is marked only
 * after that, so a move that was killed goes on with the rows that have no mark.
 * @throws ProviderError if the storage fails, for example because its disk is full
 */
export const moveSounds = (client: pg.Client, options: MoveOptions): Promise<Moved> =>
  new Move(client, options).run();

class Move {
  private files = 0;
  private bytes = 0;
  private readonly failed = new Map<string, FailedSound>();
  private readonly throttle: Throttle;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: pg.Client,
    private readonly options: MoveOptions,
  ) {
    this.throttle = new Throttle(options);
  }

  async run(): Promise<Moved> {
    for (let before = -1; this.files > before;) {
      before = this.files;
      // Rows that came meanwhile may be in front of the last one, so look again after a round that moved some.
      const ending = await this.round();
      if (ending !== Ending.Done) return this.result(ending);
    }
    return this.result(Ending.Done);
  }

  private result(ending: Ending): Moved {
    return { ending, files: this.files, bytes: this.bytes, failed: [...this.failed.values()] };
  }

  private async round(): Promise<Ending> {
    for (let after: SoundToMove | null = null; ;) {
      await this.throttle.rest(this.client, 0);
      if (this.options.shouldStop()) return Ending.Stopped;
      const sounds = await nextSounds(this.client, after, AT_A_TIME);
      after = sounds.at(-1) ?? null;
      if (after === null) return Ending.Done;
      if ((await this.moveGroup(sounds)).isPaused) return Ending.Paused;
    }
  }

  private async moveGroup(sounds: readonly SoundToMove[]): Promise<{ readonly isPaused: boolean }> {
    const outcomes = await Promise.allSettled(sounds.map((sound) => this.move(sound)));
    const moved = sounds.filter((_sound, index) => isTrue(outcomes[index]));
    const noted = await noteMoved(this.client, moved);
    this.files += moved.length;
    this.bytes += moved.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.options.onProgress({ files: this.files, bytes: this.bytes });
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    return noted;
  }

  /** Returns true if the storage has the bytes. */
  private async move(sound: SoundToMove): Promise<boolean> {
    const { storage } = this.options;
    const { blobKey: key, contentType, owner } = sound;
    const isThere = (await storage.stat(key)) !== null && (await this.isRight(key));
    if (!isThere) {
      const stored = await storage.put(soundParts(this.reader(key)), { contentType, owner });
      if (stored.key !== key) return this.fail(sound, "it changed while it was read");
      if (!(await this.isRight(key))) return this.fail(sound, "the storage gives other bytes back");
    }
    this.failed.delete(nameOf(sound));
    return true;
  }

  private fail(sound: SoundToMove, reason: string): false {
    const { id: file, blobKey } = sound;
    this.failed.set(nameOf(sound), { file, blobKey, reason });
    return false;
  }

  /** Reads a blob back, and compares the hash of its bytes with its key. */
  private async isRight(key: string): Promise<boolean> {
    const { stream } = await this.options.storage.open(key);
    const sha256 = createHash("sha256");
    for await (const chunk of stream) sha256.update(chunk as Uint8Array);
    return key.endsWith(`/${sha256.digest("hex")}`);
  }

  /** A connection runs one transaction at a time. */
  private reader(key: string): ReadPart {
    return ({ skip, size }) => {
      const read = async (): Promise<Buffer | null> => {
        const { rows } = await inTransactionAs(this.client, SYNC_ROLE, () =>
          this.client.query<{ part: Buffer | null }>(
            "SELECT legacy_sync.read_sound($1, $2, $3) AS part",
            [key, skip, size],
          ),
        );
        return rows[0]?.part ?? null;
      };
      const result = this.reading.then(read);
      this.reading = result.catch(() => undefined);
      return result;
    };
  }
}

const nameOf = ({ userId, id }: SoundToMove): string => `${userId} ${id}`;

const isTrue = (outcome: PromiseSettledResult<boolean> | undefined): boolean =>
  outcome?.status === "fulfilled" && outcome.value;
