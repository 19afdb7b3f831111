import type { LegacyTestDatabase } from "../legacy-database.js";

/**
 * Returns the narrations whose legacy row and row of ours differ, in either direction: the columns that both models
 * have, and the items of the script.
 */
export const differingNarrations = ({
  superuser,
}: Pick<LegacyTestDatabase, "superuser">): Promise<{ readonly id: string }[]> =>
  superuser(
    `SELECT coalesce(l.id, n.id) AS id
     FROM public.story_narrations l FULL JOIN instances.user_story_narrations n ON n.id = l.id
     LEFT JOIN LATERAL legacy_sync.map_narration(l, 'UTC') m ON true
     WHERE (m.user_id, m.reference_story_id, m.narrator_voice, m.narrator_voice_type, m.segment_count,
         m.legacy_original, m.created_at, m.updated_at)
       IS DISTINCT FROM (n.user_id, n.reference_story_id, n.narrator_voice, n.narrator_voice_type, n.segment_count,
         n.legacy_original, n.created_at, n.updated_at)
       OR legacy_sync.unmap_narration(n, l, 'UTC') IS DISTINCT FROM l
       OR EXISTS (SELECT FROM legacy_sync.map_segments(l.segments) s
         FULL JOIN (SELECT * FROM instances.user_narration_segments g
           WHERE g.user_id = n.user_id AND g.narration_id = n.id) g ON g.position = s.place
         WHERE (s.kind, s.text, s.speaker_id, s.emotion, s.intensity)
           IS DISTINCT FROM (g.kind, g.text, g.speaker_id, g.emotion, g.intensity))`,
  );
