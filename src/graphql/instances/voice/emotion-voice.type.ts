import { GraphQLJSONObject } from "graphql-scalars";
import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import {
  type ConsentState,
  EmotionVoiceEntity,
  type EmotionVoiceKind,
  TrainingStatus,
} from "../../../instances/index.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { VoiceKind } from "../../reference/voice/voice.type.js";
import { DateTime } from "../../scalars.js";
import { ConsentStateType } from "./consent.type.js";

const TrainingStatusType = graphqlEnum(
  "TrainingStatus",
  "The state of an emotion voice's training.",
  {
    COLLECTING: [TrainingStatus.Collecting, "The owner must record more voice samples."],
    TRAINING: [
      TrainingStatus.Training,
      "The voice is being trained. If the consent has ended, the training waits for a new one.",
    ],
    READY: [TrainingStatus.Ready, "The voice is trained. A usable one can speak."],
    FAILED: [TrainingStatus.Failed, "The training failed. `trainingFailure` contains the reason."],
  },
);

@ObjectType({
  implements: Node,
  description: "The viewer's own voice for one template, trained from voice samples.",
})
export class UserEmotionVoice extends Node {
  @Field(() => ConsentStateType, {
    simple: true,
    description: "Whether the emotion voice may be used. Only a usable one speaks or is trained.",
  })
  readonly state!: ConsentState;

  @Field(() => TrainingStatusType, {
    simple: true,
    description: "The state of the voice's training.",
  })
  readonly trainingStatus!: TrainingStatus;

  @Field(() => VoiceKind, {
    simple: true,
    description: "The origin of the voice: ADAPTED or CLONED.",
  })
  readonly kind!: EmotionVoiceKind;

  @Field(() => String, { simple: true, description: "The speech provider that trained the voice." })
  readonly provider!: string;

  @Field(() => Int, {
    simple: true,
    description: "The number of voice samples that the training used.",
  })
  readonly sampleCount!: number;

  @Field(() => Float, {
    simple: true,
    nullable: true,
    description: "The quality of the voice, from 0 to 1; null until the quality is measured.",
  })
  readonly qualityScore!: number | null;

  @Field(() => GraphQLJSONObject, {
    simple: true,
    nullable: true,
    description:
      "What the training measured. The names contain the units. null until the training ends, and if nothing was measured.",
  })
  readonly metrics!: object | null;

  @Field(() => Int, {
    simple: true,
    description:
      "Counts the trainings for this voice and template. After a new training, all segments in the voice are stale.",
  })
  readonly revision!: number;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When the voice was trained; null until the training ends.",
  })
  readonly trainedAt!: Date | null;
}
isResolvedFrom("UserEmotionVoice", EmotionVoiceEntity);

@InputType({ description: "The voice and the templates to train." })
export class TrainEmotionVoiceInput {
  @Field(() => ID, {
    nullable: true,
    description:
      "The id of one of the viewer's own voices. Absent: the viewer's oldest voice of the provider. If there is none, a new voice is made.",
  })
  readonly voiceId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The speech provider that makes the voice. Absent: the provider of voiceId, or the server's own one.",
  })
  readonly provider?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The new name of the voice, at most 60 characters. Absent: the voice keeps its name. A new voice is called “My voice”.",
  })
  readonly displayName?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      "The templates to train. They must be trainable and have enough speech. Absent or empty: all templates with accepted voice samples that have enough speech. The others say what is missing.",
  })
  readonly templateIds?: string[] | null;
}

@InputType({ description: "The emotion voice to adopt." })
export class AdoptEmotionVoiceInput {
  @Field(() => ID, { description: "The id of one of the viewer's emotion voices." })
  readonly id!: string;
}

@InputType({ description: "The emotion voice to delete." })
export class DeleteEmotionVoiceInput {
  @Field(() => ID, { description: "The id of one of the viewer's emotion voices." })
  readonly id!: string;
}
