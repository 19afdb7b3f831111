import { createHash } from "node:crypto";
import type { NarrationEntity } from "../../src/instances/index.js";
import { PooledClient } from "../../src/platform/database/connection/pooled-client.js";
import { Role, allowWrites } from "../../src/platform/database/connection/settings.js";
import { setScope } from "../../src/platform/database/transactions/scope.js";
import { owner } from "../scratch-app.js";

/** The segments to change, with their new texts. */
export interface TextEdit {
  readonly index: number;
  readonly text: string;
}

const CAST = JSON.stringify(
  Array.from({ length: 12 }, (_, index) => ({
    characterId: `character-${index}`,
    characterName: `Character ${index}`,
    voice: "flite:rms",
    voiceName: "Robert",
    isAutomatic: true,
  })),
);

/** Any value that costs nothing to find. */
const hashOf = (about: unknown): string =>
  createHash("sha256").update(JSON.stringify(about)).digest("hex");

const LOCK = `SELECT n.version, n.reference_story_id, n.edition FROM instances.user_story_narrations n
  WHERE n.user_id = $1 AND n.id = $2 FOR UPDATE`;

/** The same writes as the server's mutations, as a person would write them with SQL alone. */
export class PlainWrites {
  private constructor(private readonly client: PooledClient) {}

  static async connect(url: string): Promise<PlainWrites> {
    const client = new PooledClient({ connectionString: url, pipeline: true });
    await client.connect();
    client.prepareStatements();
    return new PlainWrites(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** Returns the id of the new narration. */
  create(storyId: number): Promise<string> {
    return this.transact(async () => {
      const { rows } = await this.client.query<{ id: string; analysis: number }>(
        `INSERT INTO instances.user_story_narrations (user_id, reference_story_id, analysis_id, title,
           narrator_voice, narrator_voice_name, narrator_voice_type, voice_cast, script_hash, segment_count)
         SELECT $1, s.id, a.id, s.title, 'flite:slt', 'Sally', 'ai', $3, $4, a.segment_count
         FROM reference.stories s JOIN reference.story_analyses a ON a.content_hash = s.content_hash
         WHERE s.id = $2 AND a.status = 'ready' RETURNING id, analysis_id AS analysis`,
        [owner.userId, storyId, CAST, hashOf(storyId)],
      );
      const [made] = rows;
      if (!made) throw new Error("The story of the bench has no analysis.");
      await this.client.query(
        `INSERT INTO instances.user_narration_segments
           (user_id, narration_id, position, story_position, kind, text, speaker_id, emotion, intensity)
         SELECT $1, $2, s.position, s.position, s.kind, s.text, s.speaker_id, s.emotion, s.intensity
         FROM reference.story_segments s WHERE s.analysis_id = $3 ORDER BY s.position`,
        [owner.userId, made.id, made.analysis],
      );
      return made.id;
    });
  }

  update({ id }: Pick<NarrationEntity, "id">, edits: readonly TextEdit[]): Promise<void> {
    return this.transact(async () => {
      await this.client.query(LOCK, [owner.userId, id]);
      await this.client.query(
        `UPDATE instances.user_narration_segments g SET text = e.text, is_edited = true
         FROM jsonb_to_recordset($3::jsonb) AS e (index integer, text text)
         WHERE g.user_id = $1 AND g.narration_id = $2 AND g.position = e.index`,
        [owner.userId, id, JSON.stringify(edits)],
      );
      await this.client.query(
        `UPDATE instances.user_story_narrations n
         SET version = n.version + 1, updated_at = now(), script_hash = $3
         WHERE n.user_id = $1 AND n.id = $2 RETURNING n.*`,
        [owner.userId, id, hashOf(edits)],
      );
    });
  }

  publish({ id }: Pick<NarrationEntity, "id">): Promise<void> {
    return this.transact(async () => {
      const key = [owner.userId, id];
      await this.client.query(LOCK, key);
      await this.client.query(
        "DELETE FROM reference.published_narrations e WHERE e.user_id = $1 AND e.narration_id = $2",
        key,
      );
      await this.client.query(
        `WITH published AS (
           UPDATE instances.user_story_narrations n SET visibility = 'public', edition = n.edition + 1,
             version = n.version + 1, published_at = now(), updated_at = now()
           WHERE n.user_id = $1 AND n.id = $2 RETURNING n.*)
         INSERT INTO reference.published_narrations
           (user_id, narration_id, edition, reference_story_id, visibility, header, segment_count, published_at)
         SELECT p.user_id, p.id, p.edition, p.reference_story_id, p.visibility, jsonb_build_object(
           'title', p.title, 'analysisId', p.analysis_id, 'narratorVoice', p.narrator_voice,
           'narratorVoiceName', p.narrator_voice_name, 'narratorVoiceType', p.narrator_voice_type,
           'voiceCast', p.voice_cast, 'voiceModifications', p.voice_modifications), p.segment_count, p.published_at
         FROM published p`,
        key,
      );
      await this.client.query(
        `INSERT INTO reference.published_narration_segments (user_id, narration_id, position, story_position,
           kind, text, speaker_id, emotion, intensity, voice, prosody, pause_after_ms, audio)
         SELECT g.user_id, g.narration_id, g.position, g.story_position, g.kind, g.text, g.speaker_id,
           g.emotion, g.intensity, g.voice, g.prosody, g.pause_after_ms,
           CASE WHEN r.blob_key IS NOT NULL THEN jsonb_build_object('blobKey', r.blob_key, 'startMs', g.start_ms,
             'durationMs', r.duration_ms, 'words', r.words, 'degraded', r.degraded) END
         FROM instances.user_narration_segments g
         LEFT JOIN reference.renditions r ON r.recipe_key = g.recipe_key
         WHERE g.user_id = $1 AND g.narration_id = $2 ORDER BY g.position`,
        key,
      );
    });
  }

  unpublish({ id }: Pick<NarrationEntity, "id">): Promise<void> {
    return this.transact(async () => {
      const key = [owner.userId, id];
      await this.client.query(LOCK, key);
      await this.client.query(
        "DELETE FROM reference.published_narrations e WHERE e.user_id = $1 AND e.narration_id = $2",
        key,
      );
      await this.client.query(
        `UPDATE instances.user_story_narrations n SET visibility = 'private', version = n.version + 1,
           unpublished_count = n.unpublished_count + 1, published_at = NULL, share_token = NULL, updated_at = now()
         WHERE n.user_id = $1 AND n.id = $2 RETURNING n.*`,
        key,
      );
    });
  }

  delete({ id }: Pick<NarrationEntity, "id">): Promise<void> {
    return this.transact(async () => {
      const key = [owner.userId, id];
      await this.client.query(LOCK, key);
      await this.client.query(
        "DELETE FROM reference.published_narrations e WHERE e.user_id = $1 AND e.narration_id = $2",
        key,
      );
      await this.client.query(
        "DELETE FROM instances.user_story_narrations n WHERE n.user_id = $1 AND n.id = $2",
        key,
      );
    });
  }

  /** Uses the role and the settings of the server's transactions. */
  private async transact<T>(work: () => Promise<T>): Promise<T> {
    await Promise.all([
      this.client.query(`BEGIN; ${allowWrites(Role.App)}`),
      setScope(this.client, { viewer: owner.userId }, { statementTimeoutMs: 60_000 }),
    ]);
    const result = await work();
    await this.client.query("COMMIT");
    return result;
  }
}
