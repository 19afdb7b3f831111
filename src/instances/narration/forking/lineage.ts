import type { NarrationCredit, NarrationLineage } from "../../../reference/index.js";

/** Where a narration used a voice that a copy of the narration cannot have. */
export const VoicePlace = {
  Narrator: "narrator",
  Character: "character",
  Segments: "segments",
} as const;
export type VoicePlace = (typeof VoicePlace)[keyof typeof VoicePlace];

/** A voice that a copy does not have: a personal voice, or one that is no longer in the catalogue. */
export interface ReplacedVoice {
  readonly place: VoicePlace;
  readonly voiceName: string;
  /** null unless the voice spoke a character. */
  readonly characterName: string | null;
  /** `provider:voice` of the voice that speaks instead. null for segments: their speakers' voices speak. */
  readonly voice: string | null;
}

/** Where a narration comes from, as its owner may know it. */
export interface ForkedFrom extends NarrationLineage {
  readonly replacedVoices: readonly ReplacedVoice[];
}

/** Returns the lineage without what concerns the owner alone. */
export function lineageIn({ replacedVoices: _voices, ...lineage }: ForkedFrom): NarrationLineage {
  return lineage;
}

/** Returns the lineage of a copy of a narration that has the lineage `earlier`. */
export function lineageOf(parent: NarrationCredit, earlier: ForkedFrom | null): NarrationLineage {
  if (!earlier) return parent;
  const { replacedVoices: _voices, original, ...credit } = earlier;
  return { ...parent, original: original ?? credit };
}
