import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../enum.js";
import { Voice } from "../reference/voice.type.js";
import { DateTime } from "../scalars.js";
import { type NarrationAtInput, RepeatableInput } from "./narration.input.js";
import { Degradation } from "./narration.type.js";
import { ProsodyInput } from "./voice-modifications.type.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

const AudioFormatType = graphqlEnum("AudioFormat", "How sound is encoded.", {
  MP3: [AudioFormat.Mp3, "MP3, mono, 64 kbit/s, with chapters."],
  OPUS: [AudioFormat.Opus, "Opus in Ogg, mono: about half as large."],
  WAV: [AudioFormat.Wav, "WAV, mono, 16-bit PCM."],
});

const CaptionsFormatType = graphqlEnum("CaptionsFormat", "How captions are written.", {
  VTT: ["captions", "WebVTT, with speakers and a time for every word."],
});

@ObjectType({
  description:
    "How far a render is. Once renderedSegments and reusedSegments make totalSegments, the sound is joined and encoded.",
})
export class NarrationProgress {
  @Field(() => Int, { simple: true, description: "Segments spoken by this render." })
  readonly renderedSegments!: number;

  @Field(() => Int, { simple: true, description: "Segments of the script." })
  readonly totalSegments!: number;

  @Field(() => Int, {
    simple: true,
    description: "Segments whose sound was there already; told when the work begins.",
  })
  readonly reusedSegments!: number;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "Seconds left to speak at the speed of the worker that has it, without joining; null until that spoke a segment, and when the render has ended.",
  })
  readonly etaSeconds!: number | null;
}

@ObjectType({ description: "What speaking costs." })
export class RenderCost {
  @Field(() => Float, {
    simple: true,
    description: "A whole number of millionths: 1500000 USD micros are 1.50 USD.",
  })
  readonly micros!: number;

  @Field(() => String, { simple: true, description: "The currency, as ISO 4217 names it." })
  readonly currency!: string;
}

@ObjectType({
  description:
    "What rendering a narration as it is now would take; what was spoken before is free.",
})
export class RenderEstimate {
  @Field(() => Int, {
    simple: true,
    description:
      "Segments to speak; equal ones count once, and those of unavailableVoices are counted as well.",
  })
  readonly segmentsToRender!: number;

  @Field(() => Int, {
    simple: true,
    description: "Seconds of work on one core for speaking them, without joining.",
  })
  readonly seconds!: number;

  @Field(() => RenderCost, {
    simple: true,
    nullable: true,
    description: "About what a speech provider will charge; null where speech is free.",
  })
  readonly cost!: RenderCost | null;

  @Field(() => [Voice], {
    simple: true,
    description:
      "Voices of the script that are gone or do not speak the story's language: until others are chosen, renderNarration is a CONFLICT.",
  })
  readonly unavailableVoices!: readonly Voice[];
}

@ObjectType({ description: "A part of a narration a player can jump to." })
export class NarrationChapter {
  @Field(() => String, {
    simple: true,
    description:
      "Its heading in the story; the narration's title for what stands before the first, or where there is none.",
  })
  readonly title!: string;

  @Field(() => Int, {
    simple: true,
    description: "When it begins, in milliseconds; the first at 0.",
  })
  readonly startMs!: number;

  @Field(() => Int, {
    simple: true,
    description: "When it ends, in milliseconds: where the next begins, or the narration ends.",
  })
  readonly endMs!: number;
}

@ObjectType({
  description:
    "The sound of a narration. Its URLs are signed: they stay the same for an hour and work until expiresAt.",
})
export class NarrationAudio {
  @Field(() => Int, { simple: true, description: "How long it is, in milliseconds." })
  readonly durationMs!: number;

  @Field(() => Float, {
    simple: true,
    description: "Integrated loudness in LUFS (BS.1770): about -19, and -70 for silence.",
  })
  readonly loudnessLufs!: number;

  @Field(() => Int, { simple: true, description: "Bytes of the MP3, the smallest but Opus." })
  readonly sizeBytes!: number;

  @Field(() => [NarrationChapter], {
    simple: true,
    description:
      "Its chapters, in order, one at least; they are in the MP3 and the timings as well.",
  })
  readonly chapters!: readonly NarrationChapter[];
}

@ArgsType()
export class CaptionsUrlArgs {
  @Field(() => CaptionsFormatType, { defaultValue: "captions", description: "How it is written." })
  readonly format!: "captions";
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

@ObjectType({ description: "A short sound, as loud as a segment of a narration." })
export class VoicePreview {
  @Field(() => String, { simple: true, description: "Where to get it, as WAV; signed." })
  readonly url!: string;

  @Field(() => DateTime, { simple: true, description: "When the URL ends." })
  readonly expiresAt!: Date;

  @Field(() => Int, { simple: true, description: "How long it is, in milliseconds." })
  readonly durationMs!: number;

  @Field(() => [Degradation], {
    simple: true,
    description: "What the voice could not do; empty where it did everything.",
  })
  readonly degraded!: readonly Degradation[];
}
