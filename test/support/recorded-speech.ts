import type { TestApp } from "./app.js";
import { recordingOf } from "./spoken-recording.js";

/** A recording to insert. */
export interface GivenRecording {
  /** The key of the template, which the function makes if there is none. */
  readonly key: string;
  readonly text: string;
  /** A voice of flite that reads the text as the person. Default: the neutral voice of a man. */
  readonly voice?: string;
  /** What the row says about the recording. Default: 30, so that no minutes of speech are needed. */
  readonly speechSeconds?: number;
}

/** Inserts an accepted voice sample under the person's live consent, with real speech. */
export async function givenRecording(
  app: Pick<TestApp, "storage" | "superuser">,
  { id, publicId }: { readonly id: string; readonly publicId: string },
  { key, text, voice = "flite:awb-deep", speechSeconds = 30 }: GivenRecording,
): Promise<void> {
  const wav = await recordingOf(text, voice);
  const blob = await app.storage.put(wav, { contentType: "audio/wav", owner: publicId });
  const measures = { speechSeconds, snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -20 };
  await app.superuser(
    `WITH template AS (
       INSERT INTO reference.voice_modulation_templates
         (modulation_type, modulation_key, display_name, description, sample_text)
       VALUES ('emotion', $2, initcap($2), 'Of a test.', 'Oh!')
       ON CONFLICT (modulation_type, modulation_key) DO UPDATE SET sample_text = 'Oh!' RETURNING id)
     INSERT INTO instances.user_voice_samples (user_id, template_id, transcript, blob_key, quality,
       state, consent_id, consent_live)
     SELECT $1, t.id, $3, $4, $5, 'usable', c.id, true
     FROM template t, instances.voice_consents c WHERE c.user_id = $1 AND c.is_live`,
    [id, key, text, blob.key, JSON.stringify({ score: 1, measures, issues: [] })],
  );
}
