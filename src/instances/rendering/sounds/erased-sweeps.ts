import type { Database } from "../../../platform/database/transactions/database.js";
import { userStore } from "../../../platform/users/user.store.js";
import { ownerOf } from "../../owner.js";
import type { SweepSoon } from "../../sweep-soon.js";

/** Finds the users whom an operator erased. An operator erases a user without a job. */
export class ErasedSweeps {
  constructor(
    private readonly database: Database,
    private readonly sweepSoon: SweepSoon,
  ) {}

  /** Queues the sweep that deletes the sound of each erased user. */
  async queue(): Promise<void> {
    await this.database.write(null, async (tx) => {
      for (const id of await userStore.recentlyErased(tx)) await this.sweepSoon(tx, ownerOf(id));
    });
  }
}
