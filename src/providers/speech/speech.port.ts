export const VoiceGender = { Female: "female", Male: "male", Neutral: "neutral" } as const;
export type VoiceGender = (typeof VoiceGender)[keyof typeof VoiceGender];

export const VoiceAge = { Child: "child", Young: "young", Adult: "adult", Elder: "elder" } as const;
export type VoiceAge = (typeof VoiceAge)[keyof typeof VoiceAge];

/** A voice of a provider's catalogue. */
export interface CatalogueVoice {
  /** `provider:voice`, the form in which narrations keep it. */
  readonly id: string;
  readonly provider: string;
  readonly displayName: string;
  readonly gender: VoiceGender;
  readonly ageGroup: VoiceAge;
  /** BCP 47 primary language tags. */
  readonly languages: readonly string[];
}

/** Something that speaks. One adapter a file. */
export interface SpeechProvider {
  /** Short, stable, and the part of every voice id before the colon. */
  readonly id: string;
  /** In order of preference; the first that fits is a narration's default. */
  listVoices(): readonly CatalogueVoice[];
}

/** The voices of every configured provider, in the order of the providers. */
export class VoiceCatalogue {
  readonly voices: readonly CatalogueVoice[];
  private readonly byId: ReadonlyMap<string, CatalogueVoice>;

  constructor(providers: readonly SpeechProvider[]) {
    this.voices = providers.flatMap((provider) => provider.listVoices());
    this.byId = new Map(this.voices.map((voice) => [voice.id, voice]));
  }

  /** The voice `provider:voice`, or null where it is not, or no longer, on offer. */
  find(id: string): CatalogueVoice | null {
    return this.byId.get(id) ?? null;
  }
}
