import { resolveProsody } from "../../../audio/delivery/prosody.js";
import type { DeliveryChange, ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { VoiceModifications } from "../../narration/voices/voice-modifications.js";

/** The parts of a segment that decide its delivery. */
export interface DeliveredSegment {
  readonly emotion: string;
  readonly intensity: number;
  readonly speakerId: string | null;
  /** The owner's changes to this segment alone. */
  readonly prosody: DeliveryChange | null;
}

/** A manner of speaking that the analysis found, such as whisper, with its strength, 0-1. */
export interface Manner {
  readonly key: string;
  readonly strength: number;
}

/**
 * Returns the numbers that a segment is spoken with. Applies the emotion first, then the manners, then
 * the owner's changes. The owner's changes apply in this order: to the narration, to the emotion, to the
 * character, to the segment.
 * @param own the speaker's own delivery of the emotion
 */
export function resolveSegmentProsody(
  segment: DeliveredSegment,
  manners: readonly Manner[],
  modifications: VoiceModifications,
  own?: Partial<ResolvedProsody>,
): ResolvedProsody {
  const { emotions = [], characters = [] } = modifications;
  const changes = [
    modifications,
    emotions.find(({ emotion }) => emotion === segment.emotion),
    characters.find(({ characterId }) => characterId === segment.speakerId),
    segment.prosody ?? undefined,
  ].filter((change) => change !== undefined);
  // If the emotion and a manner have one key, such as whisper, apply the effect only once.
  const added = manners.filter(({ key }) => key !== segment.emotion);
  return resolveProsody({
    emotion: segment.emotion,
    intensity: segment.intensity,
    own,
    manners: added,
    changes,
  });
}
