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

/** The voice that speaks a line, `provider:voice`: the line's voice, or its speaker's, or the narrator's. */
export function voiceOfLine(line: VoicedLine, narration: NarrationVoices): string {
  if (line.voice !== null) return line.voice;
  const member = narration.voiceCast.find(({ characterId }) => characterId === line.speakerId);
  return member?.voice ?? narration.narratorVoice;
}

/** The name a narration stored for one of its voices. The name stays when the provider drops the voice. */
export function storedVoiceName(
  voice: string,
  narration: NarrationVoices & { readonly narratorVoiceName: string },
): string | null {
  if (voice === narration.narratorVoice) return narration.narratorVoiceName;
  return narration.voiceCast.find((member) => member.voice === voice)?.voiceName ?? null;
}
