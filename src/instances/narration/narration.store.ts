import {
  queryAs,
  readRows,
  rowsWhere,
  selectList,
} from "../../platform/database/reading/columns.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageOf,
} from "../../platform/database/reading/keyset.js";
import { countsByParent, pagesByParent } from "../../platform/database/reading/parents.js";
import { insertReturning, updateLocked } from "../../platform/database/writing/returning.js";
import { AnalysisEntity } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import { type NarrationDetails, NarrationEntity, NarrationStatus } from "./narration.entity.js";

const RECENT: ListOrder = {
  sort: "n.created_at",
  type: "timestamptz",
  id: "n.id",
  idType: "bigint",
  descending: true,
};

const ALL_STATUSES = Object.values(NarrationStatus);

/** The columns that lists read, by their property. Columns in front are read a little faster. */
const LISTED = {
  id: "id",
  referenceStoryId: "reference_story_id",
  title: "title",
  status: "status",
  narratorVoice: "narrator_voice",
  narratorVoiceName: "narrator_voice_name",
  narratorVoiceType: "narrator_voice_type",
  userId: "user_id",
  analysisId: "analysis_id",
  segmentCount: "segment_count",
  forkedFrom: "forked_from",
  failure: "failure",
  durationMs: "duration_ms",
  visibility: "visibility",
  unpublishedCount: "unpublished_count",
  shareToken: "share_token",
  version: "version",
  createdAt: "created_at",
  updatedAt: "updated_at",
  publishedAt: "published_at",
} as const satisfies { readonly [P in keyof NarrationEntity]?: string };
const LISTED_COLUMNS = Object.entries(LISTED)
  .map(([property, column]) => `n.${column} AS "${property}"`)
  .join(", ");

/** A narration as lists read it: without its details. */
export type ListedNarration = Pick<NarrationEntity, keyof typeof LISTED>;

/** Also the title of the story, as `storyTitle`. null if the viewer may not see the story. */
const WITH_STORY_TITLE = `${LISTED_COLUMNS}, (SELECT s.title FROM reference.stories s WHERE s.id = n.reference_story_id) AS "storyTitle"`;

export interface NarrationFilter {
  readonly statuses?: readonly NarrationStatus[] | undefined;
}

export type NarrationValues = Partial<
  Omit<NarrationEntity, "userId" | "id" | "version" | "createdAt" | "updatedAt">
>;

export const narrationStore = {
  byIds: (tx: Tx, owner: Owner, ids: readonly string[]): Promise<NarrationEntity[]> =>
    queryAs(tx, NarrationEntity, selectByIds(selectList(tx, NarrationEntity, "n")), [
      owner.userId,
      ids,
    ]),

  detailsByIds: (
    tx: Tx,
    owner: Owner,
    ids: readonly string[],
  ): Promise<(NarrationDetails & { readonly id: string })[]> =>
    readRows(tx, NarrationEntity, selectByIds(DETAIL_COLUMNS), [owner.userId, ids]),

  /** Returns those of the analyses that scripts of the owner were made from. */
  analysesByIds: (tx: Tx, owner: Owner, ids: readonly number[]): Promise<AnalysisEntity[]> =>
    queryAs(
      tx,
      AnalysisEntity,
      `SELECT ${selectList(tx, AnalysisEntity, "a")} FROM reference.story_analyses a
       WHERE a.id = ANY($2) AND a.id IN (SELECT n.analysis_id
         FROM instances.user_story_narrations n WHERE n.user_id = $1)`,
      [owner.userId, ids],
    ),

  /** Reads the row and locks it until the transaction ends. */
  lock: async (tx: Tx, owner: Owner, id: string): Promise<NarrationEntity | null> => {
    const condition = "t.user_id = $1 AND t.id = $2 FOR UPDATE";
    const [row] = await rowsWhere(tx, NarrationEntity, condition, [owner.userId, id]);
    return row ?? null;
  },

  /** Reads all narrations that the owner has of a story, and locks them until the transaction ends. */
  lockOfStory: (tx: Tx, owner: Owner, storyId: number): Promise<NarrationEntity[]> =>
    rowsWhere(
      tx,
      NarrationEntity,
      "t.user_id = $1 AND t.reference_story_id = $2 ORDER BY t.id FOR UPDATE",
      [owner.userId, storyId],
    ),

  pagesByStory: async (
    tx: Tx,
    owner: Owner,
    storyIds: readonly number[],
    { page, ...filter }: NarrationFilter & { page: PageRequest },
  ): Promise<Map<number, Page<ListedNarration>>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const parents = sql.bind(storyIds);
    const keyset = keysetClauses(RECENT, page, sql);
    const conditions = `${filterClauses(filter, sql)}${keyset.where}`;
    const ofStory = `instances.user_story_narrations n WHERE n.user_id = ${user} AND n.reference_story_id = p.id`;
    // OFFSET 0 makes PostgreSQL use the index on the narrations of the story. Otherwise it could read all
    // narrations of the owner with these statuses for each story.
    const found = filter.statuses
      ? `(SELECT n.* FROM ${ofStory}${keyset.orderBy} OFFSET 0) n WHERE true`
      : ofStory;
    const rows = await readRows(
      tx,
      NarrationEntity,
      `SELECT n.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${LISTED_COLUMNS}, ${keyset.select}
         FROM ${found}${conditions}${keyset.orderBy}${keyset.limit}) n`,
      sql.values,
    );
    return pagesByParent(
      rows as Keyed<NarrationEntity>[],
      page,
      ({ referenceStoryId }) => referenceStoryId,
    );
  },

  countsByStory: (
    tx: Tx,
    owner: Owner,
    storyIds: readonly number[],
    filter: NarrationFilter,
  ): Promise<Map<number, number>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const parents = sql.bind(storyIds);
    return countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM (
           SELECT n.status FROM instances.user_story_narrations n
           WHERE n.user_id = ${user} AND n.reference_story_id = p.id OFFSET 0) n
         WHERE true${filterClauses(filter, sql)}) c WHERE c.count > 0`,
      sql.values,
    );
  },

  page: async (
    tx: Tx,
    owner: Owner,
    { page, statuses = ALL_STATUSES }: NarrationFilter & { page: PageRequest },
  ): Promise<Page<ListedNarration>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const wanted = sql.bind([...new Set(statuses)]);
    const keyset = keysetClauses(RECENT, page, sql);
    const rows = await readRows(
      tx,
      NarrationEntity,
      `SELECT ${WITH_STORY_TITLE}, ${keyset.select}
       FROM unnest(${wanted}::text[]) AS s (status) CROSS JOIN LATERAL (
         SELECT n.* FROM instances.user_story_narrations n
         WHERE n.user_id = ${user} AND n.status = s.status${keyset.where}${keyset.orderBy}${keyset.limit}) n${keyset.orderBy}${keyset.limit}`,
      sql.values,
    );
    return pageOf(rows as Keyed<NarrationEntity>[], page);
  },

  count: async (tx: Tx, owner: Owner, filter: NarrationFilter): Promise<number> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM instances.user_story_narrations n
       WHERE n.user_id = ${user}${filterClauses(filter, sql)}`,
      sql.values,
    );
    return row?.count ?? 0;
  },

  /** Returns the number of the owner's narrations that are queued or rendering. */
  countUnderWay: async (tx: Tx, owner: Owner): Promise<number> => {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM instances.user_story_narrations n
       WHERE n.user_id = $1 AND n.status IN ('queued', 'rendering')`,
      [owner.userId],
    );
    return row?.count ?? 0;
  },

  insert: (tx: Tx, owner: Owner, values: NarrationValues): Promise<NarrationEntity> =>
    insertReturning(tx, NarrationEntity, { ...values, userId: owner.userId }),

  /** Writes a change of the owner into a locked row and increments its version. */
  update: (
    tx: Tx,
    owner: Owner,
    locked: Pick<NarrationEntity, "id" | "version">,
    values: NarrationValues,
  ): Promise<NarrationEntity> =>
    updateLocked(
      tx,
      NarrationEntity,
      { userId: owner.userId, id: locked.id },
      { ...values, version: locked.version + 1 },
    ),

  /**
   * Writes a change that the server makes itself into a locked row. Does not change the version: otherwise
   * the next edit of the owner would be a conflict.
   */
  setByServer: (
    tx: Tx,
    owner: Owner,
    id: string,
    values: NarrationValues,
  ): Promise<NarrationEntity> =>
    updateLocked(tx, NarrationEntity, { userId: owner.userId, id }, values),

  /** Writes the rendering columns of a locked narration. Does not change the version. */
  setRendered: (
    tx: Tx,
    owner: Owner,
    id: string,
    values: Pick<
      NarrationValues,
      | "status"
      | "failure"
      | "audio"
      | "audioBlobKey"
      | "durationMs"
      | "loudnessLufs"
      | "sizeBytes"
      | "renderedScriptHash"
    >,
  ): Promise<NarrationEntity> =>
    updateLocked(tx, NarrationEntity, { userId: owner.userId, id }, values),

  remove: async (tx: Tx, owner: Owner, id: string): Promise<void> => {
    await tx.query(
      "DELETE FROM instances.user_story_narrations n WHERE n.user_id = $1 AND n.id = $2",
      [owner.userId, id],
    );
  },
};

const DETAIL_COLUMNS = `n.id, n.narrator_voice AS "narratorVoice", n.narrator_voice_name AS "narratorVoiceName",
  n.voice_cast AS "voiceCast", n.voice_modifications AS "voiceModifications", n.audio`;

/**
 * Returns a SELECT of the owner's narrations `n` with certain ids. OFFSET 0 makes PostgreSQL look up each
 * narration. Otherwise it reads all entries of the owner in another index.
 */
const selectByIds = (columns: string): string =>
  `SELECT n.* FROM unnest($2::bigint[]) AS p (id) CROSS JOIN LATERAL (
     SELECT ${columns} FROM instances.user_story_narrations n
     WHERE n.user_id = $1 AND n.id = p.id OFFSET 0) n`;

function filterClauses({ statuses }: NarrationFilter, sql: SqlValues): string {
  return statuses ? ` AND n.status = ANY(${sql.bind(statuses)})` : "";
}
