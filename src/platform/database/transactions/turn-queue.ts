import { AbandonedError, OverloadedError } from "../../errors.js";

export interface TurnLimits {
  /** The number of turns that may run at the same time. */
  readonly turns: number;
  /** The number of callers that may wait. The next caller is refused at once. */
  readonly maxWaiting: number;
  /** The longest wait of a caller. After this time the caller is refused. */
  readonly waitTimeoutMs: number;
}

/** Ends a turn. The next caller in the queue then has the turn. */
export type EndTurn = () => void;

/** The time after which a client may try again. In this time a full queue becomes short. */
const RETRY_AFTER_SECONDS = 3;

/**
 * Gives turns to callers, in the order in which the callers came. A caller works during its turn.
 * The number of turns at the same time is limited.
 */
export class TurnQueue {
  private readonly waiting = new Set<EndTurn>();
  private free: number;

  constructor(private readonly limits: TurnLimits) {
    this.free = limits.turns;
  }

  /**
   * Waits for a turn.
   * @throws OverloadedError if too many callers wait, or if the wait takes too long
   * @throws AbandonedError if `signal` aborts before the turn
   */
  async takeTurn(signal?: AbortSignal): Promise<EndTurn> {
    if (signal?.aborted) throw new AbandonedError();
    if (this.free > 0) this.free -= 1;
    else if (this.waiting.size < this.limits.maxWaiting) await this.wait(signal);
    else throw overloaded();
    let hasEnded = false;
    return () => {
      if (!hasEnded) this.passOn();
      hasEnded = true;
    };
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(begin);
        clearTimeout(deadline);
        signal?.removeEventListener("abort", abandon);
      };
      const begin = (): void => {
        leave();
        resolve();
      };
      const abandon = (): void => {
        leave();
        reject(new AbandonedError());
      };
      const deadline = setTimeout(() => {
        leave();
        reject(overloaded());
      }, this.limits.waitTimeoutMs);
      this.waiting.add(begin);
      signal?.addEventListener("abort", abandon);
    });
  }

  private passOn(): void {
    const [next] = this.waiting;
    if (next) next();
    else this.free += 1;
  }
}

const overloaded = (): OverloadedError =>
  new OverloadedError(
    `The server has too many requests at the moment; try again in ${RETRY_AFTER_SECONDS} seconds.`,
    RETRY_AFTER_SECONDS,
  );
