import { Field, Float, Int, ObjectType } from "type-graphql";
import {
  EmotionVoiceEntity,
  type EmotionVoiceKind,
  TrainingStatus,
} from "../../../instances/index.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { VoiceKind } from "../../reference/voice.type.js";
import { DateTime } from "../../scalars.js";

export const TrainingStatusType = graphqlEnum(
  "TrainingStatus",
  "The state of an emotion voice's training.",
  {
    COLLECTING: [TrainingStatus.Collecting, "The owner must record more voice samples."],
    TRAINING: [TrainingStatus.Training, "The voice is being trained."],
    READY: [TrainingStatus.Ready, "The voice can speak."],
    FAILED: [TrainingStatus.Failed, "The training failed. `failure` contains the reason."],
  },
);

@ObjectType({
  implements: Node,
  description: "The viewer's own voice for one template, trained from voice samples.",
})
export class UserEmotionVoice extends Node {
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

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When the voice was trained; null until the training ends.",
  })
  readonly trainedAt!: Date | null;
}
isResolvedFrom("UserEmotionVoice", EmotionVoiceEntity);
