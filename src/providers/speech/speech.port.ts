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

/** How a text is to be said, in numbers. Loudness and pauses are not the voice's: joining does them. */
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
  /** Without any voicing. */
  readonly isWhispered: boolean;
}

export type ProsodyFeature =
  "rate" | "pitch" | "range" | "rise" | "tilt" | "breath" | "tremor" | "whisper";

/** What a provider can do; constant while the process lives. */
export interface SpeechCapabilities {
  /** Part of every recipe: another version may sound different. */
  readonly version: string;
  /** BCP 47 primary language tags that at least one voice speaks. */
  readonly languages: readonly string[];
  /** The longest text that the engine takes at once; the adapter splits longer ones. */
  readonly maxChars: number;
  /** The best that the engine itself tells about time; without it, words are estimated. */
  readonly timing: "phoneme" | "word" | "char" | "none";
  /** What at least one voice honours; a voice that does not says so in `degraded`. */
  readonly prosody: readonly ProsodyFeature[];
  /** Native and instruction: it acts the request's emotion. Prosody: the emotion is in the numbers. */
  readonly emotion: "native" | "instruction" | "prosody" | "none";
  readonly cloning: "none" | "adapted" | "zero-shot" | "trained";
  /** Whether the same request gives the same bytes. */
  readonly isDeterministic: boolean;
  /** Whether neighbouring text changes how this text is said. */
  readonly stitchesNeighbours: boolean;
  readonly isOffline: boolean;
  /** In millionths of the currency's unit (ISO 4217); absent where speech is free. */
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
  /** Only for a provider that takes emotions; the prosody is then without it. */
  readonly emotion?: SpokenEmotion;
  /** Single words said otherwise than they are written, whatever their case. */
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

/** Something asked for that the sound does not have, and why. */
export interface Degradation {
  readonly feature: ProsodyFeature | "gain" | "text" | "timing";
  readonly reason: string;
}

export interface Speech {
  /** Mono, -1 to 1; without silence of its own at either end. */
  readonly pcm: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
  /** Every word of the text, in order, none overlapping another. */
  readonly words: readonly SpokenWord[];
  /** Told by the provider, aligned with the sound, or guessed from the letters. */
  readonly timingSource: "provider" | "aligned" | "estimated";
  readonly degraded: readonly Degradation[];
  /** What the call cost, in millionths of the currency unit; absent where speech is free. */
  readonly cost?: { readonly micros: number; readonly currency: string };
}

/** Voices to choose from. */
export interface VoiceSource {
  /** Short, stable, and the part of every voice id before the colon. */
  readonly id: string;
  /** In order of preference; the first that fits is a narration's default. */
  listVoices(): readonly CatalogueVoice[];
}

/** Something that speaks. One adapter a file; test/providers/speech/contract.ts holds for each. */
export interface SpeechProvider extends VoiceSource {
  capabilities(): SpeechCapabilities;
  /**
   * Says a text. Stateless, so any number may run at once.
   * @throws ProviderError, `retryable` where the same request may succeed later
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

  /** The voice `provider:voice`, or null where it is not, or no longer, on offer. */
  find(id: string): CatalogueVoice | null {
    return this.byId.get(id) ?? null;
  }
}
