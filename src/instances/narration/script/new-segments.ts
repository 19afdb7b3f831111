import { z } from "zod";
import type { InputProblems } from "../../../platform/input/input-problems.js";
import { parseInput } from "../../../platform/input/parse-input.js";
import type { OfferedVoices } from "../../personal-voice/offered-voices.js";
import { type NamedCharacter, editSchema, isNamed, requireVoice } from "../narration-input.js";
import type { NamedEmotion } from "../voices/known-emotions.js";
import type { NewSegment } from "./reshape.store.js";

const MAX_INSERTED = 500;

const segmentSchema = editSchema
  .omit({ index: true, reset: true })
  .required({ text: true })
  .extend({ kind: z.enum(["narration", "dialogue"]).optional() })
  .transform((given): InsertedSegment => {
    const { text, speakerId = null, emotion = "neutral", intensity = 0 } = given;
    return {
      ...{ text, speakerId, emotion, intensity },
      kind: given.kind ?? (speakerId === null ? "narration" : "dialogue"),
      ...{ voice: given.voice ?? null, prosody: given.prosody ?? null },
      pauseAfterMs: given.pauseAfterMs ?? null,
    };
  });

const insertSchema = z.object({
  segments: z
    .array(segmentSchema)
    .min(1, "is empty")
    .max(MAX_INSERTED, `has more than ${MAX_INSERTED} entries`),
});

export type InsertedSegment = Omit<NewSegment, "position" | "storyPosition">;

/** A new segment as its owner wrote it. */
export type SegmentDraft = z.input<typeof segmentSchema>;

/** Checks new segments before anything is written. */
export function checkNewSegments(
  segments: readonly SegmentDraft[],
  voices: OfferedVoices,
  problems: InputProblems,
): readonly InsertedSegment[] {
  for (const [at, { voice }] of segments.entries()) {
    const path = ["segments", String(at), "voice"];
    if (isNamed(voice)) problems.check(() => requireVoice(voices, voice, path), null);
  }
  return problems.check(() => parseInput(insertSchema, { segments }).segments, []);
}

/** The emotions of new segments. */
export const newEmotions = (segments: readonly SegmentDraft[]): NamedEmotion[] =>
  segments.map(({ emotion }, at) => ({ emotion, path: ["segments", String(at), "emotion"] }));

/** The speakers of new segments. */
export const newSpeakers = (segments: readonly SegmentDraft[]): NamedCharacter[] =>
  segments.map(({ speakerId: id }, at) => ({ id, path: ["segments", String(at), "speakerId"] }));
