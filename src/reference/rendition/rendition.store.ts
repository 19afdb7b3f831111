import { Any } from "typeorm";
import { rowsWhere } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { type Rendition, RenditionEntity } from "./rendition.entity.js";

// The class of the advisory locks on a rendition's key. The number is arbitrary; no other lock uses it.
const KEY_LOCK = 7_301_964;

export const renditionStore = {
  /**
   * Waits until every other transaction with a lock on the key ends. The lock is advisory, because
   * the rendition may not exist yet.
   */
  lockKey: async (tx: Tx, recipeKey: string): Promise<void> => {
    await tx.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", [KEY_LOCK, recipeKey]);
  },

  // ANY takes one parameter. IN takes one for each key, and PostgreSQL allows 65,535: fewer than a long
  // script has segments.
  byKeys: (tx: Tx, recipeKeys: readonly string[]): Promise<RenditionEntity[]> =>
    rowsWhere(tx, RenditionEntity, "t.recipe_key = ANY($1)", [recipeKeys]),

  /** Returns the keys that have a rendition. Does not load the words of the renditions. */
  keysAmong: async (tx: Tx, recipeKeys: readonly string[]): Promise<string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT r.recipe_key AS key FROM reference.renditions r WHERE r.recipe_key = ANY($1::text[])`,
      [recipeKeys],
    );
    return rows.map(({ key }) => key);
  },

  /**
   * Stores a rendition. If the recipe already has a rendition, keeps the stored rendition, because
   * both sound the same.
   */
  put: async (tx: Tx, rendition: Rendition): Promise<void> => {
    await tx
      .createQueryBuilder()
      .insert()
      .into(RenditionEntity)
      .values(rendition)
      .orIgnore()
      .execute();
  },

  /** Deletes renditions whose sound is lost. */
  remove: async (tx: Tx, recipeKeys: readonly string[]): Promise<void> => {
    await tx.delete(RenditionEntity, { recipeKey: Any([...recipeKeys]) });
  },
};
