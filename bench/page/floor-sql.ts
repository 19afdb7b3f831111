import { type Cell, nameOf, segmentsOf } from "./cells.js";
import type { PlainStatement } from "./plain.js";

/** One tuned statement that makes the whole JSON of a page. `$1` is the viewer, if there is one. */
export function pageStatement(cell: Cell): PlainStatement {
  const { stories, isSignedIn, hasSegments } = cell;
  const count = segmentsOf(cell);
  const columns = [
    `s.id, s.slug, s.title, s.summary, s.tags, s.published_at AS "publishedAt"`,
    `a.summary AS about, a.mood ->> 'label' AS mood`,
    `jsonb_path_query_array(a.characters, '$[*].canonicalName') AS characters`,
    `(${TEMPLATES}) AS templates`,
    ...(isSignedIn
      ? [
          `(${narrations(hasSegments ? `, (${scriptSegments(count)}) AS segments` : "")}) AS narrations`,
        ]
      : []),
    ...(!isSignedIn && hasSegments ? [`(${storySegments(count)}) AS segments`] : []),
  ];
  const text = `${isSignedIn ? OWN_VOICES : ""}
    SELECT coalesce(json_agg(p), '[]')::text AS page FROM (
      SELECT ${columns.join(",\n        ")}
      FROM (
        SELECT s.id, s.slug, s.title, s.summary, s.tags, s.published_at, s.content_hash, s.language
        FROM reference.stories s WHERE s.visibility = 'public'
        ORDER BY s.published_at DESC, s.id DESC LIMIT ${stories}) s
      LEFT JOIN LATERAL (
        SELECT a.id, a.summary, a.mood, a.characters FROM reference.story_analyses a
        WHERE a.content_hash = s.content_hash AND a.language = s.language AND a.status = 'ready'
        ORDER BY a.rank DESC, a.id DESC LIMIT 1) a ON true) p`;
  return { name: nameOf(cell), text };
}

// The viewer's voices are read once, and not for each segment.
const OWN_VOICES = `WITH own AS MATERIALIZED (
      SELECT v.voice, v.display_name FROM instances.user_voices v WHERE v.user_id = $1)`;

// The three templates are chosen before the catalogue is joined.
const TEMPLATES = `
          SELECT coalesce(json_agg(o), '[]') FROM (
            SELECT t.id, t.modulation_key AS key, t.display_name AS name, o.occurrences
            FROM (
              SELECT o.template_id, o.occurrences FROM reference.story_modulation_occurrences o
              WHERE o.analysis_id = a.id AND o.template_id <> ALL (ARRAY(
                SELECT t.id FROM reference.voice_modulation_templates t WHERE NOT t.is_active))
              ORDER BY o.occurrences DESC, o.template_id DESC LIMIT 3) o
            JOIN reference.voice_modulation_templates t ON t.id = o.template_id
            ORDER BY o.occurrences DESC, o.template_id DESC) o`;

const storySegments = (count: number): string => `
          SELECT coalesce(json_agg(g), '[]') FROM (
            SELECT g.text, g.kind, g.emotion FROM reference.story_segments g
            WHERE g.analysis_id = a.id ORDER BY g.position LIMIT ${count}) g`;

const scriptSegments = (count: number): string => `
            SELECT coalesce(json_agg(g), '[]') FROM (
              SELECT g.text, g.kind, g.emotion, g.voice, coalesce(v.display_name,
                CASE WHEN g.voice = n.narrator_voice THEN n.narrator_voice_name ELSE g.name END) AS "voiceName"
              FROM (
                SELECT g.position, g.text, g.kind, g.emotion, c."voiceName" AS name,
                  coalesce(g.voice, c.voice, n.narrator_voice) AS voice
                FROM (
                  SELECT g.position, g.text, g.kind, g.emotion, g.voice, g.speaker_id
                  FROM instances.user_narration_segments g WHERE g.user_id = $1 AND g.narration_id = n.id
                  ORDER BY g.position LIMIT ${count}) g
                LEFT JOIN jsonb_to_recordset(n.voice_cast) AS c ("characterId" text, voice text, "voiceName" text)
                  ON c."characterId" = g.speaker_id OFFSET 0) g
              LEFT JOIN own v ON v.voice = g.voice ORDER BY g.position) g`;

const narrations = (segments: string): string => `
          SELECT coalesce(json_agg(n), '[]') FROM (
            SELECT n.id, n.title, n.status, n.narrator_voice AS voice,
              coalesce(v.display_name, n.narrator_voice_name) AS "voiceName"${segments}
            FROM (
              SELECT n.id, n.title, n.status, n.narrator_voice, n.narrator_voice_name, n.voice_cast, n.created_at
              FROM instances.user_story_narrations n WHERE n.user_id = $1 AND n.reference_story_id = s.id
              ORDER BY n.created_at DESC, n.id DESC LIMIT 5) n
            LEFT JOIN own v ON v.voice = n.narrator_voice ORDER BY n.created_at DESC, n.id DESC) n`;
