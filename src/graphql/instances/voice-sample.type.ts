import { Field, Int, ObjectType } from "type-graphql";
import { ConsentState, VoiceSampleEntity } from "../../instances/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { DateTime } from "../scalars.js";

const SampleStateType = graphqlEnum("SampleState", "Whether a voice sample may be used.", {
  AWAITING_CONSENT: [
    ConsentState.AwaitingConsent,
    "The owner has not consented to the use of the voice sample.",
  ],
  USABLE: [ConsentState.Usable, "The owner's consent is valid: the voice sample may be used."],
  SUSPENDED: [ConsentState.Suspended, "The owner revoked the consent, or the consent expired."],
});

@ObjectType({
  implements: Node,
  description: "A recording of the viewer's voice, made for one template.",
})
export class UserVoiceSample extends Node {
  @Field(() => SampleStateType, {
    simple: true,
    description: "Whether the voice sample may be used.",
  })
  readonly state!: ConsentState;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The words in the recording; null if the words are unknown.",
  })
  readonly transcript!: string | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "The length of the recording in milliseconds; null until the length is measured.",
  })
  readonly durationMs!: number | null;

  @Field(() => Boolean, {
    simple: true,
    description: "True if this voice sample is the preferred sample of its template.",
  })
  readonly isPreferred!: boolean;

  @Field(() => Boolean, {
    simple: true,
    description: "True if this voice sample must not be replaced.",
  })
  readonly isLocked!: boolean;

  @Field(() => DateTime, { simple: true, description: "When the voice sample was recorded." })
  readonly recordedAt!: Date;
}
isResolvedFrom("UserVoiceSample", VoiceSampleEntity);

export const { Connection: UserVoiceSampleConnection } = connectionTypes(
  UserVoiceSample,
  "UserVoiceSample",
);
