import type { Clock } from "../../../platform/clock.js";
import type { Database } from "../../../platform/database/database.js";
import type { Owner } from "../../owner.js";
import type { RenderOrder } from "../render-order.js";
import type { RenderingService } from "../rendering.service.js";
import { renderStore } from "../render.store.js";

/** At most four writes a second. */
const MIN_INTERVAL_MS = 250;

/** What progress is counted from, so that no segment counts twice, also where its sound was lost and made again. */
interface CountedRun {
  readonly order: RenderOrder;
  readonly owner: Owner;
  readonly segments: readonly { readonly recipeKey: string }[];
  /** The sound there is, by recipe; grows while the run goes on. */
  readonly renditions: ReadonlyMap<string, unknown>;
}

/** Writes a render's progress to its own narrow row, and hears there whether it is over. */
export class ProgressWriter {
  /** The recipes this try made. */
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

  /** Made a rendition, or with null took another's or could not. */
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
