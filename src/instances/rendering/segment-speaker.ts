import { encodeWav } from "../../audio/wav.js";
import type { Database, Tx } from "../../platform/database/database.js";
import { NotFoundError, ProviderError } from "../../platform/errors.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import type { Rendition } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { PlannedSegment } from "./plan.js";
import type { ProgressWriter } from "./progress-writer.js";
import { existingRenditions, putRendition, renditionOf } from "./renditions.js";
import type { SpeechDirectory } from "./speech-directory.js";

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
/** How many are spoken before it is looked whether another render spoke the next ones: 1.5 ms a look, 35 a segment. */
const LOOK_EVERY = 16;

/** Makes the renditions that are missing, each kept as soon as it is made. */
export class SegmentSpeaker {
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
    const missing = this.missing(order, renditions);
    const work = async (): Promise<void> => {
      for (;;) {
        const { done, value: segments } = await missing.next();
        if (done) return;
        order.signal.throwIfAborted();
        const made = await this.synthesize(order, segments);
        if (made instanceof SegmentError) failures.push(made);
        else renditions.set(made.recipeKey, made);
        if (failures.length >= MOST_FAILED_SEGMENTS) return;
        await order.progress.advance(made instanceof SegmentError ? null : made.recipeKey);
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

  /** What is to be spoken, by recipe; what another render of the same story made meanwhile is taken over. */
  private async *missing(
    { owner, segments }: SpeakingOrder,
    renditions: Map<string, Rendition>,
  ): AsyncGenerator<readonly PlannedSegment[], undefined> {
    const lacking = segments.filter(({ recipeKey }) => !renditions.has(recipeKey));
    const groups = [...Map.groupBy(lacking, ({ recipeKey }) => recipeKey).values()];
    for (let from = 0; from < groups.length; from += LOOK_EVERY) {
      const next = groups.slice(from, from + LOOK_EVERY);
      const made = await this.use.database.read({ viewer: owner.userId }, (tx) =>
        existingRenditions(tx, owner, next.flat()),
      );
      for (const group of next) {
        const [rendition] = group.map(({ recipeKey }) => made.get(recipeKey));
        if (rendition) renditions.set(rendition.recipeKey, rendition);
        else yield group;
      }
    }
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
    const isShared = segments.some((each) => each.isShared);
    const blob = await storage.put(encodeWav(sound), {
      contentType: "audio/wav",
      owner: isShared ? undefined : ownerName,
    });
    const rendition = renditionOf(segment.recipeKey, sound, blob);
    await database.write(owner.userId, (tx: Tx) => putRendition(tx, owner, isShared, rendition));
    return rendition;
  }
}

/** What is for good is this segment's own, and the others are spoken. @throws whatever may pass, and bugs */
function failureOf({ line }: PlannedSegment, error: unknown): SegmentError {
  if (!(error instanceof ProviderError)) throw error;
  const failure = new SegmentError(line.position, error);
  if (failure.retryable) throw failure;
  return failure;
}
