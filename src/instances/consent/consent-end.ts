import { ConflictError } from "../../platform/errors.js";

/** The NOTIFY channel of consents that end. The payload is the result of `ownerTopic`. */
export const CONSENT_END_CHANNEL = "voice_consent_end";

/** The code of the failure of a render that ended because the consent ended. */
export const CONSENT_ENDED = "CONSENT_ENDED";

/** The consent to the use of the owner's voice was revoked, or has expired. */
export class ConsentEndedError extends ConflictError {}
