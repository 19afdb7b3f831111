import type { AnalysisEntity, EditionEntity, EditionVisibility } from "../../../reference/index.js";
import { lineageIn } from "../forking/lineage.js";
import type { NarrationEntity } from "../narration.entity.js";
import type { PublishedSound } from "./published-sound.js";
import type { PublishedVoices } from "./published-voices.js";

/**
 * Returns the edition of a narration: the copy that other people read. An edition contains everything
 * of a narration that others may see. The ids of personal voices are not among this.
 */
export function editionOf(
  narration: NarrationEntity,
  analysis: AnalysisEntity | null,
  {
    voices: { voices, idOf },
    sound,
    hashOf,
  }: {
    readonly sound: PublishedSound;
    readonly voices: PublishedVoices;
    readonly hashOf: (shareToken: string) => string;
  },
): EditionEntity {
  const publishedId = (voice: string): string => idOf[voice] ?? voice;
  return {
    userId: narration.userId,
    narrationId: narration.id,
    edition: narration.edition,
    referenceStoryId: narration.referenceStoryId,
    visibility: narration.visibility as EditionVisibility,
    unpublishedCount: narration.unpublishedCount,
    shareTokenHash: narration.shareToken === null ? null : hashOf(narration.shareToken),
    header: {
      title: narration.title,
      analysisId: narration.analysisId,
      narratorVoice: publishedId(narration.narratorVoice),
      narratorVoiceName: narration.narratorVoiceName,
      narratorVoiceType: narration.narratorVoiceType,
      voiceCast: narration.voiceCast.map((member) => ({
        ...member,
        voice: publishedId(member.voice),
      })),
      personalVoices: voices,
      voiceModifications: narration.voiceModifications,
      contentHash: analysis?.contentHash ?? null,
      hasSound: sound.isComplete,
      ...(narration.forkedFrom ? { forkedFrom: lineageIn(narration.forkedFrom) } : {}),
      createdAt: narration.createdAt.toISOString(),
    },
    audio: sound.audio,
    segmentCount: narration.segmentCount,
    audioBlobKey: narration.audioBlobKey,
    durationMs: narration.durationMs,
    publishedAt: narration.publishedAt ?? narration.updatedAt,
  };
}
