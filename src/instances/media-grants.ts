import type { NarrationView } from "./narration/narration-view.js";
import type { VoiceSampleEntity } from "./voice-sample/voice-sample.entity.js";

const OWNED_BLOB = /^owned\/([0-9a-f-]{36})\/[0-9a-f]{64}$/;
const GRANT = /^(?:own|sample\.(\d{1,19})|voice\.(\d{1,19})|narration\.(\d{1,19})\.(\d{1,10}))$/;

/** The grant of a preview's blob in a catalogue voice. Its URL works while its owner may sign in. */
export const PREVIEW_GRANT = "own";

/**
 * Returns the grant of a preview's blob in a personal voice. The grant ends with the consent, and with
 * the voice.
 * @param voiceRowId `PersonalVoice.rowId`
 */
export const personalPreviewGrantOf = (voiceRowId: string): string => `voice.${voiceRowId}`;

/**
 * Returns the reason why a viewer may read a blob, to sign with the blob's URL. A grant ends when the
 * narration is unpublished or deleted. The owner and all other viewers have the same grant, so they get
 * the same URL. A shared blob has no owner and no grant: null. The grant reveals no users.id.
 */
export function mediaGrantOf(
  { id, unpublishedCount }: Pick<NarrationView, "id" | "unpublishedCount">,
  blobKey: string,
): string | null {
  return OWNED_BLOB.test(blobKey) ? `narration.${id}.${unpublishedCount}` : null;
}

/**
 * Returns the grant of a voice sample's recording. The grant ends when the sample is deleted, and when
 * the consent ends.
 */
export const sampleGrantOf = ({ id }: Pick<VoiceSampleEntity, "id">): string => `sample.${id}`;

/**
 * A parsed grant. `narration`, `sampleId` and `voiceId` are null for other sound of the owner, such as a
 * preview in a catalogue voice.
 */
export interface Grant {
  readonly ownerName: string;
  readonly narration: { readonly id: string; readonly unpublishedCount: number } | null;
  readonly sampleId: string | null;
  /** The id of a personal voice's row. */
  readonly voiceId: string | null;
}

/** Returns null if no grant of this form belongs to the blob. */
export function parseGrant(blobKey: string, grant: string): Grant | null {
  const [, ownerName] = OWNED_BLOB.exec(blobKey) ?? [];
  const parts = GRANT.exec(grant);
  if (ownerName === undefined || !parts) return null;
  const [, sampleId = null, voiceId = null, id, count] = parts;
  return {
    ...{ ownerName, sampleId, voiceId },
    narration: id === undefined ? null : { id, unpublishedCount: Number(count) },
  };
}
