import { say } from "../platform/process.js";

const WIDTH = 30;
/** Without a terminal, a line each tenth. */
const STEPS = 10;

/** A bar that redraws itself at a terminal, and plain lines elsewhere. On standard error. */
export class ProgressBar {
  private lastStep = -1;

  constructor(
    private readonly label: string,
    private readonly terminal = process.stderr,
  ) {}

  show(done: number, total: number): void {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    if (this.terminal.isTTY) {
      const filled = Math.round(share * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      this.terminal.write(`\r${this.label} ${bar} ${done}/${total}${share === 1 ? "\n" : ""}`);
      return;
    }
    const step = Math.floor(share * STEPS);
    if (step === this.lastStep) return;
    this.lastStep = step;
    say(`${this.label} ${done}/${total}`);
  }
}
