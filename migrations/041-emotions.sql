-- Every emotion that the speech engines deliver is a template from the start, so that people can see what they
-- can ask for. Their ids are far above those of the sequence, and above those of a migrated earlier platform. An
-- analysis still names the story in which a template was found first.
SET lock_timeout = '500ms';

INSERT INTO reference.voice_modulation_templates
  (id, modulation_type, modulation_key, display_name, description, sample_text, category)
VALUES
  (2000000001, 'emotion', 'joy', 'Joy', 'A happy, bright voice that moves up and down a lot.',
    'You will never guess what came in the post this morning: they said yes!', 'basic'),
  (2000000002, 'emotion', 'sadness', 'Sadness', 'A low, slow and soft voice with long pauses.',
    'The chair by the window is empty now, and nobody has the heart to move it.', 'basic'),
  (2000000003, 'emotion', 'anger', 'Anger', 'A loud, fast and hard voice.',
    'I told you twice not to touch that door, and you opened it all the same.', 'basic'),
  (2000000004, 'emotion', 'fear', 'Fear', 'A high, quick and trembling voice.',
    'Somebody is on the stairs. Do not move, and do not turn on the light.', 'basic'),
  (2000000005, 'emotion', 'surprise', 'Surprise', 'A high voice that rises at the end.',
    'You were here the whole time? I looked for you in every room!', 'basic'),
  (2000000006, 'emotion', 'disgust', 'Disgust', 'A low, slow voice that keeps its distance.',
    'Take that away from the table. The smell alone is more than I can bear.', 'basic'),
  (2000000007, 'emotion', 'excitement', 'Excitement', 'A fast, loud and very lively voice.',
    'It starts in five minutes, and we have seats in the very first row!', 'advanced'),
  (2000000008, 'emotion', 'tenderness', 'Tenderness', 'A soft, warm and slow voice with some breath.',
    'Close your eyes, little one. I will stay here until you are asleep.', 'advanced'),
  (2000000009, 'emotion', 'calm', 'Calm', 'A quiet, even and unhurried voice.',
    'There is no need to hurry. The boat waits, and the water is as smooth as glass.', 'advanced'),
  (2000000010, 'emotion', 'suspense', 'Suspense', 'A low, level voice with very long pauses.',
    'The lock clicked once. Then, very slowly, the handle began to turn.', 'advanced'),
  (2000000011, 'emotion', 'boredom', 'Boredom', 'A flat, slow voice without energy.',
    'He has told us about his stamps again, all four albums, page by page.', 'advanced'),
  (2000000012, 'modulation', 'whisper', 'Whisper', 'A line that is whispered, without any voice.',
    'Come closer, and keep your head down. They must not hear us.', 'modulation')
ON CONFLICT DO NOTHING;

GRANT UPDATE (source_analysis_id) ON reference.voice_modulation_templates TO fabula_worker;
