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
 * The most segments that one statement moves. A longer script needs several statements, so that each one ends long
 * before the time limit of statements in a request.
 */
const MOVED_AT_ONCE = 10_000;

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
    const [goes, comes] = [sorted(removed), sorted(added.map(({ position }) => position))];
    const moves = [goes, lessNumbers(comes), comes, lessNumbers(goes)];
    const first = Math.min(segmentCount, goes[0] ?? Infinity, comes[0] ?? Infinity);
    const hashes = [await hashesOf(tx, REMOVE, [...key, removed])];
    // The key of a row must be free at any time, so the rows move by way of negative positions.
    for (const batch of batchesOf(first, segmentCount)) {
      hashes.push(await hashesOf(tx, MOVE_AWAY, [...key, ...moves, ...batch]));
    }
    const total = segmentCount - removed.length + added.length;
    for (const batch of batchesOf(first, total)) await tx.query(MOVE_BACK, [...key, ...batch]);
    const inserted = await tx.query<{ hashes: Uint8Array }[]>(ADD, [...key, JSON.stringify(added)]);
    return sumOfHashes(Buffer.concat([...hashes, ...inserted.map((row) => row.hashes)]));
  },
};

const sorted = (positions: readonly number[]): readonly number[] =>
  positions.toSorted((one, other) => one - other);

/** Returns the first position of each batch, and the first one behind the batch. */
function* batchesOf(first: number, end: number): Generator<readonly [from: number, to: number]> {
  for (let from = first; from < end; from += MOVED_AT_ONCE) yield [from, from + MOVED_AT_ONCE];
}

const lessNumbers = (positions: readonly number[]): readonly number[] =>
  positions.map((position, number) => position - number);

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

/**
 * SQL: where a position is after a change. `$goes` are the sorted positions that go, `$come` the sorted places that
 * are taken, each less its number in the list. width_bucket counts the entries up to a value by bisection. A join of
 * ranks can take as many steps as the square of the script's length, if PostgreSQL has not analysed a new script yet.
 */
const placeAfter = (position: string, goes: string, come: string): string => {
  const rank = `(${position} - width_bucket(${position}, ${goes}::int[]))`;
  return `(${rank} + width_bucket(${rank}, ${come}::int[]))`;
};

const PLACE = placeAfter("g.position", "$3", "$4");
/** The way back: what went comes again, and what came goes. */
const EARLIER = placeAfter("(-1 - g.position)", "$5", "$6");
const hashAt = (position: string): string =>
  `sha256(convert_to(ROW(${position}, ${soundColumns("g").slice("g.position, ".length)})::text, 'UTF8'))`;

const MOVE_AWAY = `changed AS (UPDATE ${SEGMENTS} g SET position = -1 - ${PLACE} WHERE ${OWN}
    AND g.position >= $7 AND g.position < $8 AND ${PLACE} <> g.position
  RETURNING ${hashAt(EARLIER)} || ${hashAt("(-1 - g.position)")} AS hashes)`;

const MOVE_BACK = `UPDATE ${SEGMENTS} g SET position = -1 - g.position WHERE ${OWN}
  AND g.position <= -1 - $3::int AND g.position > -1 - $4::int`;

const ADD = `INSERT INTO ${SEGMENTS} AS g (user_id, narration_id, position, story_position, kind, text,
    speaker_id, emotion, intensity, voice, prosody, pause_after_ms, is_edited)
  SELECT n.user_id, n.id, a.position, a."storyPosition", a.kind, a.text, a."speakerId", a.emotion, a.intensity, a.voice,
    nullif(a.prosody, 'null'), a."pauseAfterMs", true
  FROM instances.user_story_narrations n, jsonb_to_recordset($3::jsonb) AS a (position int, "storyPosition" int, kind text, text text,
    "speakerId" text, emotion text, intensity real, voice text, prosody jsonb, "pauseAfterMs" int)
  WHERE n.user_id = $1 AND n.id = $2
  RETURNING ${segmentHash("g")} AS hashes`;
