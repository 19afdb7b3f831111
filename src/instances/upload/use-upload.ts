import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError } from "../../platform/errors.js";
import type { Owner } from "../owner.js";
import {
  type UploadEntity,
  type UploadPurpose,
  UploadStatus,
  uploadStatus,
} from "./upload.entity.js";
import { uploadStore } from "./upload.store.js";

/** A file that has arrived. */
export interface UploadedFile {
  readonly blobKey: string;
  readonly sizeBytes: number;
  readonly contentType: string;
}

/**
 * Marks an upload as used and returns its file. In the same transaction, the caller stores the key of
 * the blob in a row of the owner. Otherwise the file is deleted.
 * @throws NotFoundError if the owner has no such upload for this purpose
 * @throws ConflictError if the upload has no file yet, was used, or has expired
 */
export async function useUpload(
  tx: Tx,
  owner: Owner,
  uploadId: string,
  { purpose, now }: { readonly purpose: UploadPurpose; readonly now: Date },
): Promise<UploadedFile> {
  const upload = await uploadStore.lock(tx, owner, { id: uploadId, purpose });
  if (!upload) throw noSuchUpload();
  const file = fileOf(upload, now);
  await uploadStore.use(tx, owner, uploadId, now);
  return file;
}

/**
 * Returns the file of an upload that could be used now, and leaves the upload as it is.
 * @throws the errors of `useUpload`
 */
export async function findReceived(
  tx: Tx,
  owner: Owner,
  { id, purpose }: Pick<UploadEntity, "id" | "purpose">,
  now: Date,
): Promise<UploadedFile> {
  const [upload] = await uploadStore.byIds(tx, owner, [id]);
  if (upload?.purpose !== purpose) throw noSuchUpload();
  return fileOf(upload, now);
}

function fileOf(upload: UploadEntity, now: Date): UploadedFile {
  const { blobKey, sizeBytes, contentType } = upload;
  if (uploadStatus(upload, now) !== UploadStatus.Received || blobKey === null) {
    throw new ConflictError(whyUnusable(upload, now), null, { inputPath: ["uploadId"] });
  }
  return { blobKey, sizeBytes, contentType };
}

export const noSuchUpload = (): NotFoundError =>
  new NotFoundError("There is no such upload of yours; create a new upload.", ["uploadId"]);

function whyUnusable(upload: UploadEntity, now: Date): string {
  const status = uploadStatus(upload, now);
  if (status === UploadStatus.Used)
    return "This upload was used already; create a new upload to send another file.";
  if (status === UploadStatus.Expired)
    return "This upload has expired; create a new upload and send the file again.";
  return "This upload has no file yet; PUT the file to the upload's URL first.";
}
