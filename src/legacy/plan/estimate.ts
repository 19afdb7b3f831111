import type pg from "pg";
import type { LegacyTable } from "../legacy-database.js";

/** The rows of a table, and the space that the table takes with its indexes. */
export interface TableSize {
  readonly table: LegacyTable;
  /** Counted, or an estimate of PostgreSQL if the login may not read the table. null if PostgreSQL has none. */
  readonly rows: number | null;
  readonly bytes: number;
}

/** What the backfill needs. */
export interface Estimate {
  /** 2 if this server takes twice the time of the server on which the rates were measured. */
  readonly slowness: number;
  /** The space of our tables. The write-ahead log needs as much for a while. */
  readonly bytes: number;
  /** null if the rows of a table are not known. */
  readonly seconds: number | null;
}

/** Our tables and indexes took this many times the space of the legacy ones: 34 MB against 16 MB. */
const SPACE = 2.2;
/** Rows per second of the backfill on two busy cores, measured with 20,000 narrations of ten segments. */
const ROWS_PER_SECOND: Readonly<Partial<Record<LegacyTable, number>>> = {
  story_narrations: 3_400,
  stories: 2_400,
  story_analyses: 700,
};
const OTHER_ROWS_PER_SECOND = 6_000;
const SEGMENTS = 10;

/** What the probe took on the server, and under the load, of that measurement. */
const PROBE_MS = 6.6;
/** Work of the same kind as the mapping: taking JSON apart, text functions and hashes. */
const PROBE = `SELECT count(sha256(convert_to(lower(btrim(item ->> 'text')), 'UTF8')))
  FROM generate_series(1, 200) n,
    LATERAL (SELECT jsonb_agg(jsonb_build_object('text', repeat('A line of the story. ', 5), 'place', n + s)) AS items
      FROM generate_series(1, 10) s) made,
    LATERAL jsonb_array_elements(made.items) item`;
const PROBE_RUNS = 7;

/**
 * Estimates the backfill. A short measurement tells how fast this server is now.
 * @param segments how many segments a narration has on average
 */
export async function estimateBackfill(
  client: pg.Client,
  tables: readonly TableSize[],
  segments = SEGMENTS,
): Promise<Estimate> {
  const moved = tables.filter(({ table }) => table !== "audio_files");
  const seconds = moved.reduce<number | null>((sum, { table, rows }) => {
    if (sum === null || rows === null) return null;
    const work = table === "story_narrations" ? (rows * segments) / SEGMENTS : rows;
    return sum + work / (ROWS_PER_SECOND[table] ?? OTHER_ROWS_PER_SECOND);
  }, 0);
  const bytes = moved.reduce((sum, each) => sum + each.bytes, 0) * SPACE;
  const slowness = await slownessOf(client);
  return {
    bytes: Math.round(bytes),
    seconds: seconds === null ? null : seconds * slowness,
    slowness,
  };
}

async function slownessOf(client: pg.Client): Promise<number> {
  const tookMs: number[] = [];
  for (let run = 0; run < PROBE_RUNS; run += 1) {
    const startedAtMs = performance.now();
    await client.query(PROBE);
    tookMs.push(performance.now() - startedAtMs);
  }
  const median = tookMs.sort((a, b) => a - b)[Math.floor(PROBE_RUNS / 2)] ?? PROBE_MS;
  return median / PROBE_MS;
}

/** Reads the average number of segments of up to 1,000 narrations. */
export async function readSegmentAverage(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ segments: number | null }>(
    `SELECT avg(jsonb_array_length(n.segments))::float8 AS segments
     FROM (SELECT segments FROM public.story_narrations
       WHERE jsonb_typeof(segments) = 'array' LIMIT 1000) n`,
  );
  return rows[0]?.segments ?? SEGMENTS;
}
