import { InputProblems } from "../../platform/input/input-problems.js";
import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, ForbiddenError, InvalidInputError } from "../../platform/errors.js";
import { spendQuota } from "../../platform/quotas/quotas.js";
import { userStore } from "../../platform/users/user.store.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import { type Owner, ownerOf } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import { isContentType, requireContentType, requireSize } from "./upload-rules.js";
import {
  type UploadEntity,
  type UploadPurpose,
  UploadStatus,
  uploadStatus,
} from "./upload.entity.js";
import { uploadStore } from "./upload.store.js";
import { noSuchUpload } from "./use-upload.js";

const VALID_MS = 15 * 60_000;
const MAX_AWAITING = 20;

/** The limits of one owner. Infinity means no limit. */
export interface UploadQuotas {
  /** The sum of the declared sizes of all uploads of a day. */
  readonly uploadBytesPerDay: number;
}

export interface UploadRequest {
  readonly purpose: UploadPurpose;
  readonly sizeBytes: number;
  readonly contentType: string;
}

export interface ArrivingFile {
  readonly contentType: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface UploadDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  readonly blobs: OwnedBlobs;
  readonly quotas: UploadQuotas;
  readonly sweepSoon: SweepSoon;
}

/** Takes files from their owners: first a declaration of the file, then its bytes, once. */
export class UploadService {
  constructor(private readonly use: UploadDependencies) {}

  /**
   * Declares a file. The file may arrive within fifteen minutes.
   * @throws InvalidInputError for a size or a content type that the purpose does not allow
   * @throws ConflictError if too many uploads of the owner have no file yet
   * @throws QuotaExceededError
   */
  async create(
    owner: Owner,
    { purpose, sizeBytes, ...asked }: UploadRequest,
  ): Promise<UploadEntity> {
    const problems = new InputProblems();
    problems.check(() => {
      requireSize(purpose, sizeBytes);
    }, null);
    const contentType = problems.check(() => requireContentType(purpose, asked.contentType), "");
    problems.refuse();
    const { database, clock, sweepSoon } = this.use;
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      // Whole seconds, because the URL contains the expiry in seconds.
      const now = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
      await this.refuseMany(tx, owner, now);
      await this.countBytes(tx, owner, sizeBytes, now);
      const expiresAt = new Date(now.getTime() + VALID_MS);
      const declared = { purpose, contentType, sizeBytes, createdAt: now, expiresAt };
      const upload = await uploadStore.insert(tx, owner, declared);
      // The sweep deletes what remains if the file never comes, or comes and is never used.
      await sweepSoon(tx, owner);
      return upload;
    });
  }

  /**
   * Returns an upload whose file may arrive now. Call this before the first byte is read.
   * @param publicId the public id of the owner
   * @throws NotFoundError if the upload does not exist
   * @throws UnauthenticatedError if the owner is deactivated or erased
   * @throws ForbiddenError if the upload has expired
   * @throws ConflictError if the file has arrived before
   */
  async findAwaiting(publicId: string, uploadId: string): Promise<UploadEntity> {
    const { database, clock } = this.use;
    const user = await database.read({ viewer: null }, (tx) =>
      userStore.evenErasedByPublicId(tx, publicId),
    );
    if (!user) throw noSuchUpload();
    const owner = ownerOf(user.id);
    const [upload] = await database.read({ viewer: user.id }, (tx) =>
      uploadStore.byIds(tx, owner, [uploadId]),
    );
    if (!upload) throw noSuchUpload();
    if (upload.receivedAt) throw hasArrived();
    if (uploadStatus(upload, clock.now()) === UploadStatus.Awaiting) return upload;
    throw new ForbiddenError("This upload has expired; create a new upload.");
  }

  /**
   * Stores the file of an upload. If anything fails, nothing is stored, and the file can be sent again
   * until the upload expires.
   * @throws the errors of `findAwaiting`
   * @throws InvalidInputError if the file is not what the upload declares
   * @throws ProviderError or UnavailableError if the storage or the database fails
   */
  async receive(
    publicId: string,
    uploadId: string,
    { contentType, body }: ArrivingFile,
  ): Promise<void> {
    const upload = await this.findAwaiting(publicId, uploadId);
    if (!isContentType(contentType, upload.contentType)) throw isOtherType(upload);
    const { key } = await this.use.storage.put(exactly(body, upload.sizeBytes), {
      contentType: upload.contentType,
      owner: publicId,
    });
    const owner = ownerOf(upload.userId);
    try {
      await this.keep(owner, uploadId, key);
    } catch (error) {
      // If the deletion fails too, the sweep deletes the bytes.
      await this.use.blobs.deleteUnused(owner, [key]).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Gives the stored file to its upload.
   */
  private async keep(owner: Owner, uploadId: string, blobKey: string): Promise<void> {
    const { database, clock, blobs } = this.use;
    await database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const file = { blobKey, receivedAt: clock.now() };
      if (!(await uploadStore.receive(tx, owner, uploadId, file))) {
        const [upload] = await uploadStore.byIds(tx, owner, [uploadId]);
        throw upload ? hasArrived() : noSuchUpload();
      }
      await blobs.requireStored(blobKey);
    });
  }

  private async refuseMany(tx: Tx, owner: Owner, now: Date): Promise<void> {
    const awaiting = await uploadStore.countAwaiting(tx, owner, now);
    if (awaiting < MAX_AWAITING) return;
    throw new ConflictError(
      `${awaiting} of your uploads have no file yet. Send their files, or wait: an upload expires after 15 minutes.`,
    );
  }

  private countBytes(tx: Tx, { userId }: Owner, sizeBytes: number, now: Date): Promise<void> {
    const limit = this.use.quotas.uploadBytesPerDay;
    const quota = { userId, kind: "upload_bytes", unit: "bytes of uploads", limit };
    return spendQuota(tx, quota, sizeBytes, now);
  }
}

const hasArrived = (): ConflictError =>
  new ConflictError(
    "The file of this upload has arrived already; create another upload to send another file.",
  );

const isOtherType = ({ contentType }: UploadEntity): InvalidInputError =>
  new InvalidInputError(
    `The upload declares a file of the type ${contentType}; send this Content-Type, or create another upload.`,
    ["contentType"],
  );

/** Passes the bytes on. Fails if there are not exactly `sizeBytes` bytes. */
async function* exactly(
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  let seenBytes = 0;
  for await (const chunk of body) {
    seenBytes += chunk.length;
    if (seenBytes > sizeBytes) {
      throw wrongSize(`The file has more than the ${sizeBytes} bytes that its upload declares`);
    }
    yield chunk;
  }
  if (seenBytes < sizeBytes) {
    throw wrongSize(
      `The file ended after ${seenBytes} of the ${sizeBytes} bytes that its upload declares`,
    );
  }
}

const wrongSize = (what: string): InvalidInputError =>
  new InvalidInputError(
    `${what}; nothing was stored. Send the whole file, or create another upload.`,
    ["sizeBytes"],
  );
