import { Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import type { StorySegmentEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { toGlobalId } from "../global-id.js";
import {
  Emotion,
  SegmentKindType,
  StoryCharacter,
  StorySegment,
} from "../reference/analysis.type.js";
import { type CharacterSource, characterOf } from "../reference/character.source.js";
import { keptVoice } from "../reference/voice.source.js";
import { Voice } from "../reference/voice.type.js";
import type { SegmentSource } from "./narration.source.js";
import { NarrationSegment } from "./narration.type.js";
import { Prosody } from "./voice-modifications.type.js";

@Resolver(() => NarrationSegment)
export class NarrationSegmentResolver {
  @FieldResolver(() => ID, { description: "Names the segment within its narration." })
  id(@Root() { narration, row }: SegmentSource): string {
    return toGlobalId("NarrationSegment", `${narration.narrationId}.${row.position}`);
  }

  @FieldResolver(() => Int, { description: "Its place in the script, from 0." })
  index(@Root() { row }: SegmentSource): number {
    return row.position;
  }

  @FieldResolver(() => SegmentKindType, { description: "Whether it is told or said." })
  kind(@Root() { row }: SegmentSource): string {
    return row.kind;
  }

  @FieldResolver(() => String, { description: "What is spoken." })
  text(@Root() { row }: SegmentSource): string {
    return row.text;
  }

  @FieldResolver(() => StorySegment, {
    nullable: true,
    description: "The piece of the story it came from; null where the narrator inserted it.",
  })
  async storySegment(
    @Root() { narration, row }: SegmentSource,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StorySegmentEntity | null> {
    return narration.analysisId === null || row.storyPosition === null
      ? null
      : reference.analyses.segmentAt(narration.analysisId, row.storyPosition);
  }

  @FieldResolver(() => StoryCharacter, {
    nullable: true,
    description: "Who says it; null for narration, and where nobody knows.",
  })
  speaker(
    @Root() { narration, row }: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return characterOf(context, narration.analysisId, row.speakerId);
  }

  @FieldResolver(() => Emotion, { description: "What the voice shall feel." })
  emotion(@Root() { row }: SegmentSource): Emotion {
    return { label: row.emotion, intensity: row.intensity };
  }

  @FieldResolver(() => Voice, {
    description: "The voice that speaks it: its own, else its speaker's, else the narrator's.",
  })
  voice(@Root() { narration, row }: SegmentSource, @Ctx() { services }: FabulaContext): Voice {
    const { castRows, voice } = narration;
    if (row.voice !== null) return keptVoice(services.voices, row.voice, null);
    const speaker = castRows.find(({ characterId }) => characterId === row.speakerId);
    return speaker
      ? keptVoice(services.voices, speaker.voice, speaker.voiceName)
      : keptVoice(services.voices, voice.id, voice.name);
  }

  @FieldResolver(() => Prosody, {
    nullable: true,
    description: "Changes to how this segment is spoken; null where there are none.",
  })
  prosody(@Root() { row }: SegmentSource): object | null {
    return row.prosody;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: "The pause after it; null where it follows from the text.",
  })
  pauseAfterMs(@Root() { row }: SegmentSource): number | null {
    return row.pauseAfterMs;
  }
}
