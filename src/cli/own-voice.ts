import type { App } from "../app.js";
import {
  CONSENT_STATEMENT,
  type Owner,
  type PersonalVoice,
  personalVoiceStore,
} from "../instances/index.js";
import { StartupError } from "../platform/errors.js";

/** The word for the owner's first personal voice. */
const MINE = "mine";

/** Reads all personal voices of the owner, oldest first. */
export const readOwnVoices = ({ services }: App, owner: Owner): Promise<readonly PersonalVoice[]> =>
  services.database.read({ viewer: owner.userId }, (tx) =>
    personalVoiceStore.all(tx, owner, services.clock.now()),
  );

/**
 * Returns the id of the voice that a person chose: an id of the catalogue, "mine", or the name or id of a
 * personal voice. Returns the first voice of the catalogue if the person chose none.
 * @throws StartupError if there is no such voice, or if the personal voice cannot speak now
 */
export async function chooseVoice(
  app: App,
  owner: Owner,
  chosen: string | undefined,
): Promise<string> {
  const catalogue = app.services.voices;
  const voice = chosen ?? catalogue.voices[0]?.id ?? "";
  if (catalogue.find(voice)) return voice;
  const own = await readOwnVoices(app, owner);
  const named = own.filter((each) => voice === MINE || isNamed(each, voice));
  const found = named.find(({ unavailable }) => unavailable === null) ?? named[0];
  if (!found) throw new StartupError(explainMissing(voice, [...catalogue.voices, ...own]));
  if (found.unavailable) throw new StartupError(explainSilent(found));
  return found.id;
}

const isNamed = ({ id, displayName }: PersonalVoice, name: string): boolean =>
  id === name || displayName.toLowerCase() === name.toLowerCase();

const explainMissing = (voice: string, choices: readonly { readonly id: string }[]): string =>
  voice === MINE
    ? "You have no voice of your own; train it first: npm run voice -- --train"
    : `There is no voice ${voice}; choose one of ${choices.map(({ id }) => id).join(", ")}.`;

const explainSilent = ({ displayName, unavailable }: PersonalVoice): string =>
  unavailable === "no_consent"
    ? `Your voice “${displayName}” may not be used, because your consent has ended; agree again first: npm run voice -- --agree ${CONSENT_STATEMENT.version}`
    : `Your voice “${displayName}” is not trained; train it first: npm run voice -- --train`;
