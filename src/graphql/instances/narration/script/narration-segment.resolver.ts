import { Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import type { StorySegmentEntity } from "../../../../reference/index.js";
import {
  type LegacySound,
  mediaGrantOf,
  storedVoiceName,
  voiceOfLine,
} from "../../../../instances/index.js";
import type { FabulaContext, MediaLinks } from "../../../context.js";
import { toGlobalId } from "../../../relay/global-id.js";
import {
  Emotion,
  SegmentKindType,
  StoryCharacter,
  StorySegment,
} from "../../../reference/analysis/analysis.type.js";
import {
  type CharacterSource,
  findCharacter,
} from "../../../reference/analysis/character.mapper.js";
import { Voice } from "../../../reference/voice/voice.type.js";
import { linkOfLegacySound } from "../../rendering/legacy-sound.mapper.js";
import type { SegmentSource } from "../narration.mapper.js";
import { Degradation, toDegradations } from "../degradation.type.js";
import { NarrationSegment, NarrationSegmentAudio } from "../narration.type.js";
import { toVoice } from "../../voice/voice.mapper.js";
import { Prosody, ResolvedProsody } from "../voice-modifications.type.js";

@Resolver(() => NarrationSegment)
export class NarrationSegmentResolver {
  @FieldResolver(() => ID, { description: "The segment's id. `node` finds no segments." })
  id(@Root() { narration, row }: SegmentSource): string {
    return toGlobalId("NarrationSegment", `${narration.id}.${row.position}`);
  }

  @FieldResolver(() => Int, {
    description: "The segment's position in the script. The first segment has 0.",
  })
  index(@Root() { row }: SegmentSource): number {
    return row.position;
  }

  @FieldResolver(() => SegmentKindType, {
    description: "Whether the narrator or a character speaks the segment.",
  })
  kind(@Root() { row }: SegmentSource): string {
    return row.kind;
  }

  @FieldResolver(() => String, { description: "The text of the segment." })
  text(@Root() { row }: SegmentSource): string {
    return row.text;
  }

  @FieldResolver(() => String, {
    description:
      "The text that the voice gets. Apparatus is left out, and numbers and abbreviations are written as they are said. Words of the lexicon stay as they are written. Empty if nothing of the segment is said.",
  })
  spokenText(@Root() segment: SegmentSource, @Ctx() context: FabulaContext): Promise<string> {
    return context.services.sounds.spokenText(segment, lookupsOf(context));
  }

  @FieldResolver(() => StorySegment, {
    nullable: true,
    description:
      "The story's segment that this segment was copied from; null if the owner added this segment.",
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
    description:
      "The character who speaks the segment; null for narration, and if the speaker is unknown.",
  })
  speaker(
    @Root() { narration, row }: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return findCharacter(context, narration.analysisId, row.speakerId);
  }

  @FieldResolver(() => Emotion, { description: "The emotion that the voice expresses." })
  emotion(@Root() { row }: SegmentSource): Emotion {
    return { label: row.emotion, intensity: row.intensity };
  }

  @FieldResolver(() => Voice, {
    description:
      "The voice that speaks the segment. The server uses the first of these voices that exists: the voice chosen for this segment, the speaker's voice, the narrator's voice.",
  })
  voice(
    @Root() { narration, details, row }: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Voice | Promise<Voice> {
    const id = voiceOfLine(row, details);
    return toVoice(context, { id, storedName: storedVoiceName(id, details) }, narration);
  }

  @FieldResolver(() => ResolvedProsody, {
    description:
      "The segment's delivery in numbers. The numbers include the emotion, the manner of speaking, and all changes that apply to the segment.",
  })
  prosody(@Root() segment: SegmentSource, @Ctx() context: FabulaContext): Promise<ResolvedProsody> {
    return context.services.sounds.prosody(segment, lookupsOf(context));
  }

  @FieldResolver(() => Prosody, {
    nullable: true,
    description:
      "The changes to the delivery of this segment alone; null if there are no such changes.",
  })
  modification(@Root() { row }: SegmentSource): object | null {
    return row.prosody;
  }

  @FieldResolver(() => Boolean, {
    description:
      "True if rendering now would change this segment's sound. The reasons are: the text, voice, emotion, delivery, loudness or lexicon changed; the voice is gone or has a new engine; or the segment was never rendered. Pauses, speakers' names and the title do not count. After a change is undone, the value is false again. While the narration has only audio of the earlier platform, the value is true for the segments that the owner changed. Always false while the narration has no audio, and for viewers other than the owner.",
  })
  isStale(@Root() segment: SegmentSource, @Ctx() context: FabulaContext): Promise<boolean> {
    return context.services.sounds.isStale(segment, lookupsOf(context));
  }

  @FieldResolver(() => NarrationSegmentAudio, {
    nullable: true,
    description:
      "The sound of this segment in the narration's audio. null if the segment was not rendered with its current text, voice and delivery. A segment of the earlier platform has the sound from there, until the owner changes the segment or renders the narration. Viewers other than the owner get the published sound.",
  })
  async audio(
    @Root() segment: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<NarrationSegmentAudio | null> {
    const { sounds, media } = context.services;
    const legacy = await sounds.legacySound(segment, lookupsOf(context));
    if (legacy) return legacyAudio(media, segment, legacy);
    const sound = await sounds.sound(segment, lookupsOf(context));
    if (!sound) return null;
    const { narration } = segment;
    const fileName = `${fileNameOf(segment)}.wav`;
    const grant = mediaGrantOf(narration, sound.blobKey);
    const file = { key: sound.blobKey, fileName, contentType: "audio/wav", grant };
    return {
      url: media.sign(file).url,
      contentType: file.contentType,
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
      "The requested features that the segment's sound lacks. A feature is missing if the voice could not perform the feature, or if the peaks of the sound reached their limit. The list is empty if the segment has no sound.",
  })
  async degraded(
    @Root() segment: SegmentSource,
    @Ctx() context: FabulaContext,
  ): Promise<readonly Degradation[]> {
    const sound = await context.services.sounds.sound(segment, lookupsOf(context));
    return toDegradations(sound?.degraded ?? []);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "The owner's pause after the segment, in milliseconds; null if the text decides the pause.",
  })
  pauseAfterMs(@Root() { row }: SegmentSource): number | null {
    return row.pauseAfterMs;
  }
}

const fileNameOf = ({ row }: SegmentSource): string => `segment-${row.position}`;

function legacyAudio(
  media: MediaLinks,
  segment: SegmentSource,
  sound: LegacySound,
): NarrationSegmentAudio | null {
  const { url } = linkOfLegacySound(media, segment.narration, sound, fileNameOf(segment));
  const { contentType, durationMs } = sound;
  return url === null ? null : { url, contentType, startMs: null, durationMs, words: [] };
}

const lookupsOf = ({ reference, instances, ownVoices }: FabulaContext) => ({
  ...{ reference, ownVoices },
  renders: instances?.renders,
  legacySounds: instances?.legacySounds,
});
