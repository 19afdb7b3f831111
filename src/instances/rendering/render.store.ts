import { IsNull } from "typeorm";
import { queryAs, selectList } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import type { NarrationStatus } from "../narration/narration.entity.js";
import type { Owner } from "../owner.js";
import { underWayStore } from "./under-way.store.js";
import { RenderEntity, type RenderFailure } from "./rendering.entity.js";

interface Attempt {
  readonly narrationId: string;
  readonly attempt: number;
}

/** The progress of a narration's latest render. */
export interface RenderProgress {
  /** The narration's id. */
  readonly id: string;
  readonly status: NarrationStatus;
  readonly attempt: number;
  readonly rendered: number;
  readonly reused: number;
}

export const renderStore = {
  /** Reads the latest attempt of each narration. */
  latest: (tx: Tx, owner: Owner, narrationIds: readonly string[]): Promise<RenderEntity[]> =>
    queryAs(
      tx,
      RenderEntity,
      `SELECT DISTINCT ON (r.narration_id) ${selectList(tx, RenderEntity, "r")}
       FROM instances.user_narration_renders r
       WHERE r.user_id = $1 AND r.narration_id = ANY($2::bigint[])
       ORDER BY r.narration_id, r.attempt DESC`,
      [owner.userId, narrationIds],
    ),

  /** Reads the progress of each narration whose render is under way or ended after `since`. */
  recent: (tx: Tx, owner: Owner, since: Date): Promise<RenderProgress[]> =>
    tx.query<RenderProgress[]>(
      `SELECT DISTINCT ON (r.narration_id) r.narration_id AS id, n.status, r.attempt, r.rendered, r.reused
       FROM instances.user_narration_renders r
       JOIN instances.user_story_narrations n ON n.user_id = r.user_id AND n.id = r.narration_id
       WHERE r.user_id = $1 AND (r.finished_at IS NULL OR r.finished_at > $2)
       ORDER BY r.narration_id, r.attempt DESC`,
      [owner.userId, since],
    ),

  /** True if any narration of the owner renders or waits for its render. */
  isAnyUnderWay: (tx: Tx, owner: Owner): Promise<boolean> =>
    tx.exists(RenderEntity, { where: { userId: owner.userId, finishedAt: IsNull() } }),

  begin: async (
    tx: Tx,
    owner: Owner,
    render: Attempt & {
      readonly total: number;
      readonly scriptHash: string | null;
      readonly startedAt: Date;
      readonly reservedCharacters: number;
    },
  ): Promise<void> => {
    await tx.insert(RenderEntity, { ...render, userId: owner.userId });
    await underWayStore.add(tx, owner, render);
  },

  /** Writes an attempt's progress. Returns false if the attempt has ended or its narration was deleted. */
  progress: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    counts: { readonly rendered: number; readonly reused: number },
  ): Promise<boolean> => {
    const [, changed] = await tx.query<[unknown[], number]>(
      `UPDATE instances.user_narration_renders r SET rendered = $4, reused = $5
       WHERE r.user_id = $1 AND r.narration_id = $2 AND r.attempt = $3 AND r.finished_at IS NULL`,
      [owner.userId, at.narrationId, at.attempt, counts.rendered, counts.reused],
    );
    return changed === 1;
  },

  /**
   * Prepares the attempt for a new worker. Deletes the progress and the failure of the earlier worker.
   */
  restart: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    { reused, workingSince }: { readonly reused: number; readonly workingSince: Date },
  ): Promise<void> => {
    await tx.update(
      RenderEntity,
      { userId: owner.userId, narrationId: at.narrationId, attempt: at.attempt },
      { rendered: 0, reused, workingSince, failure: null },
    );
  },

  /** Stores why a worker failed. The failure is shown if no later worker succeeds. */
  recordFailure: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    failure: RenderFailure,
  ): Promise<void> => {
    await tx.update(
      RenderEntity,
      { userId: owner.userId, narrationId: at.narrationId, attempt: at.attempt },
      { failure, workingSince: null },
    );
  },

  /**
   * Records that reserved characters are spoken. Returns false if the attempt has ended or was deleted.
   */
  spendReserved: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    characters: number,
  ): Promise<boolean> => {
    const [, changed] = await tx.query<[unknown[], number]>(
      `UPDATE instances.user_narration_renders r
       SET reserved_characters = greatest(0, r.reserved_characters - $4::int)
       WHERE r.user_id = $1 AND r.narration_id = $2 AND r.attempt = $3 AND r.finished_at IS NULL`,
      [owner.userId, at.narrationId, at.attempt, characters],
    );
    return changed === 1;
  },

  /**
   * Removes the attempt's reserved characters. Returns their number and the time when they were counted.
   * Returns null if no characters are reserved.
   */
  takeReserved: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
  ): Promise<{ readonly characters: number; readonly startedAt: Date } | null> => {
    const [rows] = await tx.query<[{ characters: number; startedAt: Date }[], number]>(
      `WITH reserved AS (
         SELECT r.reserved_characters AS characters FROM instances.user_narration_renders r
         WHERE r.user_id = $1 AND r.narration_id = $2 AND r.attempt = $3 FOR UPDATE)
       UPDATE instances.user_narration_renders r SET reserved_characters = 0 FROM reserved
       WHERE r.user_id = $1 AND r.narration_id = $2 AND r.attempt = $3
       RETURNING reserved.characters, r.started_at AS "startedAt"`,
      [owner.userId, at.narrationId, at.attempt],
    );
    return rows[0] ?? null;
  },

  finish: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    end: {
      readonly finishedAt: Date;
      readonly failure: RenderFailure | null;
      /** True if the owner cancelled the render. */
      readonly cancelRequested?: boolean;
    },
  ): Promise<void> => {
    await tx.update(
      RenderEntity,
      { userId: owner.userId, narrationId: at.narrationId, attempt: at.attempt },
      end,
    );
    await underWayStore.remove(tx, owner, at);
  },
};
