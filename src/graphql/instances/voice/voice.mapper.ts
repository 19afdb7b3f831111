import {
  type NarrationView,
  type PersonalVoice,
  isPersonalVoiceId,
  kindOfVoiceId,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { toCatalogueVoice, toUnlistedVoice } from "../../reference/voice.mapper.js";
import { type Voice, VoiceKindName } from "../../reference/voice.type.js";

export const toPersonalVoice = (
  { services }: Pick<FabulaContext, "services">,
  voice: PersonalVoice,
): Voice =>
  toUnlistedVoice({
    voiceId: voice.id,
    displayName: voice.displayName,
    kind: voice.kind,
    languages: [voice.language],
    isAvailable: voice.unavailable === null && services.emotionVoices.hasProvider(voice.provider),
  });

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
  return reading.then((voices) => {
    const own = voices.find((voice) => voice.id === id);
    return own ? toPersonalVoice(context, own) : null;
  });
}

/**
 * Returns a narration's voice. If the voice is no longer available, the display name is the stored name. If
 * no name is stored, the display name is the voice's id. An edition has personal voices by name and kind.
 */
export function toVoice(
  context: FabulaContext,
  { id, storedName }: { readonly id: string; readonly storedName: string | null },
  { publishedVoices }: Pick<NarrationView, "publishedVoices">,
): Voice | Promise<Voice> {
  const found = findVoice(context, id);
  const missing = (): Voice => {
    const published = publishedVoices.find(({ voice }) => voice === id);
    if (published) return toUnlistedVoice({ ...published, voiceId: id });
    const kind = isPersonalVoiceId(id) ? kindOfVoiceId(id) : VoiceKindName.Catalogue;
    return toUnlistedVoice({ voiceId: id, displayName: storedName ?? id, kind });
  };
  return found instanceof Promise
    ? found.then((voice) => voice ?? missing())
    : (found ?? missing());
}
