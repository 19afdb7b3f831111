import type { JobFailure } from "../../../jobs/queue.port.js";
import { FabulaError, NotFoundError } from "../../../platform/errors.js";
import type { PublicUser } from "../../../platform/users/user.entity.js";
import { userStore } from "../../../platform/users/user.store.js";
import type { Rendition } from "../../../reference/index.js";
import { CONSENT_ENDED, ConsentEndedError } from "../../consent/consent-end.js";
import { NarrationStatus, nameOf } from "../../narration/narration.entity.js";
import { FailureCode } from "../../narration/narration-view.js";
import { narrationStore } from "../../narration/narration.store.js";
import { type Owner, ownerOf, serverScope } from "../../owner.js";
import { abortOnCancel } from "./abort-on-cancel.js";
import { lockCurrentRender } from "./current-render.js";
import type { PlacedSegment } from "../join/join-steps.js";
import { type LineSound, lineStore } from "../lines.store.js";
import { describeMissedGain } from "../join/missed-gain.js";
import type { RenderPlan } from "../plan/plan.js";
import { ProgressWriter } from "./progress-writer.js";
import { findRenditions, isIntact, removeRenditions } from "../sounds/renditions.js";
import type { RenderFailure } from "../rendering.entity.js";
import {
  type RenderingDependencies,
  type RenderingService,
  hashSound,
} from "../rendering.service.js";
import { returnUnspoken } from "../render-quotas.js";
import type { RenderOrder } from "../render-order.js";
import { renderStore } from "../render.store.js";
import { SegmentError, SegmentSpeaker } from "./segment-speaker.js";
import type { JoinedSound, SoundJoiner } from "../join/sound-joiner.js";

export interface RenderRunDependencies extends RenderingDependencies {
  readonly rendering: RenderingService;
  readonly joiner: SoundJoiner;
  /** The number of segments that are synthesised at the same time. */
  readonly concurrency: number;
}

/** One running attempt to render one narration. */
interface Run extends RenderPlan {
  readonly order: RenderOrder;
  readonly owner: Owner;
  /** The existing renditions, by recipe key. The map grows during the run. */
  readonly renditions: Map<string, Rendition>;
  /** The owner's public id, which blob keys contain. */
  readonly ownerName: string;
}

/** The writer of a run's progress, and the signal that stops the run. */
interface RunControl {
  readonly progress: ProgressWriter;
  /** Aborted when the owner cancels or the queue takes the job away. */
  readonly signal: AbortSignal;
}

type End = Parameters<typeof narrationStore.setRendered>[3];

/** The render job: synthesises missing renditions, joins all renditions and stores the sound. */
export class RenderRun {
  private readonly speaker: SegmentSpeaker;

  constructor(private readonly use: RenderRunDependencies) {
    this.speaker = new SegmentSpeaker(use);
  }

  /**
   * Runs one attempt. Returns a line for the log. Safe if two workers run the same attempt, even at the
   * same time. A rendition whose row is committed is not made again. `taken` is aborted when the queue
   * takes the job away.
   */
  async run(order: RenderOrder, taken = new AbortController().signal): Promise<string> {
    const run = await this.begin(order).catch((error: unknown) => this.failToBegin(order, error));
    if (typeof run === "string") return run;
    if (!run) return describeObsolete(order);
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, taken]);
    const control = { signal, progress: new ProgressWriter(this.use, run, cancel) };
    const stopListening = abortOnCancel(this.use, run, cancel);
    try {
      const { placed, ...joined } = await this.makeSound(run, control);
      const sound = { ...joined, renderedScriptHash: hashSound(run) };
      const values = { status: NarrationStatus.Ready, ...sound };
      return await this.end(run, values, null, soundsOf(run, placed));
    } catch (error) {
      if (cancel.signal.aborted) return describeObsolete(order);
      // If the queue took the job away, write nothing, because another worker may run the job now.
      if (taken.aborted || !(error instanceof FabulaError)) throw error;
      await control.progress.flush();
      if (!error.retryable) return await this.fail(run, failureOf(error));
      await this.recordFailure(run, failureOf(error));
      throw error;
    } finally {
      await stopListening();
    }
  }

  /**
   * Handles a job that gets no more tries. If this attempt made a rendition, queues another attempt.
   * Otherwise the narration fails and stores the failure. Finished renditions are kept.
   */
  async giveUp(order: RenderOrder, { message, errorId }: JobFailure): Promise<string> {
    const owner = ownerOf(order.userId);
    const { narrationId } = order;
    const current = await this.use.database.write(serverScope(owner), (tx) =>
      lockCurrentRender(tx, owner, order),
    );
    if (!current) return describeObsolete(order);
    if (await this.queueNextAttemptIfAdvanced(order, owner))
      return `Queued the next attempt to render narration ${narrationId}`;
    const broken = `An internal error stopped the render of ${nameOf(current.narration, "this narration")} (error id ${errorId}); render it again.`;
    const unknown = { code: FailureCode.RenderFailed, message: message ?? broken, position: null };
    return this.fail({ order, owner }, current.render.failure ?? unknown);
  }

  /**
   * Queues another attempt if this attempt made a rendition. Returns true if an attempt was queued.
   * Without this function, a book whose workers are stopped repeatedly could run out of tries, although
   * every try makes progress.
   */
  private async queueNextAttemptIfAdvanced(order: RenderOrder, owner: Owner): Promise<boolean> {
    const { database, clock, enqueue } = this.use;
    return database.write(serverScope(owner), async (tx) => {
      const current = await lockCurrentRender(tx, owner, order);
      if (!current?.render.rendered) return false;
      const { total, scriptHash, startedAt, reservedCharacters, failure } = current.render;
      const next = { ...order, attempt: order.attempt + 1 };
      await renderStore.finish(tx, owner, order, { finishedAt: clock.now(), failure });
      await renderStore.begin(tx, owner, {
        ...{ ...next, total, scriptHash, startedAt, reservedCharacters },
      });
      await enqueue(tx, next, total);
      return true;
    });
  }

  private async begin(order: RenderOrder): Promise<Run | null> {
    const { database, clock, rendering } = this.use;
    const owner = ownerOf(order.userId);
    return database.write(owner.userId, async (tx) => {
      const current = await lockCurrentRender(tx, owner, order);
      if (!current) return null;
      const { narration } = current;
      const plan = await rendering.plan(tx, owner, narration);
      const renditions = await findRenditions(tx, owner, plan.segments);
      await narrationStore.setRendered(tx, owner, narration.id, {
        status: NarrationStatus.Rendering,
      });
      const reused = plan.segments.filter(({ recipeKey }) => renditions.has(recipeKey)).length;
      await renderStore.restart(tx, owner, order, { reused, workingSince: clock.now() });
      await rendering.announce(tx, owner, narration.id);
      const [user] = await userStore.byIds(tx, [owner.userId]);
      return { ...plan, order, owner, renditions, ownerName: ownerNameOf(user) };
    });
  }

  /** Ends a render whose consent ended before the render began. @throws any other error */
  private failToBegin(order: RenderOrder, error: unknown): Promise<string> {
    if (!(error instanceof ConsentEndedError)) throw error;
    return this.fail({ order, owner: ownerOf(order.userId) }, failureOf(error));
  }

  private async makeSound(run: Run, { progress, signal }: RunControl): Promise<JoinedSound> {
    const { joiner } = this.use;
    const speakMissing = async () => {
      await this.speaker.speakMissing({ ...run, progress, signal }, run.renditions);
      await progress.flush();
    };
    await speakMissing();
    try {
      return await joiner.join(run, run.renditions, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Check for lost blobs only after a failure: asking a remote storage for a book's blobs takes minutes.
      if (!(await this.removeLostRenditions(run))) throw error;
      await speakMissing();
      return await joiner.join(run, run.renditions, signal);
    }
  }

  /**
   * Removes renditions whose blobs were deleted, shortened or overwritten. Returns true if a rendition
   * was removed.
   */
  private async removeLostRenditions({ owner, renditions }: Run): Promise<boolean> {
    const { storage, database } = this.use;
    const lost: Rendition[] = [];
    for (const rendition of renditions.values()) {
      if (!(await isIntact(storage, rendition))) lost.push(rendition);
    }
    // Delete damaged blobs. If a damaged blob stayed, the storage would keep its bytes when the right
    // bytes are put again.
    for (const { blobKey } of lost) await storage.delete(blobKey);
    // Delete the rows too. Some engines give another sound each time. The new sound then has another
    // blob key, but an old row would still contain the old key.
    await database.write(owner.userId, (tx) => removeRenditions(tx, owner, lost));
    for (const { recipeKey } of lost) renditions.delete(recipeKey);
    return lost.length > 0;
  }

  /**
   * Writes the end of a render. Writes nothing if the render has already ended, for example by a cancel.
   * Returns a line for the log.
   */
  private async end(
    { owner, order }: Pick<Run, "owner" | "order">,
    values: End,
    failure: RenderFailure | null,
    sounds: Parameters<typeof lineStore.setSounds>[3] = [],
  ): Promise<string> {
    const { database, clock, rendering } = this.use;
    const { narrationId } = order;
    // The render of a deactivated owner stops at its next transaction. The server then writes the end.
    const scope = failure ? serverScope(owner) : { viewer: owner.userId };
    return database.write(scope, async (tx) => {
      if (!(await lockCurrentRender(tx, owner, order))) return describeObsolete(order);
      await narrationStore.setRendered(tx, owner, narrationId, { ...values, failure });
      if (sounds.length > 0) await lineStore.setSounds(tx, owner, narrationId, sounds);
      await renderStore.finish(tx, owner, order, { finishedAt: clock.now(), failure });
      await returnUnspoken(tx, owner, order);
      await rendering.announce(tx, owner, narrationId);
      const why = failure ? `: ${failure.message}` : "";
      return `Render of narration ${narrationId} ended with status ${values.status}${why}`;
    });
  }

  private fail(run: Pick<Run, "owner" | "order">, failure: RenderFailure): Promise<string> {
    return this.end(run, { status: NarrationStatus.Failed }, failure);
  }

  /**
   * Stores the failure with its code and position. The narration shows this failure if no retry
   * follows.
   */
  private async recordFailure({ owner, order }: Run, failure: RenderFailure): Promise<void> {
    await this.use.database.write(owner.userId, (tx) =>
      renderStore.recordFailure(tx, owner, order, failure),
    );
  }
}

const soundsOf = (
  { segments }: RenderPlan,
  placed: readonly PlacedSegment[],
): readonly LineSound[] =>
  segments.map(({ line, recipeKey, spokenEdits, prosody: { gain } }, index) => {
    const { startMs = null, missedGainDb = 0 } = placed[index] ?? {};
    const degraded = describeMissedGain(gain, missedGainDb);
    return {
      ...{ position: line.position, recipeKey, gain, startMs },
      spokenEdits: spokenEdits.length > 0 ? spokenEdits : null,
      joinDegraded: degraded.length > 0 ? degraded : null,
    };
  });

const describeObsolete = ({ narrationId, attempt }: RenderOrder): string =>
  `Attempt ${attempt} to render narration ${narrationId} is no longer needed`;

const failureOf = (error: FabulaError): RenderFailure => ({
  code: error instanceof ConsentEndedError ? CONSENT_ENDED : error.code,
  message: error.message,
  position: error instanceof SegmentError ? error.position : null,
});

function ownerNameOf(user: PublicUser | undefined): string {
  if (!user) throw new NotFoundError("The owner of the narration no longer exists.");
  return user.publicId;
}
