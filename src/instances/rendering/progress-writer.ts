import type { Clock } from "../../platform/clock.js";
import type { Database } from "../../platform/database/database.js";
import type { Owner } from "../owner.js";
import type { RenderOrder, RenderingService } from "./rendering.service.js";
import { renderStore } from "./render.store.js";

/** At most four writes a second. */
const MIN_INTERVAL_MS = 250;

/** Writes a render's progress to its own narrow row, and hears there whether to stop. */
export class ProgressWriter {
  private rendered = 0;
  private reused = 0;
  private writtenAtMs = 0;

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly rendering: RenderingService;
    },
    private readonly run: { readonly order: RenderOrder; readonly owner: Owner },
    private readonly cancel: AbortController,
  ) {}

  reuse(segments: number): void {
    this.reused += segments;
  }

  async advance(segments: number): Promise<void> {
    this.rendered += segments;
    const nowMs = this.use.clock.now().getTime();
    if (nowMs - this.writtenAtMs < MIN_INTERVAL_MS) return;
    this.writtenAtMs = nowMs;
    await this.flush();
  }

  async flush(): Promise<void> {
    const { order, owner } = this.run;
    const { database, rendering } = this.use;
    const isCancelled = await database.write(owner.userId, async (tx) => {
      const answer = await renderStore.progress(tx, owner, order, {
        rendered: this.rendered,
        reused: this.reused,
      });
      await rendering.announce(tx, owner, order.narrationId);
      return answer;
    });
    // A render whose row is gone was deleted with its narration.
    if (isCancelled !== false) this.cancel.abort();
  }
}
