import {
  type NarrationView,
  type PersonalVoice,
  isPersonalVoiceId,
  kindOfVoiceId,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { toCatalogueVoice, toUnlistedVoice } from "../../reference/voice/voice.mapper.js";
import { type Voice, VoiceKindName } from "../../reference/voice/voice.type.js";

const personalVoices = new WeakMap<PersonalVoice, Voice>();

/** Many segments have the same voice, so each row of a personal voice becomes one object. */
export function toPersonalVoice(
  { services }: Pick<FabulaContext, "services">,
  voice: PersonalVoice,
): Voice {
  const known = personalVoices.get(voice);
  if (known) return known;
  const made = toUnlistedVoice({
    voiceId: voice.id,
    displayName: voice.displayName,
    kind: voice.kind,
    languages: [voice.language],
    isAvailable: voice.unavailable === null && services.emotionVoices.hasProvider(voice.provider),
  });
  personalVoices.set(voice, made);
  return made;
}

type OwnVoices = readonly PersonalVoice[];

/** The personal voices of each read that has ended. From then on, a voice needs no promise. */
const ended = new WeakMap<Promise<OwnVoices>, OwnVoices>();

/** Finds a voice of the catalogue, or a personal voice of the viewer. */
export function findVoice(
  context: FabulaContext,
  id: string,
): Voice | null | Promise<Voice | null> {
  // Read the personal voices even for a voice of the catalogue, so that the number of statements does not
  // depend on rows.
  const reading = context.ownVoices();
  const known = context.services.voices.find(id);
  if (known) return toCatalogueVoice(known);
  const own = ended.get(reading);
  return own ? findOwn(context, id, own) : findOwnLater(context, id, reading);
}

async function findOwnLater(
  context: FabulaContext,
  id: string,
  reading: Promise<OwnVoices>,
): Promise<Voice | null> {
  const own = await reading;
  ended.set(reading, own);
  return findOwn(context, id, own);
}

function findOwn(context: FabulaContext, id: string, own: OwnVoices): Voice | null {
  const voice = own.find((each) => each.id === id);
  return voice ? toPersonalVoice(context, voice) : null;
}

/** A voice of a narration: its id, and the name that the narration has for it. */
interface VoiceOfNarration {
  readonly id: string;
  readonly storedName: string | null;
}

type MaybeEdition = Pick<NarrationView, "published">;

/**
 * Returns a narration's voice. If the voice is no longer available, the display name is the stored name. If
 * no name is stored, the display name is the voice's id. An edition has personal voices by name and kind.
 */
export function toVoice(
  context: FabulaContext,
  voice: VoiceOfNarration,
  narration: MaybeEdition,
): Voice | Promise<Voice> {
  const found = findVoice(context, voice.id);
  if (found instanceof Promise) return toVoiceLater(found, voice, narration);
  return found ?? toMissingVoice(voice, narration);
}

const toVoiceLater = async (
  finding: Promise<Voice | null>,
  voice: VoiceOfNarration,
  narration: MaybeEdition,
): Promise<Voice> => (await finding) ?? toMissingVoice(voice, narration);

function toMissingVoice({ id, storedName }: VoiceOfNarration, { published }: MaybeEdition): Voice {
  const ofEdition = published?.voices.find(({ voice }) => voice === id);
  if (ofEdition) return toUnlistedVoice({ ...ofEdition, voiceId: id });
  const kind = isPersonalVoiceId(id) ? kindOfVoiceId(id) : VoiceKindName.Catalogue;
  return toUnlistedVoice({ voiceId: id, displayName: storedName ?? id, kind });
}
