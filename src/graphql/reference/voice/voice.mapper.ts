import type { CatalogueVoice } from "../../../providers/speech/speech.port.js";
import { toGlobalId } from "../../relay/global-id.js";
import { Voice, VoiceKindName } from "./voice.type.js";

const catalogueVoices = new WeakMap<CatalogueVoice, Voice>();

/** A page can have a thousand segments in a few voices, so each voice becomes one object. */
export function toCatalogueVoice(voice: CatalogueVoice): Voice {
  const known = catalogueVoices.get(voice);
  if (known) return known;
  const made = makeVoice({
    voiceId: voice.id,
    displayName: voice.displayName,
    provider: voice.provider,
    kind: VoiceKindName.Catalogue,
    gender: voice.gender,
    ageGroup: voice.ageGroup,
    languages: voice.languages,
    isAvailable: true,
  });
  catalogueVoices.set(voice, made);
  return made;
}

/** Returns a voice that nobody, or nobody but its owner, can choose. */
export const toUnlistedVoice = ({
  voiceId,
  displayName,
  kind,
  languages = [],
  isAvailable = false,
}: Pick<Voice, "voiceId" | "displayName" | "kind"> &
  Partial<Pick<Voice, "languages" | "isAvailable">>): Voice =>
  makeVoice({
    voiceId,
    displayName,
    provider: voiceId.split(":")[0] ?? voiceId,
    kind,
    gender: null,
    ageGroup: null,
    languages,
    isAvailable,
  });

/** Requests share voices, so nobody can change one. */
const makeVoice = (voice: Omit<Voice, "id">): Voice =>
  Object.freeze(
    Object.assign(new Voice(), voice, {
      id: toGlobalId("Voice", voice.voiceId),
      languages: Object.freeze([...voice.languages]),
    }),
  );
