import type pg from "pg";

/** What a plan says about the sound in audio_files. */
export interface SoundPlan {
  readonly files: number;
  readonly bytes: number;
  /** Each user who has a link to a file gets a copy of the file. */
  readonly copies: number;
  readonly copiedBytes: number;
  /** Files to which no row of a user refers. They are not moved; contract saves them. */
  readonly unreferenced: number;
  /** Files that begin with something that is no base64. */
  readonly undecodable: number;
  /** Links to files that do not exist. */
  readonly dangling: number;
  readonly wrongSizes: number;
  readonly seconds: number;
}

/** On two busy cores, with a disk: files of some kilobytes in a second, and bytes of larger files. */
const FILES_PER_SECOND = 140;
const BYTES_PER_SECOND = 20e6;

/** The beginning tells: to decode all files would take as long as to copy them. */
const UNDECODABLE = String.raw`left(f.audio_data, 300) !~ '^\s*(data:[^,]*;base64,)?[A-Za-z0-9+/\s]+={0,2}\s*$'`;

/** Segments may be a list, an object, or a text that holds either, so the links are read out of the text. */
const SOUNDS = String.raw`WITH links AS MATERIALIZED (
  SELECT DISTINCT l.user_id, substring(l.link FROM '\d{1,18}')::bigint AS id FROM (
    SELECT n.user_id::text, n.audio_file_url FROM public.story_narrations n
    UNION ALL SELECT n.user_id::text, 'audio://' || m.found[1] FROM public.story_narrations n,
      regexp_matches(n.segments::text, '"audioUrl\\*": *\\*"\s*audio://(\d{1,18})\s*\\*"', 'g') m (found)
    UNION ALL SELECT v.user_id::text, v.audio_url FROM public.user_voice_samples v
    UNION ALL SELECT s.author_id::text, s.voice_sample_url FROM public.stories s
    UNION ALL SELECT s.author_id::text, s.original_audio_url FROM public.stories s) l (user_id, link)
  JOIN public.users u ON u.id = l.user_id
  WHERE l.link ~ '^\s*audio://\d{1,18}\s*$')
SELECT count(*)::int AS files, coalesce(sum(octet_length(f.audio_data)) * 0.75, 0)::float8 AS bytes,
  coalesce(sum(w.users), 0)::int AS copies, coalesce(sum(w.users * octet_length(f.audio_data)) * 0.75, 0)::float8 AS "copiedBytes",
  count(*) FILTER (WHERE w.users IS NULL)::int AS unreferenced,
  count(*) FILTER (WHERE ${UNDECODABLE})::int AS undecodable,
  count(*) FILTER (WHERE f.file_size NOT BETWEEN floor(octet_length(f.audio_data) * 0.72) - 3
    AND ceil(octet_length(f.audio_data) * 0.75))::int AS "wrongSizes",
  (SELECT count(DISTINCT l.id)::int FROM links l WHERE l.id NOT IN (SELECT a.id FROM public.audio_files a)) AS dangling
FROM public.audio_files f LEFT JOIN (SELECT l.id, count(*) AS users FROM links l GROUP BY l.id) w ON w.id = f.id`;

/**
 * Counts the sound, as the owner of the legacy tables.
 * @param slowness 2 if this server takes twice the time of the server on which the rates were measured
 */
export async function planSounds(client: pg.Client, slowness: number): Promise<SoundPlan> {
  const { rows } = await client.query<Omit<SoundPlan, "seconds">>(SOUNDS);
  const [counts] = rows;
  if (!counts) throw new Error("The files of audio_files were not counted.");
  const { copies, copiedBytes } = counts;
  const seconds = (copies / FILES_PER_SECOND + copiedBytes / BYTES_PER_SECOND) * slowness;
  return { ...counts, seconds };
}
