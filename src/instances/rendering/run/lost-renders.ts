import type { Database } from "../../../platform/database/transactions/database.js";
import { ownerOf, serverScope } from "../../owner.js";
import type { RenderOrder } from "../render-order.js";
import { lockCurrentRender } from "./current-render.js";
import type { EnqueueRender } from "../rendering.service.js";
import { underWayStore } from "../under-way.store.js";

export interface LostRenderDependencies {
  readonly database: Database;
  readonly enqueue: EnqueueRender;
  /** Returns the orders that have no job in the queue. */
  readonly findWithoutJob: (orders: readonly RenderOrder[]) => Promise<RenderOrder[]>;
}

/**
 * Queues new jobs for renders whose jobs were lost, for example when a backup was restored. Safe if
 * several workers do this at the same time.
 */
export class LostRenders {
  constructor(private readonly use: LostRenderDependencies) {}

  /** Returns the number of queued renders. */
  async requeue(): Promise<number> {
    const { database, findWithoutJob } = this.use;
    const orders = await database.read({ viewer: null }, (tx) => underWayStore.all(tx));
    let queued = 0;
    for (const order of await findWithoutJob(orders)) if (await this.requeueOne(order)) queued += 1;
    return queued;
  }

  /**
   * Queues one render again. First locks the narration and checks again that the render needs a job,
   * because the render may have ended or got a job since the search. Returns false if nothing was
   * queued.
   */
  private requeueOne(order: RenderOrder): Promise<boolean> {
    const { database, enqueue, findWithoutJob } = this.use;
    const owner = ownerOf(order.userId);
    // The job itself ends the render of a deactivated owner.
    return database.write(serverScope(owner), async (tx) => {
      const current = await lockCurrentRender(tx, owner, order);
      if (!current) {
        await underWayStore.remove(tx, owner, order);
        return false;
      }
      if ((await findWithoutJob([order])).length === 0) return false;
      await enqueue(tx, order, current.render.total);
      return true;
    });
  }
}
