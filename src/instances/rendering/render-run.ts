import { encodeWav } from "../../audio/wav.js";
import type { Tx } from "../../platform/database/database.js";
import { NotFoundError, ProviderError } from "../../platform/errors.js";
import type { UserEntity } from "../../platform/users/user.entity.js";
import { userStore } from "../../platform/users/user.store.js";
import type { Speech } from "../../providers/speech/speech.port.js";
import type { BlobStorage, StoredBlob } from "../../providers/storage/storage.port.js";
import type { Rendition } from "../../reference/index.js";
import { type NarrationEntity, NarrationStatus } from "../narration/narration.entity.js";
import { narrationStore } from "../narration/narration.store.js";
import { type Owner, ownerOf } from "../owner.js";
import { heedCancel } from "./heed-cancel.js";
import { lineStore } from "./lines.store.js";
import type { PlannedSegment, RenderPlan } from "./plan.js";
import { ProgressWriter } from "./progress-writer.js";
import { existingRenditions, putRendition } from "./renditions.js";
import type { RenderEntity, RenderFailure } from "./rendering.entity.js";
import {
  type RenderOrder,
  type RenderingDependencies,
  type RenderingService,
  soundHashOf,
} from "./rendering.service.js";
import { renderStore } from "./render.store.js";
import type { JoinedSound, SoundJoiner } from "./sound-joiner.js";

export interface RenderRunDependencies extends Omit<RenderingDependencies, "enqueue"> {
  readonly rendering: RenderingService;
  readonly storage: BlobStorage;
  readonly joiner: SoundJoiner;
  /** Segments synthesised at once. */
  readonly concurrency: number;
}

/** One try of one narration in progress. */
interface Run extends RenderPlan {
  readonly order: RenderOrder;
  readonly owner: Owner;
  readonly narration: NarrationEntity;
  /** Name of the owner in blob keys: their public id. */
  readonly ownerName: string;
}

/** What a run is told, and tells, while it works. */
interface Course {
  readonly progress: ProgressWriter;
  readonly cancel: AbortController;
}

type End = Parameters<typeof narrationStore.setRendered>[3];

/** A segment that cannot be spoken; the rest is kept. */
class SegmentError extends Error {
  constructor(
    readonly position: number,
    override readonly cause: ProviderError,
  ) {
    super(`Segment ${position} cannot be spoken: ${cause.message}`);
  }

  get failure(): RenderFailure {
    return { code: this.cause.code, message: this.message, position: this.position };
  }
}

/** A provider that refuses everything is not asked for every segment of a book. */
const MOST_FAILED_SEGMENTS = 10;

/** The render job: synthesises what is missing, joins everything, stores the sound. */
export class RenderRun {
  constructor(private readonly use: RenderRunDependencies) {}

  /** Runs twice without harm: no rendition whose row is committed is made again. */
  async run(order: RenderOrder): Promise<string> {
    const run = await this.begin(order);
    if (!run) return notNeeded(order);
    const cancel = new AbortController();
    const course = { cancel, progress: new ProgressWriter(this.use, run, cancel) };
    const stopListening = heedCancel(this.use, run, cancel);
    try {
      const { startsMs, ...joined } = await this.soundOf(run, course);
      const sound = { ...joined, renderedScriptHash: soundHashOf(run) };
      await this.end(
        run,
        { status: NarrationStatus.Ready, ...sound },
        null,
        soundsOf(run, startsMs),
      );
      return `Rendered narration ${order.narrationId}: ${Math.round(joined.durationMs / 1000)} s of sound`;
    } catch (error) {
      if (cancel.signal.aborted) {
        await this.end(run, { status: NarrationStatus.Cancelled }, null);
        return `Stopped rendering narration ${order.narrationId}, as its narrator asked`;
      }
      if (!(error instanceof SegmentError)) throw error;
      if (!error.cause.retryable) return await this.fail(run, error.failure);
      await this.note(run, error.failure);
      throw error;
    } finally {
      await stopListening();
    }
  }

  /** After the last try: the narration says why, and what was rendered stays. */
  async giveUp(order: RenderOrder, reason: string): Promise<string> {
    const owner = ownerOf(order.userId);
    const current = await this.use.database.write(owner.userId, (tx) => held(tx, owner, order));
    if (!current) return notNeeded(order);
    const { failure } = current.render;
    return this.fail(
      { order, owner },
      failure ?? { code: "RENDER_FAILED", message: reason, position: null },
    );
  }

  private async begin(order: RenderOrder): Promise<Run | null> {
    const { database, rendering } = this.use;
    const owner = ownerOf(order.userId);
    return database.write(owner.userId, async (tx) => {
      const current = await held(tx, owner, order);
      if (!current) return null;
      const { narration } = current;
      const plan = await rendering.plan(tx, owner, narration);
      await narrationStore.setRendered(tx, owner, narration.id, {
        status: NarrationStatus.Rendering,
      });
      await renderStore.note(tx, owner, order, null);
      await rendering.announce(tx, owner, narration.id);
      const [user] = await userStore.byIds(tx, [owner.userId]);
      return { ...plan, order, owner, narration, ownerName: ownerNameOf(user) };
    });
  }

  private async soundOf(run: Run, course: Course): Promise<JoinedSound> {
    const { database, joiner } = this.use;
    const { progress, cancel } = course;
    const renditions = await database.read({ viewer: run.owner.userId }, (tx) =>
      existingRenditions(tx, run.owner, run.segments),
    );
    progress.reuse(run.segments.filter(({ recipeKey }) => renditions.has(recipeKey)).length);
    await this.synthesizeMissing(run, renditions, course);
    await progress.flush();
    try {
      return await joiner.join(run, renditions, cancel.signal);
    } catch (error) {
      cancel.signal.throwIfAborted();
      // Looked for only now: asking a remote storage for every blob of a book takes minutes.
      if (!(await this.forgetLost(renditions))) throw error;
      await this.synthesizeMissing(run, renditions, course);
      return await joiner.join(run, renditions, cancel.signal);
    }
  }

  /** Takes out the renditions whose blobs somebody deleted; tells whether there are any. */
  private async forgetLost(renditions: Map<string, Rendition>): Promise<boolean> {
    let isAnyLost = false;
    for (const { recipeKey, blobKey } of [...renditions.values()]) {
      if (await this.use.storage.stat(blobKey)) continue;
      renditions.delete(recipeKey);
      isAnyLost = true;
    }
    return isAnyLost;
  }

  private async synthesizeMissing(
    run: Run,
    renditions: Map<string, Rendition>,
    { progress, cancel }: Course,
  ): Promise<void> {
    const missing = Map.groupBy(
      run.segments.filter(({ recipeKey }) => !renditions.has(recipeKey)),
      ({ recipeKey }) => recipeKey,
    );
    const failures: SegmentError[] = [];
    const next = missing.values();
    const work = async (): Promise<void> => {
      for (const segments of next) {
        cancel.signal.throwIfAborted();
        const made = await this.synthesize(run, segments, cancel.signal);
        if (made instanceof SegmentError) failures.push(made);
        else renditions.set(made.recipeKey, made);
        if (failures.length >= MOST_FAILED_SEGMENTS) return;
        await progress.advance(made instanceof SegmentError ? 0 : segments.length);
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

  /** Speaks what these segments share; a text that can never be spoken is returned as an error. */
  private async synthesize(
    run: Run,
    segments: readonly PlannedSegment[],
    signal: AbortSignal,
  ): Promise<Rendition | SegmentError> {
    const [segment] = segments;
    if (!segment) throw new Error("A recipe without a segment was to be spoken.");
    const { speech, storage, database } = this.use;
    const provider = speech.providerOf(segment.voice);
    if (!provider) throw new NotFoundError(`The voice ${segment.voice} is no longer on offer.`);
    try {
      const sound = await provider.synthesize(segment.recipe.request, signal);
      const isShared = segments.some((each) => each.isShared);
      const blob = await storage.put(encodeWav(sound), {
        contentType: "audio/wav",
        owner: isShared ? undefined : run.ownerName,
      });
      const rendition = renditionOf(segment, sound, blob);
      await database.write(run.owner.userId, (tx: Tx) =>
        putRendition(tx, run.owner, isShared, rendition),
      );
      return rendition;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const failure = new SegmentError(segment.line.position, error);
      if (error.retryable) throw failure;
      return failure;
    }
  }

  private async end(
    { owner, order }: Pick<Run, "owner" | "order">,
    values: End,
    failure: RenderFailure | null,
    sounds: Parameters<typeof lineStore.setSounds>[3] = [],
  ): Promise<void> {
    const { database, clock, rendering } = this.use;
    await database.write(owner.userId, async (tx) => {
      await narrationStore.setRendered(tx, owner, order.narrationId, { ...values, failure });
      if (sounds.length > 0) await lineStore.setSounds(tx, owner, order.narrationId, sounds);
      await renderStore.finish(tx, owner, order, { finishedAt: clock.now(), failure });
      await rendering.announce(tx, owner, order.narrationId);
    });
  }

  private async fail(run: Pick<Run, "owner" | "order">, failure: RenderFailure): Promise<string> {
    await this.end(run, { status: NarrationStatus.Failed }, failure);
    return `Could not render narration ${run.order.narrationId}: ${failure.message}`;
  }

  /** Should this try be the last, its failure is known by more than a message. */
  private async note({ owner, order }: Run, failure: RenderFailure): Promise<void> {
    await this.use.database.write(owner.userId, (tx) =>
      renderStore.note(tx, owner, order, failure),
    );
  }
}

/** The narration, held, and the render; null where it is over, or another try has begun. */
async function held(
  tx: Tx,
  owner: Owner,
  { narrationId, attempt }: RenderOrder,
): Promise<{ readonly narration: NarrationEntity; readonly render: RenderEntity } | null> {
  const narration = await narrationStore.hold(tx, owner, narrationId);
  const [render] = await renderStore.latest(tx, owner, [narrationId]);
  const isCurrent = render?.attempt === attempt && render.finishedAt === null;
  return narration && isCurrent ? { narration, render } : null;
}

const soundsOf = ({ segments }: RenderPlan, startsMs: readonly number[]) =>
  segments.map(({ line, recipeKey }, index) => ({
    position: line.position,
    recipeKey,
    startMs: startsMs[index] ?? null,
  }));

const notNeeded = ({ narrationId, attempt }: RenderOrder): string =>
  `Narration ${narrationId} needs no render ${attempt} any more`;

const renditionOf = (
  { recipeKey }: PlannedSegment,
  { pcm, sampleRate, words, degraded }: Speech,
  blob: StoredBlob,
): Rendition => ({
  recipeKey,
  blobKey: blob.key,
  durationMs: Math.round((pcm.length / sampleRate) * 1000),
  words: words.map(({ charStart, charEnd, ...word }) => ({
    ...word,
    start: charStart,
    end: charEnd,
  })),
  degraded: [...degraded],
  sizeBytes: String(blob.sizeBytes),
});

function ownerNameOf(user: UserEntity | undefined): string {
  if (!user) throw new NotFoundError("The owner of the narration is gone.");
  return user.publicId;
}
