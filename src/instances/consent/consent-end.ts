/** The NOTIFY channel of consents that end. The payload is the result of `ownerTopic`. */
export const CONSENT_END_CHANNEL = "voice_consent_end";
