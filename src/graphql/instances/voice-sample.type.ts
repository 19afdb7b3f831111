import { Field, Int, ObjectType } from "type-graphql";
import { SampleState, VoiceSampleEntity } from "../../instances/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { DateTime } from "../scalars.js";

const SampleStateType = graphqlEnum("SampleState", "Whether a recording may be used.", {
  AWAITING_CONSENT: [SampleState.AwaitingConsent, "Its owner has not consented to its use."],
  USABLE: [SampleState.Usable, "There is a live consent."],
  SUSPENDED: [SampleState.Suspended, "The consent was revoked or has expired."],
});

@ObjectType({
  implements: Node,
  description: "A recording of the viewer's voice, made for one template.",
})
export class UserVoiceSample extends Node {
  @Field(() => SampleStateType, { simple: true, description: "Whether it may be used." })
  readonly state!: SampleState;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "What is said in it; null where nobody knows.",
  })
  readonly transcript!: string | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "How long it is; null until it was heard.",
  })
  readonly durationMs!: number | null;

  @Field(() => Boolean, {
    simple: true,
    description: "Whether it is the one to use for its template.",
  })
  readonly isPreferred!: boolean;

  @Field(() => Boolean, { simple: true, description: "Whether it is kept from being replaced." })
  readonly isLocked!: boolean;

  @Field(() => DateTime, { simple: true, description: "When it was recorded." })
  readonly recordedAt!: Date;
}
isResolvedFrom("UserVoiceSample", VoiceSampleEntity);

export const { Connection: UserVoiceSampleConnection } = connectionTypes(
  UserVoiceSample,
  "UserVoiceSample",
);
