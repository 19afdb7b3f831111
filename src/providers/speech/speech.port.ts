export const VoiceGender = { Female: "female", Male: "male", Neutral: "neutral" } as const;
export type VoiceGender = (typeof VoiceGender)[keyof typeof VoiceGender];

export const VoiceAge = { Child: "child", Young: "young", Adult: "adult", Elder: "elder" } as const;
export type VoiceAge = (typeof VoiceAge)[keyof typeof VoiceAge];

/** A voice of a provider's catalogue. */
export interface CatalogueVoice {
  /** The id that narrations store: `provider:voice`. */
  readonly id: string;
  readonly provider: string;
  readonly displayName: string;
  readonly gender: VoiceGender;
  readonly ageGroup: VoiceAge;
  /** BCP 47 primary language tags. */
  readonly languages: readonly string[];
}

/**
 * How to say a text, in numbers. Loudness and the pauses between segments are not included, because
 * joining applies them.
 */
export interface SpokenProsody {
  /** Factor for the speaking rate. */
  readonly rate: number;
  /** Change of the mean pitch, semitones from the voice's own pitch. */
  readonly pitch: number;
  /** Factor for the pitch range. */
  readonly range: number;
  /** Rise of the pitch at the end, semitones. */
  readonly rise: number;
  /** Gain above 1 kHz, dB. A positive gain sounds bright, a negative gain dark. */
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
  /**
   * The version of the provider. It is a part of every recipe, because another version may sound
   * different.
   */
  readonly version: string;
  /** BCP 47 primary language tags that at least one voice speaks. */
  readonly languages: readonly string[];
  /** The longest text of one call of the engine. The adapter splits longer texts. */
  readonly maxChars: number;
  /**
   * The most exact times that the engine reports: for phones, words, characters or nothing. With
   * `none`, the adapter estimates the times of words.
   */
  readonly timing: "phoneme" | "word" | "char" | "none";
  /**
   * Features that at least one voice supports. If a voice lacks a requested feature, the result
   * lists the feature in `degraded`.
   */
  readonly prosody: readonly ProsodyFeature[];
  /**
   * How the provider speaks an emotion. With `native` and `instruction`, a request contains the
   * emotion, and the provider acts it. Otherwise, the numbers of the prosody contain the emotion.
   */
  readonly emotion: "native" | "instruction" | "prosody" | "none";
  readonly cloning: "none" | "adapted" | "zero-shot" | "trained";
  /** True if the same request gives the same bytes. */
  readonly isDeterministic: boolean;
  /** True if neighbouring text changes how a text is said. */
  readonly stitchesNeighbours: boolean;
  readonly isOffline: boolean;
  /** True if each character may cost money, also if the price is unknown. */
  readonly isPaid: boolean;
  /**
   * The price of a million characters, in millionths of the currency's unit. `currency` is an ISO
   * 4217 code. Absent if speech is free.
   */
  readonly price?: { readonly microsPerMillionChars: number; readonly currency: string };
}

/** A feeling that the provider itself acts. */
export interface SpokenEmotion {
  readonly name: string;
  /** 0-1 */
  readonly intensity: number;
}

/** The trained model that a personal voice speaks with. */
export interface PersonalSpeaker {
  /** Changes with every training. */
  readonly revision: string;
  /** The key of the model's blob if the provider adapts voices, the vendor's id if the provider clones voices. */
  readonly model: string;
}

export interface SpeechRequest {
  readonly text: string;
  /** The language of the text (BCP 47). */
  readonly language: string;
  /** The id of the voice: `provider:voice`. */
  readonly voice: string;
  readonly prosody: SpokenProsody;
  /**
   * The emotion to act. Present only if the provider acts emotions. In this case the prosody does
   * not contain the emotion.
   */
  readonly emotion?: SpokenEmotion;
  /**
   * Words that must be said in another way than they are written. `word` is a single word, in upper
   * or lower case.
   */
  readonly lexicon?: readonly { readonly word: string; readonly saidAs: string }[];
  /** Present only if `voice` is a personal voice. */
  readonly personal?: PersonalSpeaker;
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
  /**
   * How the times of words were found: reported by the provider, aligned with the sound, or
   * estimated from the letters.
   */
  readonly timingSource: "provider" | "aligned" | "estimated";
  readonly degraded: readonly Degradation[];
  /** The cost of the call, in millionths of the currency unit. Absent if speech is free. */
  readonly cost?: { readonly micros: number; readonly currency: string };
}

/** A list of voices to choose from. */
export interface VoiceSource {
  /** A short, stable id. It is the part of every voice id before the colon. */
  readonly id: string;
  /**
   * Returns the voices in order of preference. The first voice of the first provider is the default
   * voice of a narration. Returns the same list until a voice changes.
   */
  listVoices(): readonly CatalogueVoice[];
}

/** Says texts. Each adapter must pass test/providers/speech/contract.ts. */
export interface SpeechProvider extends VoiceSource {
  capabilities(): SpeechCapabilities;
  /**
   * Returns a reason, written for people, if the voice cannot say the text. Returns null if the
   * voice can say the text. Does not call the engine, so a whole book can be checked before a
   * render. Absent if the provider must call the engine to find out.
   */
  explainUnspeakable?(request: SpeechRequest): string | null;
  /**
   * Says a text. Any number of calls may run at the same time.
   * @throws ProviderError, with `retryable` true if the same request may succeed later
   * @throws the signal's reason if the signal aborts
   */
  synthesize(request: SpeechRequest, signal: AbortSignal): Promise<Speech>;
}

/**
 * Returns a function that returns the result of `compute`. The function computes again only after the
 * voices of a provider have changed.
 */
export function computeFromVoices<T>(providers: readonly VoiceSource[], compute: () => T): () => T {
  let known: { readonly lists: readonly object[]; readonly result: T } | undefined;
  return () => {
    const lists = providers.map((provider) => provider.listVoices());
    if (!known || lists.some((list, index) => list !== known?.lists[index]))
      known = { lists, result: compute() };
    return known.result;
  };
}

/** The voices of every configured provider, in the order of the providers. */
export class VoiceCatalogue {
  private readonly read: () => {
    readonly voices: readonly CatalogueVoice[];
    readonly byId: ReadonlyMap<string, CatalogueVoice>;
  };

  constructor(providers: readonly VoiceSource[]) {
    this.read = computeFromVoices(providers, () => {
      const voices = providers.flatMap((provider) => provider.listVoices());
      return { voices, byId: new Map(voices.map((voice) => [voice.id, voice])) };
    });
  }

  get voices(): readonly CatalogueVoice[] {
    return this.read().voices;
  }

  /**
   * Returns the voice with the id `provider:voice`. Returns null if no provider offers this voice
   * now.
   */
  find(id: string): CatalogueVoice | null {
    return this.read().byId.get(id) ?? null;
  }
}
