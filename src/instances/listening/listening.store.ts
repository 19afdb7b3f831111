import { readRows, selectList } from "../../platform/database/reading/columns.js";
import {
  type Keyed,
  type ListOrder,
  type Page,
  type PageRequest,
  SqlValues,
  keysetClauses,
  pageOf,
} from "../../platform/database/reading/keyset.js";
import type { Tx } from "../../platform/database/transactions/database.js";
import { countWritten } from "../../platform/database/writing/affected.js";
import { selectAnalysisOf } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import { ListeningPositionEntity } from "./listening-position.entity.js";
import { type ListenedRow, SAVED_IN, placeColumns, segmentIn } from "./saved-place.js";

const RECENT: ListOrder = {
  sort: "p.updated_at",
  type: "timestamptz",
  id: "p.reference_story_id",
  idType: "integer",
  descending: true,
};

/** The stories that a person has begun and not finished, if the person may read them. */
const BEGUN = `instances.listening_positions p JOIN reference.stories s ON s.id = p.reference_story_id
  WHERE p.user_id = $1 AND NOT p.is_finished`;

export type NewPosition = Omit<ListeningPositionEntity, "userId">;

export const listeningStore = {
  /** Reads the places in stories that the owner may read. */
  byStories: (tx: Tx, owner: Owner, storyIds: readonly number[]): Promise<ListenedRow[]> =>
    readRows<ListeningPositionEntity & ListenedRow>(
      tx,
      ListeningPositionEntity as new () => ListeningPositionEntity & ListenedRow,
      `SELECT ${selectList(tx, ListeningPositionEntity, "p")}, c.id AS "currentAnalysisId", ${placeColumns("c")},
         (SELECT b.utf16_start FROM reference.story_segments b
          WHERE b.analysis_id = x.id AND b.position = 0) AS "textStart",
         (SELECT b.utf16_end FROM reference.story_segments b
          WHERE b.analysis_id = x.id AND b.position = x.segment_count - 1) AS "textEnd"
       FROM unnest($2::int[]) AS k (id)
       JOIN instances.listening_positions p ON p.user_id = $1 AND p.reference_story_id = k.id
       JOIN reference.stories s ON s.id = k.id
       LEFT JOIN LATERAL (${selectAnalysisOf("s", "a.id, a.content_hash, a.segment_count")}) c ON true
       ${SAVED_IN}
       CROSS JOIN LATERAL (SELECT coalesce(c.id, f.id), coalesce(c.segment_count, f.segment_count)) x (id, segment_count)
       LEFT JOIN LATERAL (SELECT ${segmentIn("c")} AS position) m ON true
       LEFT JOIN reference.story_segments t ON t.analysis_id = c.id AND t.position = m.position`,
      [owner.userId, storyIds],
    ),

  /**
   * Returns a page of the stories that the owner has begun and not finished, last heard first. Sorts all places of
   * the owner, who has few. An index in this order would change with every save.
   */
  begunPage: async (
    tx: Tx,
    owner: Owner,
    page: PageRequest,
  ): Promise<Page<{ readonly storyId: number }>> => {
    const sql = new SqlValues();
    sql.bind(owner.userId);
    const { where, orderBy, limit, select } = keysetClauses(RECENT, page, sql);
    const rows = await tx.query<Keyed<{ storyId: number }>[]>(
      `SELECT p.reference_story_id AS "storyId", ${select} FROM ${BEGUN}${where}${orderBy}${limit}`,
      sql.values,
    );
    return pageOf(rows, page);
  },

  begunCount: async (tx: Tx, owner: Owner): Promise<number> => {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${BEGUN}`,
      [owner.userId],
    );
    return row?.count ?? 0;
  },

  /**
   * Saves a place. Keeps the saved place if it is younger. Writes nothing if the place is the same. One
   * statement decides, so two devices can save at once.
   * @returns true if the row changed
   */
  save: async (tx: Tx, owner: Owner, place: NewPosition): Promise<boolean> => {
    const names = PLACE.map(([, column]) => column).join(", ");
    const placed = (row: string) => PLACE.map(([, column]) => `${row}.${column}`).join(", ");
    const values = PLACE.map((_, at) => `$${at + 4}`).join(", ");
    const written = await countWritten(
      tx,
      `INSERT INTO instances.listening_positions AS p (user_id, reference_story_id, updated_at, ${names})
       VALUES ($1, $2, $3, ${values})
       ON CONFLICT (user_id, reference_story_id) DO UPDATE SET (updated_at, ${names})
         = ROW(EXCLUDED.updated_at, ${placed("EXCLUDED")})
       WHERE EXCLUDED.updated_at >= p.updated_at
         AND (${placed("EXCLUDED")}) IS DISTINCT FROM (${placed("p")})`,
      [
        ...[owner.userId, place.referenceStoryId, place.updatedAt],
        ...PLACE.map(([property]) => place[property]),
      ],
    );
    return written > 0;
  },
};

const PLACE = [
  ["analysisId", "analysis_id"],
  ["position", "position"],
  ["part", "part"],
  ["offsetMs", "offset_ms"],
  ["narrationId", "narration_id"],
  ["shareTokenHash", "share_token_hash"],
  ["asidePosition", "aside_position"],
  ["asideOffsetMs", "aside_offset_ms"],
  ["isFinished", "is_finished"],
] as const satisfies readonly (readonly [keyof NewPosition, string])[];
