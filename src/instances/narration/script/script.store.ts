import { readRows, selectList } from "../../../platform/database/reading/columns.js";
import type { Tx } from "../../../platform/database/transactions/database.js";
import {
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
} from "../../../platform/database/reading/keyset.js";
import { countsByParent, pagesByPosition } from "../../../platform/database/reading/parents.js";
import { leadsElsewhere, linkOfItem, soundIdIn } from "../../legacy-sound/legacy-link.js";
import { countWritten } from "../../../platform/database/writing/affected.js";
import type { ScriptFilter } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import { NarrationSegmentEntity } from "../narration.entity.js";
import { soundColumns } from "./script-hash.js";

const POSITION: ListOrder = {
  sort: "g.position",
  type: "integer",
  id: "g.position",
  idType: "integer",
  descending: false,
};

export interface CopiedScript {
  readonly voiceIds: Readonly<Record<string, string>>;
  readonly hasLegacySound: boolean;
}

/** The filters of an owner's script. An absent member filters nothing. */
export interface OwnScriptFilter extends ScriptFilter {
  readonly isEdited?: boolean | undefined;
}

interface SegmentPlace {
  readonly narrationId: string;
  readonly position: number;
}

/**
 * The most segments that one statement copies. A longer script is copied with several statements, so
 * that each statement ends long before the time limit of statements in a request.
 */
export const COPIED_AT_ONCE = 50_000;

const LINK = linkOfItem("g.extra");

/** Reads and writes scripts: the segments of narrations. Every statement names the owner. */
export const scriptStore = {
  pages: async (
    tx: Tx,
    owner: Owner,
    narrationIds: readonly string[],
    { page, ...filter }: OwnScriptFilter & { readonly page: PageRequest },
  ): Promise<Map<string, Page<NarrationSegmentEntity>>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const parents = sql.bind(narrationIds);
    const keyset = keysetClauses(POSITION, page, sql);
    const rows = await readRows(
      tx,
      NarrationSegmentEntity,
      `SELECT g.* FROM unnest(${parents}::bigint[]) AS p (id) CROSS JOIN LATERAL (
         SELECT ${selectList(tx, NarrationSegmentEntity, "g")}
         FROM instances.user_narration_segments g
         WHERE g.user_id = ${user} AND g.narration_id = p.id${filterClauses(filter, sql)}${keyset.where}${keyset.orderBy}${keyset.limit}) g`,
      sql.values,
    );
    return pagesByPosition(rows, page, ({ narrationId }) => narrationId);
  },

  counts: (
    tx: Tx,
    owner: Owner,
    narrationIds: readonly string[],
    filter: OwnScriptFilter,
  ): Promise<Map<string, number>> => {
    const sql = new SqlValues();
    const user = sql.bind(owner.userId);
    const parents = sql.bind(narrationIds);
    return countsByParent(
      tx,
      `SELECT p.id AS parent, c.count FROM unnest(${parents}::bigint[]) AS p (id) CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM instances.user_narration_segments g
         WHERE g.user_id = ${user} AND g.narration_id = p.id${filterClauses(filter, sql)}) c WHERE c.count > 0`,
      sql.values,
    );
  },

  /** Reads single segments, each by its narration and position. */
  segmentsAt: (
    tx: Tx,
    owner: Owner,
    places: readonly SegmentPlace[],
  ): Promise<NarrationSegmentEntity[]> =>
    readRows(
      tx,
      NarrationSegmentEntity,
      `SELECT ${selectList(tx, NarrationSegmentEntity, "g")}
       FROM unnest($2::bigint[], $3::int[]) AS p (narration_id, position)
       JOIN instances.user_narration_segments g
         ON g.narration_id = p.narration_id AND g.position = p.position
       WHERE g.user_id = $1`,
      [
        owner.userId,
        places.map(({ narrationId }) => narrationId),
        places.map(({ position }) => position),
      ],
    ),

  /** Copies the segments of an analysis into a narration's script. Returns the number of segments. */
  writeFromAnalysis: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    analysisId: number,
  ): Promise<number> => {
    const key = [owner.userId, narrationId];
    return copyInBatches(tx, { table: "instances.user_narration_segments", key }, (after) => [
      `INSERT INTO instances.user_narration_segments
         (user_id, narration_id, position, story_position, kind, text, speaker_id, emotion, intensity)
       SELECT $1, $2, s.position, s.position, s.kind, s.text, s.speaker_id, s.emotion, s.intensity
       FROM reference.story_segments s WHERE s.analysis_id = $3 AND s.position > $4
       ORDER BY s.position LIMIT ${COPIED_AT_ONCE}`,
      [...key, analysisId, after],
    ]);
  },

  /** Returns the voices that single segments of the script have. */
  voices: async (tx: Tx, owner: Owner, narrationId: string): Promise<readonly string[]> => {
    const rows = await tx.query<{ voice: string }[]>(
      `SELECT DISTINCT g.voice FROM instances.user_narration_segments g
       WHERE g.user_id = $1 AND g.narration_id = $2 AND g.voice IS NOT NULL ORDER BY g.voice`,
      [owner.userId, narrationId],
    );
    return rows.map(({ voice }) => voice);
  },

  /**
   * Copies the current script, with its sound, into the narration's edition. `voiceIds` replaces the ids of
   * voices. `hasLegacySound` also copies the sound of the legacy platform, if the segment has no sound of
   * ours and was not changed here.
   */
  copyToEdition: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    { voiceIds, hasLegacySound }: CopiedScript,
  ): Promise<number> => {
    const key = [owner.userId, narrationId];
    return copyInBatches(tx, { table: "reference.published_narration_segments", key }, (after) => [
      `INSERT INTO reference.published_narration_segments (${EDITION_COLUMNS}) ${EDITION_SEGMENTS}`,
      [...key, after, JSON.stringify(voiceIds), hasLegacySound],
    ]);
  },

  /**
   * Returns true if the narration's edition has exactly the segments that `copyToEdition` would write. An
   * empty script is in no edition.
   */
  isInEdition: async (
    tx: Tx,
    owner: Owner,
    narrationId: string,
    { voiceIds, hasLegacySound }: CopiedScript,
  ): Promise<boolean> => {
    const key = [owner.userId, narrationId];
    let after = -1;
    for (;;) {
      const [batch] = await tx.query<{ count: number; last: number | null; isSame: boolean }[]>(
        `WITH script (${EDITION_COLUMNS}) AS (${EDITION_SEGMENTS})
         SELECT count(*)::int AS count, max(c.position) AS last, coalesce(bool_and(EXISTS (
           SELECT FROM reference.published_narration_segments g
           WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = c.position
             AND ROW(g.story_position, g.kind, g.text, g.speaker_id, g.emotion, g.intensity, g.voice, g.prosody,
                 g.pause_after_ms, g.audio)
               IS NOT DISTINCT FROM ROW(c.story_position, c.kind, c.text, c.speaker_id, c.emotion, c.intensity,
                 c.voice, c.prosody, c.pause_after_ms, c.audio))), $3 >= 0) AS "isSame"
         FROM script c`,
        [...key, after, JSON.stringify(voiceIds), hasLegacySound],
      );
      if (!batch?.isSame) return false;
      if (batch.count < COPIED_AT_ONCE) return true;
      after = batch.last ?? after;
    }
  },

  /**
   * Returns the sha256 of everything in the script that changes the narration's sound. Returns null for
   * an empty script.
   */
  hash: async (tx: Tx, owner: Owner, narrationId: string): Promise<string | null> => {
    const [row] = await tx.query<{ hash: string | null }[]>(
      `SELECT encode(sha256(convert_to(string_agg(jsonb_build_array(${soundColumns("g")})::text,
         E'\\n' ORDER BY g.position), 'UTF8')), 'hex') AS hash
       FROM instances.user_narration_segments g WHERE g.user_id = $1 AND g.narration_id = $2`,
      [owner.userId, narrationId],
    );
    return row?.hash ?? null;
  },
};

function filterClauses(
  { fromIndex, toIndex, speakerId, kinds, isEdited }: OwnScriptFilter,
  sql: SqlValues,
): string {
  const clauses = [
    fromIndex !== undefined && `g.position >= ${sql.bind(fromIndex)}`,
    toIndex !== undefined && `g.position <= ${sql.bind(toIndex)}`,
    speakerId !== undefined && `g.speaker_id = ${sql.bind(speakerId)}`,
    kinds !== undefined && `g.kind = ANY(${sql.bind(kinds)})`,
    isEdited !== undefined && `g.is_edited = ${sql.bind(isEdited)}`,
  ];
  return clauses.map((clause) => (clause === false ? "" : ` AND ${clause}`)).join("");
}

const EDITION_COLUMNS = `user_id, narration_id, position, story_position, kind, text, speaker_id, emotion,
  intensity, voice, prosody, pause_after_ms, audio`;

/** SQL: the segments of an edition, after position $3: one batch. */
const EDITION_SEGMENTS = `SELECT g.user_id, g.narration_id, g.position, g.story_position, g.kind, g.text, g.speaker_id,
     g.emotion, g.intensity, coalesce($4::jsonb ->> g.voice, g.voice), g.prosody, g.pause_after_ms,
     CASE WHEN r.blob_key IS NOT NULL THEN jsonb_build_object('blobKey', r.blob_key, 'startMs', g.start_ms,
       'durationMs', r.duration_ms, 'words', r.words,
       'degraded', r.degraded || coalesce(g.join_degraded, '[]'))
       || CASE WHEN g.spoken_edits IS NULL THEN '{}' ELSE jsonb_build_object('spokenEdits', g.spoken_edits) END
     WHEN $5 AND NOT g.is_edited AND g.recipe_key IS NULL AND (l.id IS NOT NULL OR ${leadsElsewhere(LINK)})
       THEN jsonb_build_object('isLegacy', true, 'blobKey', l.blob_key,
         'link', CASE WHEN l.id IS NULL THEN ${LINK} END, 'contentType', l.content_type,
         'sizeBytes', l.size_bytes, 'durationMs', l.duration_ms) END
   FROM (SELECT t.*, ${soundIdIn(linkOfItem("t.extra"))} AS file_id FROM instances.user_narration_segments t
     WHERE t.user_id = $1 AND t.narration_id = $2 AND t.position > $3
     ORDER BY t.position LIMIT ${COPIED_AT_ONCE}) g
   LEFT JOIN instances.user_legacy_sounds l ON $5 AND l.user_id = $1 AND l.id = g.file_id
   LEFT JOIN LATERAL (
     SELECT s.blob_key, s.duration_ms, s.words, s.degraded FROM reference.renditions s
     WHERE s.recipe_key = g.recipe_key
     UNION ALL
     SELECT o.blob_key, o.duration_ms, o.words, o.degraded FROM instances.user_renditions o
     WHERE o.user_id = $1 AND o.recipe_key = g.recipe_key
     LIMIT 1) r ON true`;

interface CopyTarget {
  readonly table: string;
  /** The owner and the narration. */
  readonly key: readonly unknown[];
}

/** Copies rows in batches, until a batch is not full. Returns the number of copied rows. */
export async function copyInBatches(
  tx: Tx,
  { table, key }: CopyTarget,
  copyAfter: (position: number) => readonly [sql: string, values: unknown[]],
): Promise<number> {
  let copied = 0;
  let after = -1;
  for (;;) {
    const batch = await countWritten(tx, ...copyAfter(after));
    copied += batch;
    if (batch < COPIED_AT_ONCE) return copied;
    const [row] = await tx.query<{ last: number }[]>(
      `SELECT max(g.position) AS last FROM ${table} g WHERE g.user_id = $1 AND g.narration_id = $2`,
      [...key],
    );
    after = row?.last ?? after;
  }
}
