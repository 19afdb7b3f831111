import { encodeWav } from "../../../audio/signal/wav.js";
import type { Clock } from "../../../platform/clock.js";
import type { Database } from "../../../platform/database/transactions/database.js";
import { NotFoundError, ProviderError, UnspeakableError } from "../../../platform/errors.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type {
  Speech,
  SpeechProvider,
  SpeechRequest,
} from "../../../providers/speech/speech.port.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { type Rendition, renditionOf } from "../../../reference/index.js";
import { VoiceGate } from "../../consent/voice-gate.js";
import type { Owner } from "../../owner.js";
import type { PlannedSegment } from "../plan/plan.js";
import type { ProgressWriter } from "./progress-writer.js";
import { findRenditions, putRendition } from "../sounds/renditions.js";
import type { RenderOrder } from "../render-order.js";
import { type RenderQuotas, countSpoken } from "../render-quotas.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** A render's order to speak its segments. */
export interface SpeakingOrder {
  readonly owner: Owner;
  readonly order: RenderOrder;
  /** The owner's public id, which blob keys contain. */
  readonly ownerName: string;
  readonly segments: readonly PlannedSegment[];
  readonly progress: ProgressWriter;
  readonly signal: AbortSignal;
}

/** The error of a segment that cannot be spoken. The renditions of the other segments are kept. */
export class SegmentError extends ProviderError {
  constructor(
    readonly position: number,
    cause: ProviderError,
  ) {
    super(`Segment ${position} cannot be spoken: ${cause.message}`, cause.retryable, { cause });
  }
}

/**
 * A render stops after 10 failed segments. Otherwise a provider that refuses everything would be called
 * for a whole book.
 */
const MOST_FAILED_SEGMENTS = 10;

interface SpokenRendition {
  readonly rendition: Rendition;
  /** True if this render spoke the rendition. False if the rendition comes from another render. */
  readonly isNew: boolean;
}

/** Makes the missing renditions. Each rendition is stored as soon as it is made. */
export class SegmentSpeaker {
  /**
   * The renditions that this process is making now. With this map, simultaneous renders of one story
   * speak each segment once.
   */
  private readonly underWay = new Map<string, Promise<SpokenRendition | SegmentError>>();
  private readonly gate: VoiceGate;

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly notifier: Notifier;
      readonly speech: SpeechDirectory;
      readonly storage: BlobStorage;
      readonly clock: Clock;
      readonly quotas: RenderQuotas;
      /** The number of segments that are synthesised at the same time. */
      readonly concurrency: number;
    },
  ) {
    this.gate = new VoiceGate(use);
  }

  /**
   * Makes the order's missing renditions and adds them to `renditions`.
   * @throws SegmentError for the first segment that cannot be spoken
   */
  async speakMissing(order: SpeakingOrder, renditions: Map<string, Rendition>): Promise<void> {
    const failures: SegmentError[] = [];
    const lacking = order.segments.filter(({ recipeKey }) => !renditions.has(recipeKey));
    const groups = Map.groupBy(lacking, ({ recipeKey }) => recipeKey).values();
    const work = async (): Promise<void> => {
      for (const segments of groups) {
        order.signal.throwIfAborted();
        const made = await this.speakOnce(order, segments);
        const isFailed = made instanceof SegmentError;
        if (isFailed) failures.push(made);
        else renditions.set(made.rendition.recipeKey, made.rendition);
        if (failures.length >= MOST_FAILED_SEGMENTS) return;
        await order.progress.countSegment(
          !isFailed && made.isNew ? made.rendition.recipeKey : null,
        );
      }
    };
    const results = await Promise.allSettled(
      Array.from({ length: this.use.concurrency }, () => work()),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    const [first] = failures.sort((a, b) => a.position - b.position);
    if (first) throw first;
  }

  /**
   * Speaks the recipe of these segments. If another render is making the rendition already, waits for
   * that rendition. A failure of the other render does not fail this render.
   */
  private async speakOnce(
    order: SpeakingOrder,
    segments: readonly PlannedSegment[],
  ): Promise<SpokenRendition | SegmentError> {
    const [{ recipeKey } = { recipeKey: "" }] = segments;
    const key = isSharedBy(segments) ? recipeKey : `${order.owner.userId}/${recipeKey}`;
    for (let other = this.underWay.get(key); other; other = this.underWay.get(key)) {
      const made = await other.catch(() => null);
      if (made && !(made instanceof SegmentError)) return { ...made, isNew: false };
      order.signal.throwIfAborted();
    }
    const making = this.findOrSpeak(order, segments);
    this.underWay.set(key, making);
    try {
      return await making;
    } finally {
      this.underWay.delete(key);
    }
  }

  /**
   * Looks the rendition up, and speaks only if no rendition exists. Looking up takes 1.5 ms. Speaking a
   * segment takes 35 ms, and may cost money.
   */
  private async findOrSpeak(
    order: SpeakingOrder,
    segments: readonly PlannedSegment[],
  ): Promise<SpokenRendition | SegmentError> {
    const { owner } = order;
    const existing = await this.use.database.read({ viewer: owner.userId }, (tx) =>
      findRenditions(tx, owner, segments),
    );
    const [found] = existing.values();
    if (found) return { rendition: found, isNew: false };
    const spoken = await this.synthesize(order, segments);
    return spoken instanceof SegmentError ? spoken : { rendition: spoken, isNew: true };
  }

  /**
   * Speaks the recipe of these segments and stores the rendition. Returns a SegmentError if a new try
   * cannot help.
   */
  private async synthesize(
    order: SpeakingOrder,
    segments: readonly PlannedSegment[],
  ): Promise<Rendition | SegmentError> {
    const [segment] = segments;
    if (!segment) throw new Error("A recipe to speak has no segment.");
    const { speech, storage } = this.use;
    const provider = speech.provider(segment.recipe.provider);
    if (!provider) {
      throw new NotFoundError(
        `The voice ${segment.voice} is no longer available; choose another of \`voices\`.`,
      );
    }
    const sound = segment.isSilent
      ? SILENCE
      : await this.speak(provider, segment.recipe.request, order).catch((error: unknown) =>
          error instanceof UnspeakableError ? silenceFor(error) : failureOf(segment, error),
        );
    if (sound instanceof SegmentError) return sound;
    const isShared = isSharedBy(segments);
    const blob = await storage.put(encodeWav(sound), {
      contentType: "audio/wav",
      owner: isShared ? undefined : order.ownerName,
    });
    const rendition = renditionOf(segment.recipeKey, sound, blob);
    await this.store(order, segment, { rendition, isShared });
    return rendition;
  }

  private speak(
    provider: SpeechProvider,
    request: SpeechRequest,
    { owner, signal }: SpeakingOrder,
  ): Promise<Speech> {
    const call = (within: AbortSignal) => provider.synthesize(request, within);
    const { personal } = request;
    return personal
      ? this.gate.speak({ owner, model: personal.model }, signal, call)
      : call(signal);
  }

  /**
   * Stores a rendition, and counts its characters of paid speech.
   * @throws ConflictError if the rendition is in a personal voice whose consent has ended; the sound is
   *   deleted, and its characters are counted, because the provider has spoken them
   */
  private async store(
    { owner, order }: SpeakingOrder,
    { voice, recipe: { request } }: PlannedSegment,
    { rendition, isShared }: { readonly rendition: Rendition; readonly isShared: boolean },
  ): Promise<void> {
    const personal = request.personal && { owner, model: request.personal.model };
    const refusal = await this.use.database.write(owner.userId, async (tx) => {
      const refused = personal ? await this.gate.hold(tx, personal) : null;
      if (!refused) await putRendition(tx, owner, isShared, rendition);
      const spoken = { order, characters: request.text.length };
      if (this.use.speech.isPaid(voice)) await countSpoken(tx, owner, spoken, this.use);
      return refused;
    });
    if (!personal || !refusal) return;
    await this.gate.drop(personal, rendition.blobKey);
    throw refusal;
  }
}

const SILENCE_RATE = 16_000;
const SILENCE_MS = 200;

/** A short silence, for a line without words. */
const SILENCE: Speech = {
  pcm: new Float32Array((SILENCE_RATE * SILENCE_MS) / 1000),
  sampleRate: SILENCE_RATE,
  words: [],
  timingSource: "estimated",
  degraded: [],
};

/**
 * Returns a short silence, with the reason for the silence. A line that no voice can say must not stop a
 * book.
 */
const silenceFor = ({ message }: UnspeakableError): Speech => ({
  ...SILENCE,
  degraded: [{ feature: "text", reason: `The segment is silent. ${message}` }],
});

const isSharedBy = (segments: readonly PlannedSegment[]): boolean =>
  segments.some(({ isShared }) => isShared);

/**
 * Returns the error as a failure of this segment, if the failure is permanent. The render continues with
 * the other segments.
 * @throws a temporary failure or a bug, which ends the try
 */
function failureOf({ line }: PlannedSegment, error: unknown): SegmentError {
  if (!(error instanceof ProviderError)) throw error;
  const failure = new SegmentError(line.position, error);
  if (failure.retryable) throw failure;
  return failure;
}
