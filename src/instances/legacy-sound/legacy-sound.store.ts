import { Any } from "typeorm";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { Owner } from "../owner.js";
import { LegacySoundEntity } from "./legacy-sound.entity.js";

export const legacySoundStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<LegacySoundEntity[]> =>
    tx.find(LegacySoundEntity, { where: { userId: owner.userId, id: Any([...ids]) } }),
};
