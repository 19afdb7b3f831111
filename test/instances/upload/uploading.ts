import { Readable } from "node:stream";
import { OwnedBlobs, UploadPurpose, UploadService, ownerOf } from "../../../src/instances/index.js";
import type { UploadDependencies } from "../../../src/instances/upload/upload.service.js";
import type { TestApp } from "../../support/app.js";

export const ada = ownerOf("ada");
export const WAV = {
  purpose: UploadPurpose.VoiceSample,
  sizeBytes: 4,
  contentType: "audio/wav",
} as const;
export const BYTES = new TextEncoder().encode("RIFF");
export const MINUTE_MS = 60_000;

/** Uploads of Ada, with a clock that a test changes. */
export class Uploading {
  nowMs = Date.now();
  readonly clock = { now: () => new Date(this.nowMs) };

  private constructor(
    private readonly app: TestApp,
    readonly publicId: string,
  ) {}

  static async begin(app: TestApp): Promise<Uploading> {
    const { publicId } = await app.given.user("ada");
    await app.given.user("ben");
    return new Uploading(app, publicId);
  }

  serviceWith(use: Partial<UploadDependencies> = {}): UploadService {
    const { database, storage } = this.app;
    return new UploadService({
      ...{ database, storage, clock: this.clock },
      quotas: { uploadBytesPerDay: Infinity },
      blobs: new OwnedBlobs(this.app),
      sweepSoon: () => Promise.resolve(),
      ...use,
    });
  }

  /** Creates an upload of Ada and sends its file. Returns the upload's id. */
  async received(): Promise<string> {
    const uploads = this.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    await uploads.receive(this.publicId, id, fileOf());
    return id;
  }

  blobs(): Promise<unknown[]> {
    return Readable.from(this.app.storage.list(this.publicId)).toArray();
  }

  rows(): Promise<{ id: string; received: boolean; blobKey: string | null }[]> {
    return this.app.superuser(
      `SELECT id, received_at IS NOT NULL AS received, blob_key AS "blobKey"
       FROM instances.user_uploads ORDER BY id`,
    );
  }

  async end(): Promise<void> {
    await this.app.storage.eraseOwner(this.publicId);
    await this.app.clean();
  }
}

export const fileOf = (bytes: Uint8Array = BYTES, contentType = "audio/wav") => ({
  contentType,
  body: Readable.from([bytes]),
});
