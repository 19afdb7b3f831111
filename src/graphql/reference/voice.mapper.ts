import type { CatalogueVoice, VoiceCatalogue } from "../../providers/speech/speech.port.js";
import { toGlobalId } from "../relay/global-id.js";
import { Voice, VoiceKindName } from "./voice.type.js";

export const toCatalogueVoice = (voice: CatalogueVoice): Voice =>
  Object.assign(new Voice(), {
    id: toGlobalId("Voice", voice.id),
    voiceId: voice.id,
    displayName: voice.displayName,
    provider: voice.provider,
    kind: VoiceKindName.Catalogue,
    gender: voice.gender,
    ageGroup: voice.ageGroup,
    languages: voice.languages,
    isAvailable: true,
  });

/**
 * Returns a narration's voice. If the voice is no longer in the catalogue, the display name is the
 * stored name. If no name is stored, the display name is the voice's id.
 */
export function toVoice(voices: VoiceCatalogue, id: string, storedName: string | null): Voice {
  const known = voices.find(id);
  if (known) return toCatalogueVoice(known);
  return Object.assign(new Voice(), {
    id: toGlobalId("Voice", id),
    voiceId: id,
    displayName: storedName ?? id,
    provider: id.split(":")[0] ?? id,
    kind: VoiceKindName.Catalogue,
    gender: null,
    ageGroup: null,
    languages: [],
    isAvailable: false,
  });
}
