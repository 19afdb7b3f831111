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
export async function findVoice(context: FabulaContext, id: string): Promise<Voice | null> {
  const own = (await context.ownVoices()).find((voice) => voice.id === id);
  if (own) return toPersonalVoice(context, own);
  const known = context.services.voices.find(id);
  return known && toCatalogueVoice(known);
}

/**
 * Returns a narration's voice. If the voice is no longer available, the display name is the stored name. If
 * no name is stored, the display name is the voice's id. An edition has personal voices by name and kind.
 */
export async function toVoice(
  context: FabulaContext,
  { id, storedName }: { readonly id: string; readonly storedName: string | null },
  { publishedVoices }: Pick<NarrationView, "publishedVoices">,
): Promise<Voice> {
  const known = await findVoice(context, id);
  if (known) return known;
  const published = publishedVoices.find(({ voice }) => voice === id);
  if (published) return toUnlistedVoice({ ...published, voiceId: id });
  const kind = isPersonalVoiceId(id) ? kindOfVoiceId(id) : VoiceKindName.Catalogue;
  return toUnlistedVoice({ voiceId: id, displayName: storedName ?? id, kind });
}
