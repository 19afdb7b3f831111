import { queryAs, selectList } from "../../platform/database/columns.js";
import type { Tx } from "../../platform/database/database.js";
import type { NarrationStatus } from "../narration/narration.entity.js";
import type { Owner } from "../owner.js";
import { RenderEntity, type RenderFailure } from "./rendering.entity.js";

interface Attempt {
  readonly narrationId: string;
  readonly attempt: number;
}

/** How far a narration's latest render is. */
export interface RenderProgress {
  /** Of the narration. */
  readonly id: string;
  readonly status: NarrationStatus;
  readonly attempt: number;
  readonly rendered: number;
  readonly reused: number;
}

export const renderStore = {
  /** The latest try of each narration. */
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

  /** Where each narration stands whose latest render is under way, or ended after `since`. */
  recent: (tx: Tx, owner: Owner, since: Date): Promise<RenderProgress[]> =>
    tx.query<RenderProgress[]>(
      `SELECT DISTINCT ON (r.narration_id) r.narration_id AS id, n.status, r.attempt, r.rendered, r.reused
       FROM instances.user_narration_renders r
       JOIN instances.user_story_narrations n ON n.user_id = r.user_id AND n.id = r.narration_id
       WHERE r.user_id = $1 AND (r.finished_at IS NULL OR r.finished_at > $2)
       ORDER BY r.narration_id, r.attempt DESC`,
      [owner.userId, since],
    ),

  begin: async (
    tx: Tx,
    owner: Owner,
    render: Attempt & {
      readonly total: number;
      readonly scriptHash: string | null;
      readonly startedAt: Date;
    },
  ): Promise<void> => {
    await tx.insert(RenderEntity, { ...render, userId: owner.userId });
  },

  /** Writes how far a try is; false where it is over, or gone with its narration. */
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

  /** Another worker has it: forgets how far the earlier one came, and why that failed. */
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

  /** Keeps why a worker failed, should nobody else succeed. */
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

  finish: async (
    tx: Tx,
    owner: Owner,
    at: Attempt,
    end: {
      readonly finishedAt: Date;
      readonly failure: RenderFailure | null;
      /** Whether its owner ended it. */
      readonly cancelRequested?: boolean;
    },
  ): Promise<void> => {
    await tx.update(
      RenderEntity,
      { userId: owner.userId, narrationId: at.narrationId, attempt: at.attempt },
      end,
    );
  },
};
