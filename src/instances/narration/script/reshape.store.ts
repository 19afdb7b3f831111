import type { Tx } from "../../../platform/database/transactions/database.js";
import type { Owner } from "../../owner.js";
import type { NarrationSegmentEntity } from "../narration.entity.js";
import { segmentHash, soundColumns, sumOfHashes } from "./script-hash.js";

/** A new segment. It has no sound yet. */
export type NewSegment = Pick<
  NarrationSegmentEntity,
  | "position"
  | "storyPosition"
  | "kind"
  | "text"
  | "speakerId"
  | "emotion"
  | "intensity"
  | "voice"
  | "prosody"
  | "pauseAfterMs"
>;

export interface Reshape {
  /** The positions of the segments that go. */
  readonly removed: readonly number[];
  /** The segments that come, each with its position in the new script. */
  readonly added: readonly NewSegment[];
}

/**
 * Removes and adds segments. All other segments keep their order, their sound and everything else, and move to
 * the positions that are free. Returns the change of the script's hash, as segmentEditStore does.
 */
export const reshapeStore = {
  reshape: async (
    tx: Tx,
    owner: Owner,
    { id, segmentCount }: { readonly id: string; readonly segmentCount: number },
    { removed, added }: Reshape,
  ): Promise<string> => {
    const key = [owner.userId, id];
    const total = segmentCount - removed.length + added.length;
    const hashes = [
      await hashesOf(tx, REMOVE, [...key, removed]),
      // The key of a row must be free at any time, so the rows move by way of negative positions.
      await hashesOf(tx, MOVE_AWAY, [...key, added.map(({ position }) => position), total]),
    ];
    await tx.query(MOVE_BACK, key);
    const inserted = await tx.query<{ hashes: Uint8Array }[]>(ADD, [...key, JSON.stringify(added)]);
    return sumOfHashes(Buffer.concat([...hashes, ...inserted.map((row) => row.hashes)]));
  },
};

/** Runs a statement whose CTE `changed` has hashes. */
async function hashesOf(tx: Tx, changed: string, values: readonly unknown[]): Promise<Uint8Array> {
  const [row] = await tx.query<{ hashes: Uint8Array | null }[]>(
    `WITH ${changed} SELECT string_agg(c.hashes, '') AS hashes FROM changed c`,
    [...values],
  );
  return row?.hashes ?? new Uint8Array();
}

const SEGMENTS = "instances.user_narration_segments";
const OWN = "g.user_id = $1 AND g.narration_id = $2";

const REMOVE = `changed AS (DELETE FROM ${SEGMENTS} g WHERE ${OWN} AND g.position = ANY($3::int[])
  RETURNING ${segmentHash("g")} AS hashes)`;

/** $3 are the positions that the added segments get, $4 is the length of the new script. */
const MOVE_AWAY = `kept AS (SELECT g.*, row_number() OVER (ORDER BY g.position) AS rank FROM ${SEGMENTS} g WHERE ${OWN}),
  free AS (SELECT p.place, row_number() OVER (ORDER BY p.place) AS rank FROM generate_series(0, $4::int - 1) AS p (place)
    WHERE p.place <> ALL($3::int[])),
  moved AS (SELECT k.*, f.place FROM kept k JOIN free f ON f.rank = k.rank WHERE f.place <> k.position),
  changed AS (UPDATE ${SEGMENTS} g SET position = -1 - m.place FROM moved m WHERE ${OWN} AND g.position = m.position
    RETURNING ${segmentHash("m")} || sha256(convert_to(ROW(m.place, ${soundColumns("m").slice("m.position, ".length)})::text, 'UTF8')) AS hashes)`;

const MOVE_BACK = `UPDATE ${SEGMENTS} g SET position = -1 - g.position WHERE ${OWN} AND g.position < 0`;

const ADD = `INSERT INTO ${SEGMENTS} AS g (user_id, narration_id, position, story_position, kind, text,
    speaker_id, emotion, intensity, voice, prosody, pause_after_ms, is_edited)
  SELECT n.user_id, n.id, a.position, a."storyPosition", a.kind, a.text, a."speakerId", a.emotion, a.intensity, a.voice,
    nullif(a.prosody, 'null'), a."pauseAfterMs", true
  FROM instances.user_story_narrations n, jsonb_to_recordset($3::jsonb) AS a (position int, "storyPosition" int, kind text, text text,
    "speakerId" text, emotion text, intensity real, voice text, prosody jsonb, "pauseAfterMs" int)
  WHERE n.user_id = $1 AND n.id = $2
  RETURNING ${segmentHash("g")} AS hashes`;
