// The consent: the statement, "I agree" and "Revoke consent".
import { ask, attemptsOf, change, element, part } from "./requests.client.js";
import { listenToRevoking } from "./revoking.client.js";

const dateText = (date) => new Date(date).toLocaleDateString("en", { dateStyle: "long" });

/** Makes the section. Calls `onChange` after the person agreed or revoked. */
export function consentSection({ onChange }) {
  const section = part("consent");
  const attempt = attemptsOf(section);
  const status = part("consent-status");
  const agree = part("agree");
  let statement;
  let consent = null;

  /** Shows the consent. `kept` is the number of recordings that exist without a consent. */
  function show(kept) {
    showParts(consent !== null, kept);
    status.textContent = consent ? agreedText(consent) : askText(kept);
  }

  async function load() {
    const { voiceConsentStatement, viewer } = await ask("VoiceConsent");
    statement = voiceConsentStatement;
    consent = viewer?.voiceConsent ?? null;
    const paragraphs = statement.text.split("\n\n");
    part("statement").lang = statement.language;
    part("statement").replaceChildren(
      ...paragraphs.map((textContent) => element("p", { textContent })),
    );
  }

  agree.addEventListener("click", () =>
    attempt(async () => {
      const { version, hash } = statement;
      try {
        await change("AgreeToVoice", { statementVersion: version, statementHash: hash });
      } catch (error) {
        // The statement may have changed since the page read it. Then the person must read it again.
        await load();
        throw error;
      }
      await load();
      await onChange();
      part("template").focus();
    }),
  );

  const isGiven = () => consent !== null;
  listenToRevoking({
    attempt,
    isGiven,
    onRevoked: async (words) => {
      await load();
      await onChange();
      status.textContent = words;
      agree.focus();
    },
  });

  return { load, show, isGiven };
}

/** Shows the parts for a person who agreed, or did not. `kept` recordings exist without a consent. */
function showParts(isGiven, kept) {
  part("consent").hidden = false;
  part("statement").hidden = isGiven;
  part("agree").hidden = isGiven;
  part("leave").hidden = !isGiven && kept === 0;
  part("leave").open = false;
  part("end-editions").hidden = true;
  // Without a consent there is nothing to revoke, but kept recordings can be deleted.
  const [keep, remove] = part("revoke").elements.recordings;
  keep.disabled = !isGiven;
  (isGiven ? keep : remove).checked = true;
  part("revoke").querySelector("button").textContent = isGiven ? "Revoke consent" : "Delete all";
}

const agreedText = ({ statementVersion, grantedAt, expiresAt }) => {
  const until = expiresAt ? ` The consent is valid until ${dateText(expiresAt)}.` : "";
  return `You agreed to version ${statementVersion} on ${dateText(grantedAt)}.${until}`;
};

const askText = (kept) =>
  kept > 0
    ? `You have ${kept} ${kept === 1 ? "recording that is" : "recordings that are"} kept and not used. Agree to use them again, or delete them under “Change my mind”.`
    : "Read the statement. You can record after you agree.";
