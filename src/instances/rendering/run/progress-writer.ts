import type { Clock } from "../../../platform/clock.js";
import type { Database } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { RenderOrder } from "../render-order.js";
import type { RenderingService } from "../rendering.service.js";
import { renderStore } from "../render.store.js";

/** Progress is written at most four times a second. */
const MIN_INTERVAL_MS = 250;

/**
 * The run whose segments are counted. Segments are counted by recipe, so that a segment whose sound was
 * lost and made again counts only once.
 */
interface CountedRun {
  readonly order: RenderOrder;
  readonly owner: Owner;
  readonly segments: readonly { readonly recipeKey: string }[];
  /** The existing renditions, by recipe key. The map grows during the run. */
  readonly renditions: ReadonlyMap<string, unknown>;
}

/**
 * Writes a render's progress to the render's own row. Aborts the run if the row says that the render
 * has ended.
 */
export class ProgressWriter {
  /** Keys of the recipes that this attempt rendered. */
  private readonly made = new Set<string>();
  private writtenAtMs = 0;

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly rendering: RenderingService;
    },
    private readonly run: CountedRun,
    private readonly cancel: AbortController,
  ) {}

  /**
   * Counts a segment. `recipeKey` is the recipe that this attempt spoke. null if the attempt reused
   * another render's rendition, or if the segment could not be spoken.
   */
  async countSegment(recipeKey: string | null): Promise<void> {
    if (recipeKey !== null) this.made.add(recipeKey);
    const nowMs = this.use.clock.now().getTime();
    if (nowMs - this.writtenAtMs < MIN_INTERVAL_MS) return;
    this.writtenAtMs = nowMs;
    await this.flush();
  }

  async flush(): Promise<void> {
    const { order, owner, segments, renditions } = this.run;
    const { database, rendering } = this.use;
    const sounding = segments.filter(({ recipeKey }) => renditions.has(recipeKey));
    const rendered = sounding.filter(({ recipeKey }) => this.made.has(recipeKey)).length;
    const reused = sounding.length - rendered;
    const isUnderWay = await database.write(owner.userId, async (tx) => {
      const answer = await renderStore.progress(tx, owner, order, { rendered, reused });
      if (answer) await rendering.announce(tx, owner, order.narrationId);
      return answer;
    });
    if (!isUnderWay) this.cancel.abort();
  }
}
