import { Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import type { StorySegmentEntity } from "../../reference/index.js";
import { storedVoiceName, voiceOfLine } from "../../instances/index.js";
import type { FabulaContext } from "../context.js";
import { toGlobalId } from "../relay/global-id.js";
import {
  Emotion,
  SegmentKindType,
  StoryCharacter,
  StorySegment,
} from "../reference/analysis.type.js";
import { type CharacterSource, findCharacter } from "../reference/character.mapper.js";
import { toVoice } from "../reference/voice.mapper.js";
import { Voice } from "../reference/voice.type.js";
import type { SegmentSource } from "./narration.mapper.js";
import { Degradation, NarrationSegment, NarrationSegmentAudio } from "./narration.type.js";
import { Prosody, ResolvedProsody } from "./voice-modifications.type.js";

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
    return findCharacter(context, narration.analysisId, row.speakerId);
  }

  @FieldResolver(() => Emotion, { description: "What the voice shall feel." })
  emotion(@Root() { row }: SegmentSource): Emotion {
    return { label: row.emotion, intensity: row.intensity };
  }

  @FieldResolver(() => Voice, {
    description: "The voice that speaks it: its own, else its speaker's, else the narrator's.",
  })
  voice(@Root() { narration, row }: SegmentSource, @Ctx() { services }: FabulaContext): Voice {
    const voice = voiceOfLine(row, narration);
    return toVoice(services.voices, voice, storedVoiceName(voice, narration));
  }

  @FieldResolver(() => ResolvedProsody, {
    description:
      "How it is spoken, in numbers: its emotion and manner, then every change that applies to it.",
  })
  prosody(@Root() segment: SegmentSource, @Ctx() context: FabulaContext): Promise<ResolvedProsody> {
    return context.services.sounds.prosody(segment, lookupsOf(context));
  }

  @FieldResolver(() => Prosody, {
    nullable: true,
    description: "The changes of this segment alone; null where there are none.",
  })
  modification(@Root() { row }: SegmentSource): object | null {
    return row.prosody;
  }

  @FieldResolver(() => Boolean, {
    description:
      "Whether the narration's audio has it otherwise than it would be rendered now: its text, voice, emotion, delivery, loudness or the lexicon changed since, its voice is gone or has a new engine, or it was never rendered. A change that is undone leaves nothing stale. Pauses, speakers' names and the title do not count. false while the narration has no audio, and to others.",
  })
  isStale(@Root() segment: SegmentSource, @Ctx() context: FabulaContext): Promise<boolean> {
    return context.services.sounds.isStale(segment, lookupsOf(context));
  }

  @FieldResolver(() => NarrationSegmentAudio, {
    nullable: true,
    description:
      "Its own sound in the narration's audio; null where it was not rendered with its present text, voice and delivery. To others, as it was published.",
  })
  async audio(
    @Root() segment: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<NarrationSegmentAudio | null> {
    const sound = await context.services.sounds.sound(segment, lookupsOf(context));
    if (!sound) return null;
    const { narration, row } = segment;
    const fileName = `narration-${narration.narrationId}-${row.position}.wav`;
    const file = { key: sound.blobKey, fileName, contentType: "audio/wav" };
    return {
      url: context.services.media.sign(file).url,
      startMs: sound.startMs,
      durationMs: sound.durationMs,
      words: sound.words.map((word) => ({
        ...word,
        startMs: Math.round(word.startMs),
        endMs: Math.round(word.endMs),
      })),
    };
  }

  @FieldResolver(() => [Degradation], {
    description:
      "What its voice, or the ceiling of its peaks, could not do, in the sound it has; empty without sound.",
  })
  async degraded(
    @Root() segment: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<readonly Degradation[]> {
    const sound = await context.services.sounds.sound(segment, lookupsOf(context));
    return sound?.degraded ?? [];
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "The pause after it that the narrator chose, in milliseconds; null where it follows from the text.",
  })
  pauseAfterMs(@Root() { row }: SegmentSource): number | null {
    return row.pauseAfterMs;
  }
}

const lookupsOf = ({ reference, instances }: FabulaContext) => ({
  reference,
  renders: instances?.renders,
});
