export const VoiceGender = { Female: "female", Male: "male", Neutral: "neutral" } as const;
export type VoiceGender = (typeof VoiceGender)[keyof typeof VoiceGender];

export const VoiceAge = { Child: "child", Young: "young", Adult: "adult", Elder: "elder" } as const;
export type VoiceAge = (typeof VoiceAge)[keyof typeof VoiceAge];

/** A voice of a provider's catalogue. */
export interface CatalogueVoice {
  /** `provider:voice`, as narrations store it. */
  readonly id: string;
  readonly provider: string;
  readonly displayName: string;
  readonly gender: VoiceGender;
  readonly ageGroup: VoiceAge;
  /** BCP 47 primary language tags. */
  readonly languages: readonly string[];
}

/** How to say a text, in numbers. Loudness and pauses are not here: joining applies them. */
export interface SpokenProsody {
  /** Speaking rate, x. */
  readonly rate: number;
  /** Mean pitch, semitones from the voice's own. */
  readonly pitch: number;
  /** Pitch range, x. */
  readonly range: number;
  /** How far the end rises, semitones. */
  readonly rise: number;
  /** Gain above 1 kHz, dB: bright above 0, dark below. */
  readonly tilt: number;
  /** Share of breath in the voice, 0-1. */
  readonly breath: number;
  /** Unsteadiness, 0-1. */
  readonly tremor: number;
  /** True for speech without any voicing. */
  readonly isWhispered: boolean;
}

export type ProsodyFeature =
  "rate" | "pitch" | "range" | "rise" | "tilt" | "breath" | "tremor" | "whisper";

/** What a provider supports. Constant while the process runs. */
export interface SpeechCapabilities {
  /** Part of every recipe: another version may sound different. */
  readonly version: string;
  /** BCP 47 primary language tags that at least one voice speaks. */
  readonly languages: readonly string[];
  /** The longest text that the engine takes at once. The adapter splits longer texts. */
  readonly maxChars: number;
  /**
   * The most exact times that the engine itself reports. Without times, the adapter estimates
   * words.
   */
  readonly timing: "phoneme" | "word" | "char" | "none";
  /**
   * Features that at least one voice supports. A voice without a feature reports it in `degraded`.
   */
  readonly prosody: readonly ProsodyFeature[];
  /**
   * `native`, `instruction`: the provider acts the request's emotion. `prosody`: the numbers of the
   * prosody contain the emotion.
   */
  readonly emotion: "native" | "instruction" | "prosody" | "none";
  readonly cloning: "none" | "adapted" | "zero-shot" | "trained";
  /** Whether the same request gives the same bytes. */
  readonly isDeterministic: boolean;
  /** Whether neighbouring text changes how this text is said. */
  readonly stitchesNeighbours: boolean;
  readonly isOffline: boolean;
  /** In millionths of the currency's unit (ISO 4217); absent if speech is free. */
  readonly price?: { readonly microsPerMillionChars: number; readonly currency: string };
}

/** A feeling that the provider itself acts. */
export interface SpokenEmotion {
  readonly name: string;
  /** 0-1 */
  readonly intensity: number;
}

export interface SpeechRequest {
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  /** `provider:voice`. */
  readonly voice: string;
  readonly prosody: SpokenProsody;
  /** Only for a provider that acts emotions. The prosody then does not contain the emotion. */
  readonly emotion?: SpokenEmotion;
  /**
   * Words that are said differently from how they are written. Each entry is a single word. Case
   * does not matter.
   */
  readonly lexicon?: readonly { readonly word: string; readonly saidAs: string }[];
}

export interface SpokenWord {
  readonly text: string;
  /** UTF-16 offsets into the request's text. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds from the start of the sound. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A requested feature that the sound does not have, and the reason. */
export interface Degradation {
  readonly feature: ProsodyFeature | "gain" | "text" | "timing";
  readonly reason: string;
}

export interface Speech {
  /** Mono samples from -1 to 1, without silence at either end. */
  readonly pcm: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
  /** Every word of the text, in order, without overlaps. */
  readonly words: readonly SpokenWord[];
  /** Reported by the provider, aligned with the sound, or estimated from the letters. */
  readonly timingSource: "provider" | "aligned" | "estimated";
  readonly degraded: readonly Degradation[];
  /** What the call cost, in millionths of the currency unit; absent if speech is free. */
  readonly cost?: { readonly micros: number; readonly currency: string };
}

/** A list of voices to choose from. */
export interface VoiceSource {
  /** A short, stable id. It is the part of every voice id before the colon. */
  readonly id: string;
  /** In order of preference. The first voice that fits is a narration's default. */
  listVoices(): readonly CatalogueVoice[];
}

/** Says texts. Each adapter has its own file and passes test/providers/speech/contract.ts. */
export interface SpeechProvider extends VoiceSource {
  capabilities(): SpeechCapabilities;
  /**
   * Explains to people why the voice can say nothing of this text. Null if it can. Asks no engine, so a
   * whole book can be checked before it is rendered. Absent if only speaking shows the reason.
   */
  explainUnspeakable?(request: SpeechRequest): string | null;
  /**
   * Says a text. Stateless, so any number of calls may run at once.
   * @throws ProviderError, `retryable` if the same request may succeed later
   * @throws the signal's reason once it is aborted
   */
  synthesize(request: SpeechRequest, signal: AbortSignal): Promise<Speech>;
}

/** The voices of every configured provider, in the order of the providers. */
export class VoiceCatalogue {
  readonly voices: readonly CatalogueVoice[];
  private readonly byId: ReadonlyMap<string, CatalogueVoice>;

  constructor(providers: readonly VoiceSource[]) {
    this.voices = providers.flatMap((provider) => provider.listVoices());
    this.byId = new Map(this.voices.map((voice) => [voice.id, voice]));
  }

  /**
   * The voice with the id `provider:voice`, or null if no provider offers it, or no longer offers
   * it.
   */
  find(id: string): CatalogueVoice | null {
    return this.byId.get(id) ?? null;
  }
}
