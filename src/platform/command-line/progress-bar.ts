import { type Clock, systemClock } from "../clock.js";

const WIDTH = 30;
/** Without a terminal, the bar writes one line for each tenth of the work. */
const STEPS = 10;

export interface ProgressBarOptions {
  readonly terminal?: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  readonly clock?: Clock;
  /** What is counted, for example rows. With a unit, the bar also shows how many are done per second. */
  readonly unit?: string;
}

/**
 * Shows progress on standard error. At a terminal, one line redraws itself. Without a terminal, the bar
 * writes plain lines.
 */
export class ProgressBar {
  private readonly terminal: NonNullable<ProgressBarOptions["terminal"]>;
  private readonly clock: Clock;
  private readonly unit: string | undefined;
  private startedAtMs: number | undefined;
  private doneAtStart = 0;
  private lastStep = -1;

  constructor(
    private readonly label: string,
    { terminal = process.stderr, clock = systemClock, unit }: ProgressBarOptions = {},
  ) {
    this.terminal = terminal;
    this.clock = clock;
    this.unit = unit;
  }

  /**
   * Shows the progress. Returns true if this call filled the bar. A full bar is not drawn again.
   * @param note what else a person should see
   */
  show(done: number, total: number, note?: string): boolean {
    if (this.lastStep === STEPS) return false;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const step = Math.floor(share * STEPS);
    const counted = this.unit === undefined ? "" : ` ${this.unit}`;
    const more = note === undefined ? "" : `, ${note}`;
    const text = `${done}/${total}${counted}${more}${this.speed(done, total)}`;
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
  private speed(done: number, total: number): string {
    const nowMs = this.clock.now().getTime();
    if (this.startedAtMs === undefined) {
      this.startedAtMs = nowMs;
      this.doneAtStart = done;
    }
    const made = done - this.doneAtStart;
    const tookMs = nowMs - this.startedAtMs;
    if (made === 0 || done >= total) return "";
    const rate =
      this.unit === undefined
        ? ""
        : `, ${Math.round((made / Math.max(tookMs, 1)) * 1000)} ${this.unit}/s`;
    const seconds = Math.ceil((tookMs / made / 1000) * (total - done));
    const left = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    return `${rate}, about ${left} left`;
  }
}
