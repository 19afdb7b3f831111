import { In } from "typeorm";
import type { Tx } from "../../platform/database/database.js";
import type { Rendition } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import { UserRenditionEntity } from "./rendering.entity.js";

export const userRenditionStore = {
  byKeys: (tx: Tx, owner: Owner, recipeKeys: readonly string[]): Promise<UserRenditionEntity[]> =>
    tx.find(UserRenditionEntity, {
      where: { userId: owner.userId, recipeKey: In([...recipeKeys]) },
    }),

  put: async (tx: Tx, owner: Owner, rendition: Rendition): Promise<void> => {
    await tx
      .createQueryBuilder()
      .insert()
      .into(UserRenditionEntity)
      .values({ ...rendition, userId: owner.userId })
      .orIgnore()
      .execute();
  },

  remove: async (tx: Tx, owner: Owner, recipeKeys: readonly string[]): Promise<void> => {
    await tx.delete(UserRenditionEntity, {
      userId: owner.userId,
      recipeKey: In([...recipeKeys]),
    });
  },
};
