/** A recording that a voice is trained from. */
export interface TrainingSample {
  /** The key of the normalised recording: a mono WAV file in the storage. */
  readonly blobKey: string;
  /** The words of the recording. null if nobody wrote them down. */
  readonly transcript: string | null;
  /** The level of the speech as it was recorded, dB relative to full scale. */
  readonly levelDb: number;
}

/** One training of one emotion voice. */
export interface TrainingOrder {
  /**
   * A unique name of this training, for example `fabula-<random>`. A vendor stores the name with the clone.
   * The same order may be sent again after a crash, and must not make or pay a second clone.
   */
  readonly label: string;
  /** The public id of the owner, to whom the model's blob belongs. */
  readonly ownerName: string;
  readonly displayName: string;
  /** BCP 47 primary language tag. */
  readonly language: string;
  /** The key of the template, for example neutral, joy or whisper. */
  readonly emotion: string;
  /** The recordings of the emotion, the preferred recording first. */
  readonly samples: readonly TrainingSample[];
  /** The trained neutral voice and its recordings. null if this order trains the neutral voice. */
  readonly neutral: { readonly model: string; readonly samples: readonly TrainingSample[] } | null;
  /** Recordings of emotions that get no emotion voice. Only for the neutral voice. By template key. */
  readonly others: Readonly<Record<string, readonly TrainingSample[]>>;
}

/** How an emotion differs from neutral speech: semitones, factors and dB, see audio/adaptation/deltas.ts. */
export interface MeasuredDelivery {
  readonly pitch: number;
  readonly range: number;
  readonly rate: number;
  readonly gain: number;
  readonly tilt: number;
}

export interface TrainedVoice {
  /** A blob key if the provider adapts, the vendor's id if the provider clones. null: the neutral model speaks. */
  readonly model: string | null;
  /** The measured delivery of the emotion. null for the neutral voice, and if nothing was measured. */
  readonly deltas: MeasuredDelivery | null;
  /** The measured delivery of the emotions in `others`. */
  readonly otherDeltas: Readonly<Record<string, MeasuredDelivery>>;
  /** 0-1. null if the provider measures no quality. */
  readonly qualityScore: number | null;
  /** Measurements with their units in the names. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Makes voices from recordings. Each adapter must pass test/providers/speech/cloning-contract.ts. */
export interface CloningProvider {
  /** The id of the speech provider that speaks with the models. */
  readonly id: string;
  readonly kind: "adapted" | "cloned";
  /** BCP 47 primary language tags. */
  readonly languages: readonly string[];
  /** True if the provider can use only recordings whose words are known. */
  readonly needsTranscripts: boolean;
  /** True if a clone lives at the vendor, so that its deletion is a call of `remove`. */
  readonly isRemote: boolean;
  /**
   * Trains a voice. A second call with the same label returns the voice of the first call, if the vendor
   * has that voice.
   * @throws InvalidInputError if the recordings cannot be used
   * @throws ProviderError, with `retryable` true if the same order may succeed later
   */
  train(order: TrainingOrder, signal: AbortSignal): Promise<TrainedVoice>;
  /**
   * Deletes the vendor's voice with this id, and every voice with this label. Succeeds if there is none.
   * @throws ProviderError, with `retryable` true if the same call may succeed later
   */
  remove(
    voice: { readonly label: string; readonly model: string | null },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Returns true if the vendor has a person's voice with this id, whoever made it. Present only if `isRemote`.
   * @throws ProviderError
   */
  hasVoice?(model: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Returns the labels of all voices that this installation has at the vendor, also of voices that no
   * row knows. Present only if `isRemote`.
   * @throws ProviderError
   */
  listLabels?(signal: AbortSignal): Promise<readonly string[]>;
}
