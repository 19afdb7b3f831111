import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError } from "../../platform/errors.js";
import type { Owner } from "../owner.js";
import { type ConsentEntity, isInForce } from "./consent.entity.js";
import { consentStore } from "./consent.store.js";

/**
 * Returns the owner's consent. The consent cannot be revoked before the transaction ends. Call this
 * before each use of the owner's voice.
 * @throws ConflictError if there is no consent, or if the consent was revoked or has expired
 */
export async function requireConsent(tx: Tx, owner: Owner, now: Date): Promise<ConsentEntity> {
  const consent = await consentStore.hold(tx, owner);
  if (!consent) {
    throw new ConflictError(
      "You have not agreed to the use of your voice; read voiceConsentStatement and agree with grantVoiceConsent first.",
    );
  }
  if (isInForce(consent, now)) return consent;
  throw new ConflictError(describeExpiry(consent));
}

/** Returns a sentence for people about a consent that has expired. */
export const describeExpiry = ({ expiresAt }: Pick<ConsentEntity, "expiresAt">): string =>
  `Your consent to the use of your voice expired on ${expiresAt?.toISOString().slice(0, 10) ?? "an unknown day"}; agree again with grantVoiceConsent.`;
