import { type ConsentEntity, ConsentState, isInForce } from "../consent/consent.entity.js";
import type { VoiceSampleEntity } from "./voice-sample.entity.js";

/** Returns true if the owner may listen to the recording now: under a consent that is in force. */
export const isSampleAudible = (
  { state, blobKey }: Pick<VoiceSampleEntity, "state" | "blobKey">,
  consent: ConsentEntity | null,
  now: Date,
): boolean =>
  blobKey !== null && state === ConsentState.Usable && consent !== null && isInForce(consent, now);
