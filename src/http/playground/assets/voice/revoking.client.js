// Revokes the consent, and ends what was published in the person's voice.
import { isPublished, soundAfterRevokingText } from "./own-voice.words.client.js";
import { change, part } from "./requests.client.js";
import { revocationText } from "./words.client.js";

const { FormData } = globalThis;

/**
 * Listens to the form "Change my mind" and to the button "Unpublish them". Calls `onRevoked` with the words
 * about the outcome.
 */
export function listenToRevoking({ attempt, isGiven, onRevoked }) {
  let recordings = "KEEP";

  const revoke = (unpublish) =>
    attempt(async () => {
      const wasGiven = isGiven();
      const revoked = await change("RevokeVoice", { recordings, unpublish });
      const about = [revocationText({ ...revoked, wasGiven }), soundAfterRevokingText(revoked)];
      await onRevoked(about.filter(Boolean).join(" "));
      part("end-editions").hidden = !revoked.publishedNarrations.some(isPublished);
    });

  part("revoke").addEventListener("submit", (event) => {
    event.preventDefault();
    const choices = new FormData(event.target);
    recordings = choices.get("recordings");
    void revoke(choices.has("unpublish"));
  });
  part("end-editions").addEventListener("click", () => revoke(true));
}
