import { Field, InputType, ObjectType } from "type-graphql";
import { VoiceAge, VoiceGender } from "../../providers/speech/speech.port.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";

export const VoiceKindName = {
  Catalogue: "catalogue",
  Adapted: "adapted",
  Cloned: "cloned",
} as const;
export type VoiceKindName = (typeof VoiceKindName)[keyof typeof VoiceKindName];

export const VoiceKind = graphqlEnum("VoiceKind", "Where a voice comes from.", {
  CATALOGUE: [VoiceKindName.Catalogue, "One of a speech provider's own voices, for everyone."],
  ADAPTED: [VoiceKindName.Adapted, "A provider's voice, bent towards recordings of its owner."],
  CLONED: [VoiceKindName.Cloned, "A voice made from recordings of its owner."],
});

const VoiceGenderType = graphqlEnum("VoiceGender", "How a voice is heard.", {
  FEMALE: [VoiceGender.Female, "Heard as a woman's or a girl's."],
  MALE: [VoiceGender.Male, "Heard as a man's or a boy's."],
  NEUTRAL: [VoiceGender.Neutral, "Heard as neither."],
});

const VoiceAgeGroup = graphqlEnum("VoiceAgeGroup", "How old a voice sounds.", {
  CHILD: [VoiceAge.Child, "A child."],
  YOUNG: [VoiceAge.Young, "A young adult."],
  ADULT: [VoiceAge.Adult, "An adult."],
  ELDER: [VoiceAge.Elder, "An old person."],
});

@ObjectType({
  implements: Node,
  description: "Something that speaks: a narrator's or a character's voice.",
})
export class Voice extends Node {
  @Field(() => String, {
    simple: true,
    description: "What people call it; kept when the voice is gone.",
  })
  readonly displayName!: string;

  @Field(() => String, { simple: true, description: "The speech provider it belongs to." })
  readonly provider!: string;

  @Field(() => VoiceKind, { simple: true, description: "Where it comes from." })
  readonly kind!: VoiceKindName;

  @Field(() => VoiceGenderType, {
    simple: true,
    nullable: true,
    description: "How it is heard; null where the voice is gone.",
  })
  readonly gender!: VoiceGender | null;

  @Field(() => VoiceAgeGroup, {
    simple: true,
    nullable: true,
    description: "How old it sounds; null where the voice is gone.",
  })
  readonly ageGroup!: VoiceAge | null;

  @Field(() => [String], {
    simple: true,
    description: "The BCP 47 language tags it speaks; empty where the voice is gone.",
  })
  readonly languages!: readonly string[];

  @Field(() => Boolean, {
    simple: true,
    description: "Whether it can be chosen now; a narration keeps one that is gone.",
  })
  readonly isAvailable!: boolean;

  /** `provider:voice`, as narrations keep it. */
  readonly voiceId!: string;
}
isResolvedFrom("Voice", Voice);

@InputType({ description: "Narrows the voices; an absent or empty member narrows nothing." })
export class VoiceFilter {
  @Field(() => [VoiceGenderType], { nullable: true, description: "Heard as one of these." })
  readonly gender?: VoiceGender[] | null;

  @Field(() => [VoiceAgeGroup], { nullable: true, description: "Sounding one of these ages." })
  readonly ageGroup?: VoiceAge[] | null;

  @Field(() => String, {
    nullable: true,
    description: "Speaking this language; of a tag such as en-GB the first part counts.",
  })
  readonly language?: string | null;

  @Field(() => String, { nullable: true, description: "Of this speech provider." })
  readonly provider?: string | null;

  @Field(() => [VoiceKind], { nullable: true, description: "Of one of these kinds." })
  readonly kind?: VoiceKindName[] | null;
}

export const { Connection: VoiceConnection } = connectionTypes(Voice, "Voice");
