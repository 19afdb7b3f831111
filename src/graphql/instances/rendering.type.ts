import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../enum.js";
import { DateTime } from "../scalars.js";
import { type NarrationAtInput, RepeatableInput } from "./narration.input.js";
import { ProsodyInput } from "./voice-modifications.type.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

const AudioFormatType = graphqlEnum("AudioFormat", "How sound is encoded.", {
  MP3: [AudioFormat.Mp3, "MP3 at a constant bit rate, with chapters."],
  OPUS: [AudioFormat.Opus, "Opus in Ogg."],
  WAV: [AudioFormat.Wav, "16-bit PCM."],
});

@ObjectType({ description: "How far a render is." })
export class NarrationProgress {
  @Field(() => Int, { simple: true, description: "Segments spoken in this try." })
  readonly renderedSegments!: number;

  @Field(() => Int, { simple: true, description: "Segments of the script." })
  readonly totalSegments!: number;

  @Field(() => Int, { simple: true, description: "Segments whose sound was there already." })
  readonly reusedSegments!: number;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "Seconds left at the present speed; null before the first segment and at the end.",
  })
  readonly etaSeconds!: number | null;
}

@ObjectType({ description: "What rendering a narration as it is now would take." })
export class RenderEstimate {
  @Field(() => Int, { simple: true, description: "Segments without sound." })
  readonly segmentsToRender!: number;

  @Field(() => Int, { simple: true, description: "Seconds of work." })
  readonly seconds!: number;
}

@ObjectType({ description: "A part of a narration a player can jump to." })
export class NarrationChapter {
  @Field(() => String, { simple: true, description: "Its title." })
  readonly title!: string;

  @Field(() => Int, { simple: true, description: "Where it begins, in milliseconds." })
  readonly startMs!: number;
}

@ObjectType({ description: "The sound of a narration. Its URLs are signed and expire." })
export class NarrationAudio {
  @Field(() => Int, { simple: true, description: "How long it is, in milliseconds." })
  readonly durationMs!: number;

  @Field(() => Float, { simple: true, description: "Integrated loudness, LUFS (BS.1770)." })
  readonly loudnessLufs!: number;

  @Field(() => Int, { simple: true, description: "Bytes of the MP3." })
  readonly sizeBytes!: number;

  @Field(() => [NarrationChapter], { simple: true, description: "Its chapters, in order." })
  readonly chapters!: readonly NarrationChapter[];
}

@ArgsType()
export class AudioUrlArgs {
  @Field(() => AudioFormatType, { description: "The encoding." })
  readonly format!: AudioFormat;
}

@InputType({ description: "A narration to render as it is." })
export class RenderNarrationInput extends RepeatableInput implements NarrationAtInput {
  @Field(() => ID, { description: "One of your narrations." })
  readonly id!: string;

  @Field(() => Int, { description: "The version you read; a stale one is a CONFLICT." })
  readonly version!: number;
}

@InputType({ description: "A narration whose render shall stop." })
export class CancelNarrationInput {
  @Field(() => ID, { description: "One of your narrations." })
  readonly id!: string;
}

@InputType({ description: "Words to hear in a voice." })
export class PreviewVoiceInput {
  @Field(() => ID, { description: "The voice: the id of a Voice." })
  readonly voice!: string;

  @Field(() => String, {
    nullable: true,
    description: "What to say, at most 300 characters; a sample sentence where it is absent.",
  })
  readonly text?: string | null;

  @Field(() => String, { nullable: true, description: "An emotion, such as joy." })
  readonly emotion?: string | null;

  @Field(() => Float, { nullable: true, description: "How strong the emotion is, 0 to 1." })
  readonly intensity?: number | null;

  @Field(() => ProsodyInput, { nullable: true, description: "Changes to the delivery." })
  readonly modification?: ProsodyInput | null;
}

@ObjectType({ description: "A short sound." })
export class VoicePreview {
  @Field(() => String, { simple: true, description: "Where to get it, as WAV; signed." })
  readonly url!: string;

  @Field(() => DateTime, { simple: true, description: "When the URL ends." })
  readonly expiresAt!: Date;

  @Field(() => Int, { simple: true, description: "How long it is, in milliseconds." })
  readonly durationMs!: number;
}
