import { Field, Float, Int, ObjectType } from "type-graphql";
import {
  EmotionVoiceEntity,
  type EmotionVoiceKind,
  TrainingStatus,
} from "../../instances/index.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { VoiceKind } from "../reference/voice.type.js";
import { DateTime } from "../scalars.js";

export const TrainingStatusType = graphqlEnum(
  "TrainingStatus",
  "Where the training of a voice stands.",
  {
    COLLECTING: [TrainingStatus.Collecting, "Recordings are missing."],
    TRAINING: [TrainingStatus.Training, "It is being trained."],
    READY: [TrainingStatus.Ready, "It can speak."],
    FAILED: [TrainingStatus.Failed, "Training failed."],
  },
);

@ObjectType({
  implements: Node,
  description: "The viewer's own voice for one template, trained from their recordings.",
})
export class UserEmotionVoice extends Node {
  @Field(() => VoiceKind, { simple: true, description: "How it was made: ADAPTED or CLONED." })
  readonly kind!: EmotionVoiceKind;

  @Field(() => String, { simple: true, description: "The speech provider that trained it." })
  readonly provider!: string;

  @Field(() => Int, { simple: true, description: "How many recordings it was made from." })
  readonly sampleCount!: number;

  @Field(() => Float, {
    simple: true,
    nullable: true,
    description: "How good it came out, from 0 to 1; null until it was measured.",
  })
  readonly qualityScore!: number | null;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When it was trained; null until it was.",
  })
  readonly trainedAt!: Date | null;
}
isResolvedFrom("UserEmotionVoice", EmotionVoiceEntity);
