import type pg from "pg";

/** The story that the demo shows: public, and narrated by several people. */
export async function chooseStory(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT s.id FROM public.stories s JOIN public.story_narrations n ON n.story_id = s.id
     WHERE s.is_published AND s.status = 'published' AND s.content ~ '\\w' AND s.narrator_voice IS NOT NULL
       AND n.user_id NOT LIKE 'gone-%'
     GROUP BY s.id ORDER BY count(*) DESC, s.id LIMIT 1`,
  );
  return rows[0]?.id ?? 1;
}

/** Describes a story and its narrations as both models have them now. */
export async function describeStory(client: pg.Client, id: number): Promise<string[]> {
  return [
    `  old model  ${await describe(client, "public.stories", OLD, id)}`,
    `  new model  ${await describe(client, "reference.stories", NEW, id)}`,
  ];
}

async function describe(
  client: pg.Client,
  table: string,
  query: string,
  id: number,
): Promise<string> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass($1) IS NOT NULL AS exists",
    [table],
  );
  if (!found[0]?.exists) return "—";
  const { rows } = await client.query<{ text: string }>(query, [id]);
  return rows[0]?.text ?? "—";
}

const OLD = `SELECT format('story %s “%s” is_published=%s status=%s narrator_voice=%s; %s narrations',
    s.id, left(btrim(s.title), 30), s.is_published, s.status, s.narrator_voice, n.count) AS text
  FROM public.stories s, LATERAL (
    SELECT count(*) FROM public.story_narrations n WHERE n.story_id = s.id) n
  WHERE s.id = $1`;

const NEW = `SELECT format('story %s “%s” %s, text %s…; %s narrations of %s segments by %s people, read by %s',
    s.id, left(s.title, 30), s.visibility, left(s.content_hash, 8), n.count, n.segments, n.people, n.voices) AS text
  FROM reference.stories s, LATERAL (
    SELECT count(*), sum(n.segment_count) AS segments, count(DISTINCT n.user_id) AS people,
      string_agg(DISTINCT n.narrator_voice, ', ') AS voices
    FROM instances.user_story_narrations n WHERE n.reference_story_id = s.id) n
  WHERE s.id = $1`;
