import type pg from "pg";
import type { LegacyTable } from "./legacy-database.js";

/** The columns of the legacy tables that the migration knows. */
export const LEGACY_COLUMNS: Readonly<Record<LegacyTable, string>> = {
  users:
    "id email first_name last_name display_name profile_image_url external_id language locale native_language is_admin is_active last_login_at created_at updated_at",
  stories:
    "id title content summary category genre sub_genre tags emotional_tags mood_category age_rating reading_time extracted_characters extracted_emotions voice_sample_url cover_image_url author_id narrator_voice narrator_voice_type upload_type original_audio_url processing_status status is_published is_public published_at copyright_info license_type is_adult_content view_count likes language created_at updated_at",
  story_analyses:
    "id story_id analysis_type analysis_data content_hash generated_by created_at updated_at",
  voice_modulation_templates:
    "id modulation_type modulation_key display_name description sample_text target_duration category voice_settings is_active sort_order created_at updated_at",
  story_narrations:
    "id story_id user_id narrator_voice narrator_voice_type narrator_profile conversation_style relationship_id shared_with_identifier segments total_duration audio_file_url created_at updated_at",
  user_voice_samples:
    "id user_id sample_type label audio_url duration is_completed is_locked locked_at recorded_at",
  user_voice_profiles:
    "id user_id profile_name elevenlabs_voice_id language pitch rate stability similarity_boost style base_voice training_status is_active metadata provider created_at updated_at",
  user_emotion_voices:
    "id user_voice_profile_id emotion elevenlabs_voice_id training_status sample_count quality_score voice_settings training_metadata training_cost last_used_at usage_count never_delete created_at updated_at",
  audio_files: "id file_name mime_type audio_data file_size duration metadata created_at",
};

/**
 * Returns the tables and columns that the migration knows and this database lacks, for example
 * "table audio_files" and "column stories.likes". The columns of a missing table are not named.
 */
export async function findMissingParts(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ part: string }>(
    `SELECT CASE WHEN c.oid IS NULL THEN 'table ' || k.name ELSE 'column ' || k.name || '.' || w.name END AS part
     FROM json_each_text($1) WITH ORDINALITY k (name, words, place)
     LEFT JOIN pg_class c ON c.relname = k.name AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
     LEFT JOIN LATERAL unnest(string_to_array(k.words, ' ')) WITH ORDINALITY w (name, place) ON c.oid IS NOT NULL
     WHERE c.oid IS NULL OR NOT EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = w.name AND NOT a.attisdropped)
     ORDER BY k.place, w.place`,
    [JSON.stringify(LEGACY_COLUMNS)],
  );
  return rows.map(({ part }) => part);
}

/** What a person does about missing parts. */
export const ADD_MISSING_PARTS =
  "Create them as src/legacy/demo/baseline.sql does: an empty table or an empty column is enough.";
