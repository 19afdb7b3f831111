import { encodeWav } from "../../../audio/signal/wav.js";
import type { Database, Tx } from "../../../platform/database/database.js";
import { NotFoundError, ProviderError } from "../../../platform/errors.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import type { Rendition } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import type { PlannedSegment } from "../plan/plan.js";
import type { ProgressWriter } from "./progress-writer.js";
import { findRenditions, putRendition, renditionOf } from "../sounds/renditions.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** Whose segments are spoken, and how a render hears of it. */
export interface SpeakingOrder {
  readonly owner: Owner;
  /** Name of the owner in blob keys: their public id. */
  readonly ownerName: string;
  readonly segments: readonly PlannedSegment[];
  readonly progress: ProgressWriter;
  readonly signal: AbortSignal;
}

/** A segment that cannot be spoken; the rest is kept. */
export class SegmentError extends ProviderError {
  constructor(
    readonly position: number,
    cause: ProviderError,
  ) {
    super(`Segment ${position} cannot be spoken: ${cause.message}`, cause.retryable, { cause });
  }
}

/** A provider that refuses everything is not asked for every segment of a book. */
const MOST_FAILED_SEGMENTS = 10;

interface SpokenRendition {
  readonly rendition: Rendition;
  /** Not another render's of the same story. */
  readonly isNew: boolean;
}

/** Makes the renditions that are missing, each kept as soon as it is made. */
export class SegmentSpeaker {
  /** What is being made in this process, so that renders of one story at once do not speak it twice. */
  private readonly underWay = new Map<string, Promise<SpokenRendition | SegmentError>>();

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly speech: SpeechDirectory;
      readonly storage: BlobStorage;
      /** Segments synthesised at once. */
      readonly concurrency: number;
    },
  ) {}

  /** Adds to `renditions` whatever of the order it lacks. @throws SegmentError for the first that cannot be spoken */
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

  /** Waits where another render is making the same; what becomes of that is not this one's failure. */
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

  /** Looks first: a look takes 1.5 ms, a segment 35, and a provider's may cost money. */
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

  /** Speaks what these segments share; a text that can never be spoken is returned as an error. */
  private async synthesize(
    { owner, ownerName, signal }: SpeakingOrder,
    segments: readonly PlannedSegment[],
  ): Promise<Rendition | SegmentError> {
    const [segment] = segments;
    if (!segment) throw new Error("A recipe without a segment was to be spoken.");
    const { speech, storage, database } = this.use;
    const provider = speech.providerOf(segment.voice);
    if (!provider) throw new NotFoundError(`The voice ${segment.voice} is no longer on offer.`);
    const sound = await provider
      .synthesize(segment.recipe.request, signal)
      .catch((error: unknown) => failureOf(segment, error));
    if (sound instanceof SegmentError) return sound;
    const isShared = isSharedBy(segments);
    const blob = await storage.put(encodeWav(sound), {
      contentType: "audio/wav",
      owner: isShared ? undefined : ownerName,
    });
    const rendition = renditionOf(segment.recipeKey, sound, blob);
    await database.write(owner.userId, (tx: Tx) => putRendition(tx, owner, isShared, rendition));
    return rendition;
  }
}

const isSharedBy = (segments: readonly PlannedSegment[]): boolean =>
  segments.some(({ isShared }) => isShared);

/** What is for good is this segment's own, and the others are spoken. @throws whatever may pass, and bugs */
function failureOf({ line }: PlannedSegment, error: unknown): SegmentError {
  if (!(error instanceof ProviderError)) throw error;
  const failure = new SegmentError(line.position, error);
  if (failure.retryable) throw failure;
  return failure;
}
