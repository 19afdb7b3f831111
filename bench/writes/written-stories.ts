import type pg from "pg";
import type { StoryEntity } from "../../src/reference/index.js";
import { type ScratchApp, owner } from "../scratch-app.js";

const CHARACTERS = Array.from({ length: 12 }, (_, index) => ({
  id: `character-${index}`,
  canonicalName: `Character ${index}`,
  aliases: [],
  role: index < 3 ? "major" : "minor",
  gender: index % 2 === 0 ? "female" : "male",
  ageGroup: "adult",
  description: "",
  mentionCount: 40,
  quoteCount: 20,
}));

const SENTENCE =
  "The night train stopped twice before the border, and nobody asked her for a ticket.";

export interface WrittenStory {
  readonly story: StoryEntity;
  readonly segments: number;
}

/** Makes a public story whose analysis has exactly this many segments. No analyser has seen the text. */
export async function writtenStory(
  { app }: ScratchApp,
  database: pg.Client,
  segments: number,
): Promise<WrittenStory> {
  const { stories } = app.services;
  const content = `A story of ${segments} segments.`;
  const draft = await stories.create(owner.userId, { title: content, content });
  const story = await stories.publish(owner.userId, draft);
  const { rows } = await database.query<{ id: number }>(
    `UPDATE reference.story_analyses SET status = 'ready', characters = $2, segment_count = $3,
       completed_at = now() WHERE content_hash = $1 RETURNING id`,
    [story.contentHash, JSON.stringify(CHARACTERS), segments],
  );
  await database.query(
    `INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end,
       text, speaker_id, emotion, intensity)
     SELECT $1, n, n / 4, CASE n % 2 WHEN 0 THEN 'narration' ELSE 'dialogue' END, n * 90, n * 90 + 88,
       n || ' ' || $3::text, CASE n % 2 WHEN 1 THEN 'character-' || n % 12 END, 'neutral', (n % 10) / 10.0
     FROM generate_series(0, $2::integer - 1) AS n`,
    [rows[0]?.id, segments, SENTENCE],
  );
  return { story, segments };
}
