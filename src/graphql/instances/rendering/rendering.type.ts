import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import { Voice } from "../../reference/voice/voice.type.js";
import { DateTime } from "../../scalars.js";
import { type NarrationAtInput, RepeatableInput } from "../narration/narration.input.js";
import { Degradation } from "../narration/degradation.type.js";
import { ProsodyInput } from "../narration/voice-modifications.type.js";

@ObjectType({
  description:
    "The progress of a render. When renderedSegments plus reusedSegments equals totalSegments, every segment has a sound. The server then joins and encodes the sounds.",
})
export class NarrationProgress {
  @Field(() => Int, {
    simple: true,
    description: "The number of segments that this render has spoken.",
  })
  readonly renderedSegments!: number;

  @Field(() => Int, { simple: true, description: "The number of segments in the script." })
  readonly totalSegments!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "The number of segments that already had a sound; 0 until a worker starts the render.",
  })
  readonly reusedSegments!: number;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The estimated seconds until all segments are spoken. The time for joining is not included. The estimate uses the speed of the worker that runs the render. null until this worker has spoken a segment, and after the render has ended.",
  })
  readonly etaSeconds!: number | null;
}

@ObjectType({ description: "The price of the speech in a render." })
export class RenderCost {
  @Field(() => Float, {
    simple: true,
    description:
      "The amount in millionths of the currency, a whole number. For example, 1500000 with USD means 1.50 USD.",
  })
  readonly micros!: number;

  @Field(() => String, {
    simple: true,
    description: "The currency, as an ISO 4217 code, for example USD.",
  })
  readonly currency!: string;
}

@ObjectType({ description: "A segment that a render would leave silent." })
export class SilentSegment {
  @Field(() => Int, { simple: true, description: "The segment's index in the script." })
  readonly index!: number;

  @Field(() => String, { simple: true, description: "The reason, for people to read." })
  readonly reason!: string;
}

@ObjectType({
  description:
    "The work, time and cost of a render of the current script. Segments that already have a sound cost nothing.",
})
export class RenderEstimate {
  @Field(() => Int, {
    simple: true,
    description:
      "The number of segments to speak. Equal segments count once. Segments with a voice in unavailableVoices count too.",
  })
  readonly segmentsToRender!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "The estimated time to speak the segmentsToRender on one processor core, in seconds. The time for joining is not included.",
  })
  readonly seconds!: number;

  @Field(() => RenderCost, {
    simple: true,
    nullable: true,
    description: "The approximate price that a speech provider charges; null if speech is free.",
  })
  readonly cost!: RenderCost | null;

  @Field(() => [Voice], {
    simple: true,
    description:
      "Voices in the script that are gone or do not speak the story's language. renderNarration fails with CONFLICT until other voices are chosen.",
  })
  readonly unavailableVoices!: readonly Voice[];

  @Field(() => [SilentSegment], {
    simple: true,
    description:
      "Segments that a render would leave silent, in order, because their voice cannot say any of their text. If most of the script cannot be spoken, renderNarration fails with CONFLICT. Otherwise a render speaks all other segments.",
  })
  readonly silentSegments!: readonly SilentSegment[];
}

@InputType({ description: "A narration to render in its current state." })
export class RenderNarrationInput extends RepeatableInput implements NarrationAtInput {
  @Field(() => ID, { description: "The id of one of your narrations." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;
}

@InputType({ description: "A narration. Its render is cancelled." })
export class CancelNarrationInput {
  @Field(() => ID, { description: "The id of one of your narrations." })
  readonly id!: string;
}

@InputType({ description: "A short text to hear in a voice." })
export class PreviewVoiceInput {
  @Field(() => ID, { description: "The voice: the id of a Voice." })
  readonly voice!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The text to speak, at most 300 characters. If absent or null, the voice speaks a sample sentence.",
  })
  readonly text?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The key of an emotion in voiceModulationTemplates, for example joy. Case does not matter. If absent or null, the emotion is neutral.",
  })
  readonly emotion?: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "The intensity of the emotion, from 0 (none) to 1 (full). If absent or null, the intensity is 1.",
  })
  readonly intensity?: number | null;

  @Field(() => ProsodyInput, {
    nullable: true,
    description: "Changes to the delivery. If absent or null, the delivery does not change.",
  })
  readonly modification?: ProsodyInput | null;
}

@ObjectType({ description: "A short sound with the loudness of a narration's segment." })
export class VoicePreview {
  @Field(() => String, {
    simple: true,
    description: "The signed URL of the sound as a WAV file. The URL works until expiresAt.",
  })
  readonly url!: string;

  @Field(() => DateTime, { simple: true, description: "When the URL stops working." })
  readonly expiresAt!: Date;

  @Field(() => Int, { simple: true, description: "The length of the sound in milliseconds." })
  readonly durationMs!: number;

  @Field(() => [Degradation], {
    simple: true,
    description:
      "The requested features that the voice could not perform; empty if no feature is missing.",
  })
  readonly degraded!: readonly Degradation[];
}
