import type { CatalogueVoice } from "../../providers/speech/speech.port.js";
import { toGlobalId } from "../relay/global-id.js";
import { Voice, VoiceKindName } from "./voice.type.js";

const catalogueVoices = new WeakMap<CatalogueVoice, Voice>();

/** A page can have a thousand segments in a few voices, so each voice becomes one object. */
export function toCatalogueVoice(voice: CatalogueVoice): Voice {
  const made = catalogueVoices.get(voice) ?? makeVoice(voice);
  catalogueVoices.set(voice, made);
  return made;
}

const makeVoice = (voice: CatalogueVoice): Voice =>
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

/** Returns a voice that nobody, or nobody but its owner, can choose. */
export const toUnlistedVoice = (
  voice: Pick<Voice, "voiceId" | "displayName" | "kind"> &
    Partial<Pick<Voice, "languages" | "isAvailable">>,
): Voice =>
  Object.assign(new Voice(), {
    ...{ gender: null, ageGroup: null, languages: [], isAvailable: false },
    provider: voice.voiceId.split(":")[0] ?? voice.voiceId,
    id: toGlobalId("Voice", voice.voiceId),
    ...voice,
  });
