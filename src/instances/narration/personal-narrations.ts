import type { Tx } from "../../platform/database/transactions/database.js";
import { editionStore } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import type { RendersUnderWay } from "./delete-narration.js";
import { type NarrationEntity, NarrationStatus } from "./narration.entity.js";
import { narrationStore } from "./narration.store.js";
import { personalNarrationStore } from "./personal-narrations.store.js";
import { removeEdition } from "./publishing/remove-edition.js";

/** Why Fabula itself cancelled a render. */
export interface CancelReason {
  readonly code: string;
  /** A sentence for people, with advice. */
  readonly message: string;
}

/** The narrations that are spoken in a personal voice of their owner. */
export class PersonalNarrations {
  constructor(
    private readonly use: { readonly renders: RendersUnderWay; readonly sweepSoon: SweepSoon },
  ) {}

  /**
   * Cancels the renders under way that speak in a personal voice. The renditions and the earlier sound of
   * the narrations are kept. Returns the narrations as they were before.
   */
  async cancelRenders(
    tx: Tx,
    owner: Owner,
    reason: CancelReason,
  ): Promise<readonly NarrationEntity[]> {
    const ids = await personalNarrationStore.lockUnderWay(tx, owner);
    const narrations = await narrationStore.byIds(tx, owner, ids);
    for (const narration of narrations) {
      await this.use.renders.endRender(tx, owner, narration);
      await narrationStore.setRendered(tx, owner, narration.id, {
        status: NarrationStatus.Cancelled,
        failure: { ...reason, position: null },
      });
    }
    return narrations;
  }

  /** Returns the ids of the narrations whose edition is spoken in a personal voice, the newest first. */
  published(tx: Tx, { userId }: Owner): Promise<readonly string[]> {
    return editionStore.spokenInPersonalVoices(tx, userId);
  }

  /** Removes the editions that are spoken in a personal voice. Returns their narrations as they were before. */
  async unpublish(tx: Tx, owner: Owner): Promise<readonly NarrationEntity[]> {
    const found = await this.published(tx, owner);
    const locked = new Map<string, Awaited<ReturnType<typeof narrationStore.lock>>>();
    // In the order of the ids, and before the sweep is queued. So two transactions never wait for each other.
    for (const id of found.toSorted()) locked.set(id, await narrationStore.lock(tx, owner, id));
    // Before the lock, the owner may have unpublished a narration or published it in another voice.
    const remaining = await this.published(tx, owner);
    const narrations = remaining.flatMap((id) => locked.get(id) ?? []);
    for (const narration of narrations) {
      const values = await removeEdition(tx, owner, narration, this.use.sweepSoon);
      await narrationStore.setByServer(tx, owner, narration.id, values);
    }
    return narrations;
  }
}
