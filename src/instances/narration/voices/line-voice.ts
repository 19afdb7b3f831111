import type { CastMember } from "./cast.js";

/** The voices a narration can give to a line of its script. */
export interface NarrationVoices {
  /** `provider:voice` */
  readonly narratorVoice: string;
  readonly voiceCast: readonly Pick<CastMember, "characterId" | "voice" | "voiceName">[];
}

/** The parts of a script line that decide its voice. */
export interface VoicedLine {
  /** The voice the owner gave to this line alone, as `provider:voice`. */
  readonly voice: string | null;
  readonly speakerId: string | null;
}

/**
 * Returns the voice that speaks a line, as `provider:voice`. The first of these voices that exists: the
 * line's own voice, the voice of the line's speaker, the narrator's voice.
 */
export function voiceOfLine(
  { voice, speakerId }: VoicedLine,
  { voiceCast, narratorVoice }: NarrationVoices,
): string {
  if (voice !== null) return voice;
  if (speakerId === null) return narratorVoice;
  return voiceCast.find(({ characterId }) => characterId === speakerId)?.voice ?? narratorVoice;
}

/**
 * Returns the name that a narration stored for one of its voices. The name stays when the provider
 * drops the voice. Returns null if the narration stored no name for this voice.
 */
export function storedVoiceName(
  voice: string,
  narration: NarrationVoices & { readonly narratorVoiceName: string },
): string | null {
  if (voice === narration.narratorVoice) return narration.narratorVoiceName;
  return narration.voiceCast.find((member) => member.voice === voice)?.voiceName ?? null;
}
