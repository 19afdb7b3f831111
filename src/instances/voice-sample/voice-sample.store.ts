import { queryAs, rowsWhere, selectList } from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
} from "../../platform/database/reading/keyset.js";
import { countsByParent, pagesByParent } from "../../platform/database/reading/parents.js";
import { insertReturning, updateLocked } from "../../platform/database/writing/returning.js";
import { ConsentState } from "../consent/consent.entity.js";
import type { Owner } from "../owner.js";
import { SampleStatus, VoiceSampleEntity } from "./voice-sample.entity.js";

export type SampleValues = Partial<Omit<VoiceSampleEntity, "userId" | "id">>;
type NewSample = Pick<
  VoiceSampleEntity,
  | "templateId"
  | "state"
  | "consentId"
  | "transcript"
  | "uploadId"
  | "originalBlobKey"
  | "recordedAt"
>;

const RECENT: ListOrder = {
  sort: "v.recorded_at",
  type: "timestamptz",
  id: "v.id",
  idType: "bigint",
  descending: true,
};

export const voiceSampleStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<VoiceSampleEntity[]> =>
    rowsWhere(tx, VoiceSampleEntity, "t.user_id = $1 AND t.id = ANY($2)", [owner.userId, ids]),

  pagesByTemplate: async (
    tx: Tx,
    owner: Owner,
    templateIds: readonly number[],
    page: PageRequest,
  ): Promise<Map<number, Page<VoiceSampleEntity>>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const parents = sql.bind(templateIds);
    const keyset = keysetClauses(RECENT, page, sql);
    const rows = await queryAs(
      tx,
      VoiceSampleEntity,
      `SELECT v.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, VoiceSampleEntity, "v")}, ${keyset.select} FROM instances.user_voice_samples v
         WHERE v.user_id = ${user} AND v.template_id = p.id${keyset.where}${keyset.orderBy}${keyset.limit}) v`,
      sql.values,
    );
    return pagesByParent(rows as Keyed<VoiceSampleEntity>[], page, ({ templateId }) => templateId);
  },

  countsByTemplate: (
    tx: Tx,
    owner: Owner,
    templateIds: readonly number[],
  ): Promise<Map<number, number>> =>
    countsByParent(
      tx,
      `SELECT v.template_id AS parent, count(*)::int AS count FROM instances.user_voice_samples v
       WHERE v.user_id = $1 AND v.template_id = ANY($2) GROUP BY v.template_id`,
      [owner.userId, templateIds],
    ),

  /** Locks a voice sample until the transaction ends. */
  lock: (tx: Tx, owner: Owner, id: string): Promise<VoiceSampleEntity | null> =>
    tx.findOne(VoiceSampleEntity, {
      where: { userId: owner.userId, id },
      lock: { mode: "for_no_key_update" },
    }),

  byUpload: (tx: Tx, owner: Owner, uploadId: string): Promise<VoiceSampleEntity | null> =>
    tx.findOne(VoiceSampleEntity, { where: { userId: owner.userId, uploadId } }),

  /** Inserts a usable voice sample whose recording is not processed yet. */
  insert: (tx: Tx, owner: Owner, values: NewSample): Promise<VoiceSampleEntity> =>
    insertReturning(tx, VoiceSampleEntity, {
      ...values,
      userId: owner.userId,
      consentLive: true,
      processingStatus: SampleStatus.Processing,
    }),

  update: (tx: Tx, owner: Owner, id: string, values: SampleValues): Promise<VoiceSampleEntity> =>
    updateLocked(tx, VoiceSampleEntity, { userId: owner.userId, id }, values),

  /** Makes no voice sample of the template the preferred one. */
  clearPreferred: async (tx: Tx, owner: Owner, templateId: number): Promise<void> => {
    await tx.update(
      VoiceSampleEntity,
      { userId: owner.userId, templateId, isPreferred: true },
      { isPreferred: false },
    );
  },

  remove: async (tx: Tx, owner: Owner, id: string): Promise<void> => {
    await tx.delete(VoiceSampleEntity, { userId: owner.userId, id });
  },

  /** Reads the ids of the owner's voice samples whose recordings are not processed yet. */
  idsInProcessing: async (tx: Tx, owner: Owner): Promise<string[]> => {
    const samples = await tx.find(VoiceSampleEntity, {
      select: { id: true },
      where: { userId: owner.userId, processingStatus: SampleStatus.Processing },
    });
    return samples.map(({ id }) => id);
  },

  /** Suspends all usable voice samples of the owner. Suspended voice samples need no live consent. */
  suspend: async (tx: Tx, owner: Owner): Promise<void> => {
    await tx.update(
      VoiceSampleEntity,
      { userId: owner.userId, state: ConsentState.Usable },
      { state: ConsentState.Suspended, consentLive: null },
    );
  },

  /** Makes the suspended voice samples of the owner usable under a live consent. */
  resume: async (tx: Tx, owner: Owner, consentId: string): Promise<void> => {
    await tx.update(
      VoiceSampleEntity,
      { userId: owner.userId, state: ConsentState.Suspended },
      { state: ConsentState.Usable, consentId, consentLive: true },
    );
  },

  count: (tx: Tx, owner: Owner): Promise<number> =>
    tx.count(VoiceSampleEntity, { where: { userId: owner.userId } }),

  /** Deletes all voice samples of the owner. Returns the id of the template of each. */
  removeAll: async (tx: Tx, owner: Owner): Promise<number[]> => {
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `DELETE FROM instances.user_voice_samples WHERE user_id = $1 RETURNING template_id AS id`,
      [owner.userId],
    );
    return rows.map(({ id }) => id);
  },
};
