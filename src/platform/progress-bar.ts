import { type Clock, systemClock } from "./clock.js";

const WIDTH = 30;
/** Without a terminal, the bar writes one line for each tenth of the work. */
const STEPS = 10;

export interface ProgressBarOptions {
  readonly terminal?: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  readonly clock?: Clock;
}

/**
 * Shows progress on standard error. At a terminal, one line redraws itself. Without a terminal, the bar
 * writes plain lines.
 */
export class ProgressBar {
  private readonly terminal: NonNullable<ProgressBarOptions["terminal"]>;
  private readonly clock: Clock;
  private startedAtMs: number | undefined;
  private doneAtStart = 0;
  private lastStep = -1;

  constructor(
    private readonly label: string,
    { terminal = process.stderr, clock = systemClock }: ProgressBarOptions = {},
  ) {
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Shows the progress. Returns true if this call filled the bar. A full bar is not drawn again. */
  show(done: number, total: number): boolean {
    if (this.lastStep === STEPS) return false;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const step = Math.floor(share * STEPS);
    const text = `${done}/${total}${this.timeLeft(done, total)}`;
    if (this.terminal.isTTY) this.draw(share, text);
    else if (step !== this.lastStep) this.terminal.write(`${this.label} ${text}\n`);
    this.lastStep = step;
    return step === STEPS;
  }

  private draw(share: number, text: string): void {
    const filled = Math.round(share * WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    // The escape sequence clears the end of an earlier, longer line.
    this.terminal.write(`\r${this.label} ${bar} ${text}\u001B[K${share === 1 ? "\n" : ""}`);
  }

  /**
   * Estimates the time left from the speed since the first call. Work that was done before the first
   * call does not count, because earlier runs did this work.
   */
  private timeLeft(done: number, total: number): string {
    const nowMs = this.clock.now().getTime();
    if (this.startedAtMs === undefined) {
      this.startedAtMs = nowMs;
      this.doneAtStart = done;
    }
    const made = done - this.doneAtStart;
    if (made === 0 || done >= total) return "";
    const seconds = Math.ceil(((nowMs - this.startedAtMs) / made / 1000) * (total - done));
    return `, about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
  }
}
