import { Any } from "typeorm";
import { rowsWhere } from "../../../platform/database/reading/columns.js";
import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Rendition } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import { UserRenditionEntity } from "../rendering.entity.js";

export const userRenditionStore = {
  // ANY takes one parameter. IN takes one for each key, and PostgreSQL allows 65,535: fewer than a long
  // script has segments.
  byKeys: (tx: Tx, owner: Owner, recipeKeys: readonly string[]): Promise<UserRenditionEntity[]> =>
    rowsWhere(tx, UserRenditionEntity, "t.user_id = $1 AND t.recipe_key = ANY($2)", [
      owner.userId,
      recipeKeys,
    ]),

  /** Returns the keys that have a rendition. Does not read the renditions' words. */
  keysAmong: async (tx: Tx, owner: Owner, recipeKeys: readonly string[]): Promise<string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT r.recipe_key AS key FROM instances.user_renditions r
       WHERE r.user_id = $1 AND r.recipe_key = ANY($2::text[])`,
      [owner.userId, recipeKeys],
    );
    return rows.map(({ key }) => key);
  },

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
      recipeKey: Any([...recipeKeys]),
    });
  },
};
