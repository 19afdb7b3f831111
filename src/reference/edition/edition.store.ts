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
} from "../../platform/database/reading/keyset.js";
import {
  countsByParent,
  pagesByParent,
  pagesByPosition,
} from "../../platform/database/reading/parents.js";
import { insertReturning } from "../../platform/database/writing/returning.js";
import {
  EditionEntity,
  EditionSegmentEntity,
  NARRATION_FILES,
  type PublishedLegacySound,
} from "./edition.entity.js";

const RECENT: ListOrder = {
  sort: "e.published_at",
  type: "timestamptz",
  id: "e.narration_id",
  idType: "bigint",
  descending: true,
};

/** The member of the legacy platform's sound that is a key in the storage. */
const LEGACY_FILE = "blobKey" satisfies keyof PublishedLegacySound;

/** The place of a segment in an edition's script. */
export interface EditionPlace {
  readonly narrationId: string;
  readonly position: number;
}

/** The filters of a script. An absent member filters nothing. */
export interface ScriptFilter {
  /** The first position. */
  readonly fromIndex?: number | undefined;
  /** The last position. */
  readonly toIndex?: number | undefined;
  readonly speakerId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
}

const MAX_POSITION = 2_147_483_647;

/** Returns the values of a filter: the first and the last position, the speaker, the kinds. */
const valuesOf = (
  { fromIndex = 0, toIndex = MAX_POSITION, speakerId, kinds }: ScriptFilter,
  { after, before }: Pick<PageRequest, "after" | "before"> = {},
): readonly unknown[] => [
  Math.min(MAX_POSITION, Math.max(fromIndex, Number(after?.sort ?? -1) + 1)),
  Math.min(toIndex, Number(before?.sort ?? MAX_POSITION + 1) - 1),
  speakerId ?? null,
  kinds ?? null,
];

export const editionStore = {
  /** Reads the edition of one narration of its owner. */
  own: (tx: Tx, userId: string, narrationId: string): Promise<EditionEntity[]> =>
    rowsWhere(tx, EditionEntity, "t.user_id = $1 AND t.narration_id = $2", [userId, narrationId]),

  publicByNarrationIds: (tx: Tx, narrationIds: readonly string[]): Promise<EditionEntity[]> =>
    rowsWhere(tx, EditionEntity, "t.narration_id = ANY($1) AND t.visibility = 'public'", [
      narrationIds,
    ]),

  /**
   * Returns the editions whose share tokens have these hashes. Row-level security hides each edition
   * unless the transaction's scope contains the same hash.
   */
  byShareTokenHashes: (tx: Tx, hashes: readonly string[]): Promise<EditionEntity[]> =>
    rowsWhere(tx, EditionEntity, "t.share_token_hash = ANY($1)", [hashes]),

  pagesByStory: async (
    tx: Tx,
    storyIds: readonly number[],
    page: PageRequest,
  ): Promise<Map<number, Page<EditionEntity>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(storyIds);
    const keyset = keysetClauses(RECENT, page, sql);
    const rows = await queryAs(
      tx,
      EditionEntity,
      `SELECT e.* FROM unnest(${parents}::int[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, EditionEntity, "e")}, ${keyset.select} FROM reference.published_narrations e
         WHERE e.reference_story_id = p.id AND e.visibility = 'public'${keyset.where}${keyset.orderBy}${keyset.limit}) e`,
      sql.values,
    );
    return pagesByParent(
      rows as Keyed<EditionEntity>[],
      page,
      ({ referenceStoryId }) => referenceStoryId,
    );
  },

  countsByStory: (tx: Tx, storyIds: readonly number[]): Promise<Map<number, number>> =>
    countsByParent(
      tx,
      `SELECT e.reference_story_id AS parent, count(*)::int AS count FROM reference.published_narrations e
       WHERE e.reference_story_id = ANY($1) AND e.visibility = 'public' GROUP BY e.reference_story_id`,
      [storyIds],
    ),

  pagesByNarrator: async (
    tx: Tx,
    userIds: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<EditionEntity>>> => {
    const sql = new SqlValues();
    const parents = sql.bind(userIds);
    const keyset = keysetClauses(RECENT, page, sql);
    const rows = await queryAs(
      tx,
      EditionEntity,
      `SELECT e.* FROM unnest(${parents}::text[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, EditionEntity, "e")}, ${keyset.select} FROM reference.published_narrations e
         WHERE e.user_id = p.id AND e.visibility = 'public'${keyset.where}${keyset.orderBy}${keyset.limit}) e`,
      sql.values,
    );
    return pagesByParent(rows as Keyed<EditionEntity>[], page, ({ userId }) => userId);
  },

  countsByNarrator: (tx: Tx, userIds: readonly string[]): Promise<Map<string, number>> =>
    countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest($1::text[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM reference.published_narrations e
         WHERE e.user_id = p.id AND e.visibility = 'public') c WHERE c.count > 0`,
      [userIds],
    ),

  segmentPages: async (
    tx: Tx,
    narrationIds: readonly string[],
    { page, ...filter }: ScriptFilter & { readonly page: PageRequest },
  ): Promise<Map<string, Page<EditionSegmentEntity>>> => {
    const rows = await readRows(
      tx,
      EditionSegmentEntity,
      `SELECT ${selectList(tx, EditionSegmentEntity, "g")}
       FROM reference.find_edition_segments($1::bigint[], $2::int, $3::int, $4, $5::text[], $6, $7::int) g`,
      [narrationIds, ...valuesOf(filter, page), page.fromEnd ?? false, page.limit + 1],
    );
    return pagesByPosition(rows, page, ({ narrationId }) => narrationId);
  },

  /** Reads single segments, each by its narration and position. */
  segmentsAt: (tx: Tx, places: readonly EditionPlace[]): Promise<EditionSegmentEntity[]> =>
    readRows(
      tx,
      EditionSegmentEntity,
      `SELECT ${selectList(tx, EditionSegmentEntity, "g")}
       FROM unnest($1::bigint[], $2::int[]) AS p (narration_id, position)
       CROSS JOIN LATERAL reference.find_edition_segments(ARRAY[p.narration_id], p.position, p.position,
         NULL, NULL, false, 1) g`,
      [places.map(({ narrationId }) => narrationId), places.map(({ position }) => position)],
    ),

  segmentCounts: (
    tx: Tx,
    narrationIds: readonly string[],
    filter: ScriptFilter,
  ): Promise<Map<string, number>> =>
    countsByParent(
      tx,
      `SELECT c.narration AS parent, c.segments::int AS count
       FROM reference.count_edition_segments($1::bigint[], $2::int, $3::int, $4, $5::text[]) c`,
      [narrationIds, ...valuesOf(filter)],
    ),

  /** Returns the voices that single segments of an edition have. */
  segmentVoices: async (tx: Tx, narrationId: string): Promise<readonly string[]> => {
    const rows = await tx.query<{ voice: string }[]>(
      `SELECT DISTINCT g.voice FROM reference.find_edition_segments($1::bigint[], 0, $2::int, NULL, NULL, false, $2::int) g
       WHERE g.voice IS NOT NULL ORDER BY g.voice`,
      [[narrationId], MAX_POSITION],
    );
    return rows.map(({ voice }) => voice);
  },

  /** Returns the blob keys of all sound in one owner's editions. */
  blobKeys: async (tx: Tx, userId: string): Promise<readonly string[]> => {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT k.key FROM (
         SELECT f.value AS key FROM reference.published_narrations e, jsonb_each_text(e.audio) f
         WHERE e.user_id = $1 AND f.key = ANY($2)
         UNION SELECT s.audio ->> 'blobKey' FROM reference.published_narration_segments s WHERE s.user_id = $1
       ) k WHERE k.key IS NOT NULL`,
      [userId, [...NARRATION_FILES, LEGACY_FILE]],
    );
    return rows.map(({ key }) => key);
  },

  /**
   * Returns the narrations of one owner whose edition has sound, and a segment of this sound is spoken in
   * a personal voice. The most recent edition comes first.
   */
  spokenInPersonalVoices: async (tx: Tx, userId: string): Promise<readonly string[]> => {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT e.narration_id AS id FROM reference.published_narrations e
       WHERE e.user_id = $1
         AND jsonb_array_length(coalesce(e.header -> 'personalVoices', '[]')) > 0
         AND EXISTS (SELECT FROM reference.published_narration_segments s
           WHERE s.user_id = e.user_id AND s.narration_id = e.narration_id
             AND (e.audio_blob_key IS NOT NULL OR e.audio IS NOT NULL OR s.audio IS NOT NULL)
             AND coalesce(s.voice,
               (SELECT m.member ->> 'voice' FROM jsonb_array_elements(e.header -> 'voiceCast') AS m (member)
                WHERE m.member ->> 'characterId' = s.speaker_id LIMIT 1),
               e.header ->> 'narratorVoice')
             IN (SELECT p.voice ->> 'voice'
                 FROM jsonb_array_elements(e.header -> 'personalVoices') AS p (voice)))
       ORDER BY e.published_at DESC, e.narration_id DESC`,
      [userId],
    );
    return rows.map(({ id }) => id);
  },

  /** Replaces the owner's edition of a narration. The old edition's script is deleted too. */
  replace: async (tx: Tx, edition: EditionEntity): Promise<void> => {
    await editionStore.remove(tx, edition.userId, edition.narrationId);
    await insertReturning(tx, EditionEntity, edition);
  },

  remove: async (tx: Tx, userId: string, narrationId: string): Promise<void> => {
    await tx.query(
      "DELETE FROM reference.published_narrations e WHERE e.user_id = $1 AND e.narration_id = $2",
      [userId, narrationId],
    );
  },
};
