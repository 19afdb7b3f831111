import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import { type LegacyLink, bytesInDataLink, parseLegacyLink } from "../legacy-sound/legacy-link.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import type { Owner } from "../owner.js";
import { UploadPurpose } from "../upload/upload.entity.js";
import { maxUploadBytes } from "../upload/upload-rules.js";
import type { VoiceSampleEntity } from "./voice-sample.entity.js";

/** A voice sample of the legacy platform, with the rows that lead to its recording. */
export interface OldRecording {
  readonly sample: VoiceSampleEntity;
  /** The key of the file that a link `audio://N` means. Null for other links, and without such a file. */
  readonly fileKey: string | null;
  /** The owner's public id, which blob keys contain. */
  readonly ownerName: string;
}

const MOST_BYTES = maxUploadBytes(UploadPurpose.VoiceSample);
const MOST_SHOWN_CHARACTERS = 300;

export async function readOldRecording(
  tx: Tx,
  owner: Owner,
  sample: VoiceSampleEntity,
): Promise<OldRecording> {
  const link = parseLegacyLink(sample.legacyAudio);
  const ids = link?.kind === "sound" ? [link.id] : [];
  const [file] = await legacySoundStore.byIds(tx, owner, ids);
  const [user] = await userStore.byIds(tx, [owner.userId]);
  return { sample, fileKey: file?.blobKey ?? null, ownerName: user?.publicId ?? "" };
}

/**
 * Returns the key of a stored blob with the recording. A data link's sound is stored first. Fetches
 * nothing from other servers. Call this outside a transaction, because the storage may take seconds.
 * @throws ConflictError if the recording is not here, with what its owner can do
 */
export async function storeOldRecording(
  blobs: OwnedBlobs,
  { sample, fileKey, ownerName }: OldRecording,
): Promise<string> {
  const link = parseLegacyLink(sample.legacyAudio);
  if (link?.kind === "sound" && fileKey !== null && (await blobs.isStored(fileKey))) return fileKey;
  const bytes = link?.kind === "data" ? bytesInDataLink(link.url, MOST_BYTES) : null;
  if (link?.kind === "data" && bytes) {
    return blobs.put(bytes, { contentType: link.contentType, owner: ownerName });
  }
  throw new ConflictError(explainMissing(link), sample);
}

/** Returns a sentence for people that says why a recording is not here, and what to do. */
function explainMissing(link: LegacyLink | null): string {
  switch (link?.kind) {
    case "sound":
      return `The file of this voice sample is missing on the earlier platform; ${AGAIN}.`;
    case "data":
      return `The recording of this voice sample has more than ${MOST_BYTES} bytes. Cut it and add it with createUpload and addVoiceSample, or ${AGAIN}.`;
    case "web":
      return elsewhere(link.url);
    case "relative":
      return elsewhere(link.path);
    case undefined:
      return `This voice sample came without a recording from the earlier platform; ${AGAIN}.`;
  }
}

const AGAIN = "record it again, and delete this voice sample";

const elsewhere = (place: string): string =>
  `The recording of this voice sample is at ${place.slice(0, MOST_SHOWN_CHARACTERS)}, and Fabula does not fetch it. Download it and add it with createUpload and addVoiceSample, or ${AGAIN}.`;
