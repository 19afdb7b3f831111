import type { JobFailure } from "../../../jobs/queue.port.js";
import { FabulaError } from "../../../platform/errors.js";
import type {
  CloningProvider,
  TrainedVoice,
  TrainingOrder,
} from "../../../providers/speech/cloning.port.js";
import { TrainingRows, type TrainingRowsDependencies } from "./training-rows.js";
import type { TrainingStep } from "./training-step.js";
import type { VoiceOrder } from "./voice-order.js";
import { watchTraining } from "./watch-training.js";

/**
 * The longest time for one emotion voice. A training from three minutes of speech takes a minute, also on a
 * busy machine.
 */
const LONGEST_MS = 5 * 60_000;

const TOOK_TOO_LONG =
  "The training took longer than five minutes and was stopped; train again, or record shorter takes.";
const OUR_FAULT = "The training failed because of a fault of this server; train again later.";

/** A step whose order can be sent to its provider. */
interface Trainable extends TrainingStep {
  readonly provider: CloningProvider;
  readonly order: TrainingOrder;
}

/** The job of personal voices: trains the emotion voices that wait for their training, one by one. */
export class EmotionTraining {
  private readonly rows: TrainingRows;

  constructor(private readonly use: TrainingRowsDependencies) {
    this.rows = new TrainingRows(use);
  }

  /**
   * Trains all waiting emotion voices of one personal voice. Each result is committed alone, so a job that
   * runs again goes on where the last one ended. Returns a line for the log. Safe if two workers train the
   * same voice at the same time. Trains nothing without a live consent.
   */
  async run(order: VoiceOrder, taken = new AbortController().signal): Promise<string> {
    const told: string[] = [];
    for (;;) {
      const step = await this.rows.begin(order);
      if (!step) break;
      told.push(`${step.template.modulationKey} ${await this.train(step, taken)}`);
    }
    return told.length === 0
      ? `Personal voice ${order.voiceId} needs no training now`
      : `Trained personal voice ${order.voiceId}: ${told.join(", ")}`;
  }

  /**
   * Ends the training of a voice whose job gets no more tries. A provider that failed would fail again for
   * the waiting emotion voices. After any other failure, only the emotion voice is given up that the job was
   * training, and a new job trains the others.
   */
  async giveUp(order: VoiceOrder, { message, errorId }: JobFailure): Promise<string> {
    const given = await this.rows.giveUp(order, {
      reason: message ?? OUR_FAULT,
      all: message !== null,
    });
    return `Gave up on ${given} emotion voices of personal voice ${order.voiceId} (error id ${errorId})`;
  }

  /** Trains one emotion voice. Returns the end of a sentence for the log. */
  private async train(step: TrainingStep, taken: AbortSignal): Promise<string> {
    if (!isTrainable(step)) return this.fail(step, step.order as string);
    const startedMs = performance.now();
    const trained = await this.askProvider(step, taken);
    if (trained instanceof Unusable) {
      if (trained.reason !== null) return this.fail(step, trained.reason);
      await this.rows.drop(step, null);
      return "stopped";
    }
    const count = step.order.samples.length;
    if (!(await this.rows.finish(step, trained, count))) return "changed meanwhile";
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    return `from ${count} recording${count === 1 ? "" : "s"} in ${seconds} s`;
  }

  /** @throws any error after which the same order may succeed */
  private async askProvider(
    { provider, order, ...step }: Trainable,
    taken: AbortSignal,
  ): Promise<TrainedVoice | Unusable> {
    const late = AbortSignal.timeout(LONGEST_MS);
    const unwanted = new AbortController();
    const unwatch = await watchTraining(this.use, step, unwanted);
    try {
      if (unwanted.signal.aborted) return new Unusable(null);
      return await provider.train(order, AbortSignal.any([taken, late, unwanted.signal]));
    } catch (error) {
      if (taken.aborted) throw error;
      if (unwanted.signal.aborted) return new Unusable(null);
      if (late.aborted) return new Unusable(TOOK_TOO_LONG);
      if (!(error instanceof FabulaError) || error.retryable) throw error;
      return new Unusable(error.message);
    } finally {
      await unwatch();
    }
  }

  private async fail({ owner, emotionVoice }: TrainingStep, reason: string): Promise<string> {
    const isFailed = await this.rows.fail(owner, emotionVoice, reason);
    return isFailed ? "failed" : "changed meanwhile";
  }
}

/** The end of a training without a voice. The reason is for people. null if nobody wants the voice any more. */
class Unusable {
  constructor(readonly reason: string | null) {}
}

const isTrainable = (step: TrainingStep): step is Trainable =>
  step.provider !== null && typeof step.order !== "string";
