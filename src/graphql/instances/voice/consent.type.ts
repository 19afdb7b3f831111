import { Field, ObjectType } from "type-graphql";
import { AfterRevoking, ConsentState, VoiceSubject } from "../../../instances/index.js";
import { graphqlEnum } from "../../enum.js";
import { DateTime } from "../../scalars.js";

export const VoiceSubjectType = graphqlEnum("VoiceSubject", "Whose voice is recorded.", {
  SELF: [VoiceSubject.Self, "The voice of the person who agrees. No other voice is accepted."],
  MINOR: [VoiceSubject.Minor, "The voice of a child. Refused."],
  OTHER_ADULT: [VoiceSubject.OtherAdult, "The voice of another adult. Refused."],
});

export const AfterRevokingType = graphqlEnum(
  "AfterRevoking",
  "What happens to the voice samples and emotion voices when their owner revokes the consent.",
  {
    KEEP: [
      AfterRevoking.Keep,
      "They are kept and suspended. A new consent makes them usable again.",
    ],
    DELETE: [AfterRevoking.Delete, "They are deleted, with their sound. This cannot be undone."],
  },
);

export const ConsentStateType = graphqlEnum(
  "ConsentState",
  "Whether a voice sample or an emotion voice may be used.",
  {
    AWAITING_CONSENT: [
      ConsentState.AwaitingConsent,
      "The owner has not consented to the use. The recording or the voice comes from the earlier platform. adoptVoiceSample or adoptEmotionVoice makes it usable.",
    ],
    USABLE: [ConsentState.Usable, "The owner's consent is valid: it may be used."],
    SUSPENDED: [
      ConsentState.Suspended,
      "The owner revoked the consent, or the consent expired: the voice neither speaks nor is trained. A new consent makes it usable again.",
    ],
  },
);

@ObjectType({
  description: "The text that a person agrees to before recording. A version's text never changes.",
})
export class ConsentStatement {
  @Field(() => String, {
    simple: true,
    description: "The version. Send the version to grantVoiceConsent.",
  })
  readonly version!: string;

  @Field(() => String, {
    simple: true,
    description: "The text, in paragraphs separated by empty lines. Show the whole text.",
  })
  readonly text!: string;

  @Field(() => String, {
    simple: true,
    description: "The language of the text, as a BCP 47 tag.",
  })
  readonly language!: string;

  @Field(() => String, {
    simple: true,
    description: "The SHA-256 of the text in UTF-8, in lower-case hex.",
  })
  readonly hash!: string;
}

@ObjectType({ description: "The viewer's consent to the use of the viewer's voice." })
export class VoiceConsent {
  @Field(() => String, {
    simple: true,
    description: "The version of the statement that the viewer agreed to.",
  })
  readonly statementVersion!: string;

  @Field(() => DateTime, { simple: true, description: "When the viewer agreed." })
  readonly grantedAt!: Date;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When the consent expires; null if the consent does not expire.",
  })
  readonly expiresAt!: Date | null;
}
