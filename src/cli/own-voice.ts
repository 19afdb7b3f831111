import type { App } from "../app.js";
import {
  CONSENT_STATEMENT,
  type Owner,
  type PersonalVoice,
  personalVoiceStore,
} from "../instances/index.js";
import { StartupError } from "../platform/errors.js";
import { nearestTo } from "../platform/text/nearest.js";

/** The word for the owner's first personal voice. */
const MINE = "mine";

/** Reads all personal voices of the owner, oldest first. */
export const readOwnVoices = ({ services }: App, owner: Owner): Promise<readonly PersonalVoice[]> =>
  services.database.read({ viewer: owner.userId }, (tx) =>
    personalVoiceStore.all(tx, owner, services.clock.now()),
  );

/**
 * Returns the id of the voice that a person chose. Returns the first voice of the catalogue if the person chose
 * none.
 * @throws StartupError as `findVoice`
 */
export async function chooseVoice(
  app: App,
  owner: Owner,
  chosen: string | undefined,
): Promise<string> {
  const { voices: catalogue } = app.services.voices;
  const voice = chosen ?? catalogue[0]?.id ?? "";
  const isId = catalogue.some(({ id }) => id === voice);
  return isId ? voice : findVoice(voice, catalogue, await readOwnVoices(app, owner));
}

interface Named {
  readonly id: string;
  readonly displayName: string;
}

type OwnVoice = Named & Pick<PersonalVoice, "unavailable">;

/**
 * Returns the id of the voice with this id or name, in any case: a voice of the catalogue, or one of the
 * person's own. "mine" is the first of the person's own.
 * @throws StartupError if there is no such voice, if several voices have the name, or if the voice cannot
 * speak now
 */
export function findVoice(
  voice: string,
  catalogue: readonly Named[],
  own: readonly OwnVoice[],
): string {
  if (voice === MINE && own.length > 0) return speakingOf(own);
  const all = [...catalogue, ...own];
  const named = all.filter((each) => isNamed(each, voice));
  const [first, ...others] = named.filter((each) => !isSilent(each));
  if (others.length > 0) throw new StartupError(explainAmbiguous(voice, named));
  if (first) return first.id;
  if (named.length > 0) return speakingOf(own.filter((each) => isNamed(each, voice)));
  throw new StartupError(explainMissing(voice, all));
}

/** Returns false for voices of the catalogue, which can always speak. */
const isSilent = (voice: Named | OwnVoice): boolean =>
  "unavailable" in voice && voice.unavailable !== null;

/** Returns the first voice that can speak. @throws StartupError that says what the first voice lacks */
function speakingOf(own: readonly OwnVoice[]): string {
  const found = own.find((each) => !isSilent(each));
  if (found) return found.id;
  throw new StartupError(own[0] ? explainSilent(own[0]) : NO_VOICE);
}

/** An id may be written without its provider: slt for flite:slt. */
function isNamed({ id, displayName }: Named, name: string): boolean {
  const names = [id, displayName, id.slice(id.indexOf(":") + 1)];
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

const NO_VOICE = "You have no voice of your own; train it first: npm run voice -- --train";
const MOST_LISTED = 20;

function explainMissing(voice: string, choices: readonly Named[]): string {
  if (voice === MINE) return NO_VOICE;
  const near = nearestTo(voice, [
    ...new Set(choices.flatMap(({ id, displayName }) => [displayName, id])),
  ]);
  const meant = choices.filter((each) => near.some((name) => isNamed(each, name)));
  const advice = meant.length > 0 ? ` Do you mean ${meant.map(describe).join(" or ")}?` : "";
  const listed = choices.slice(0, MOST_LISTED).map(describe).join(", ");
  const more = choices.length > MOST_LISTED ? ` and ${choices.length - MOST_LISTED} more` : "";
  return `There is no voice ${voice}.${advice} Choose one of ${listed}${more}.`;
}

const explainAmbiguous = (voice: string, named: readonly Named[]): string =>
  `Several voices are called ${voice}; choose one by its id: ${named.map(describe).join(", ")}.`;

const describe = ({ id, displayName }: Named): string => `${displayName} (${id})`;

const explainSilent = ({ displayName, unavailable }: OwnVoice): string =>
  unavailable === "no_consent"
    ? `Your voice “${displayName}” may not be used, because your consent has ended; agree again first: npm run voice -- --agree ${CONSENT_STATEMENT.version}`
    : `Your voice “${displayName}” is not trained; train it first: npm run voice -- --train`;
