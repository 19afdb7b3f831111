import { Field, InputType, ObjectType } from "type-graphql";
import { VoiceAge, VoiceGender } from "../../../providers/speech/speech.port.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";

export const VoiceKindName = {
  Catalogue: "catalogue",
  Adapted: "adapted",
  Cloned: "cloned",
} as const;
export type VoiceKindName = (typeof VoiceKindName)[keyof typeof VoiceKindName];

export const VoiceKind = graphqlEnum("VoiceKind", "The origin of a voice.", {
  CATALOGUE: [VoiceKindName.Catalogue, "A speech provider's own voice, which everyone can use."],
  ADAPTED: [
    VoiceKindName.Adapted,
    "A speech provider's voice, adapted to recordings of its owner.",
  ],
  CLONED: [VoiceKindName.Cloned, "A voice made from recordings of its owner."],
});

const VoiceGenderType = graphqlEnum("VoiceGender", "The gender that a voice sounds like.", {
  FEMALE: [VoiceGender.Female, "The voice sounds like a woman or a girl."],
  MALE: [VoiceGender.Male, "The voice sounds like a man or a boy."],
  NEUTRAL: [VoiceGender.Neutral, "The voice sounds neither female nor male."],
});

const VoiceAgeGroup = graphqlEnum("VoiceAgeGroup", "The age that a voice sounds like.", {
  CHILD: [VoiceAge.Child, "The voice sounds like a child."],
  YOUNG: [VoiceAge.Young, "The voice sounds like a young adult."],
  ADULT: [VoiceAge.Adult, "The voice sounds like an adult."],
  ELDER: [VoiceAge.Elder, "The voice sounds like an old person."],
});

@ObjectType({
  implements: Node,
  description: "A voice that speaks for the narrator or for a character.",
})
export class Voice extends Node {
  @Field(() => String, {
    simple: true,
    description: "The voice's name. A narration keeps the name after the voice is removed.",
  })
  readonly displayName!: string;

  @Field(() => String, { simple: true, description: "The speech provider of the voice." })
  readonly provider!: string;

  @Field(() => VoiceKind, { simple: true, description: "The origin of the voice." })
  readonly kind!: VoiceKindName;

  @Field(() => VoiceGenderType, {
    simple: true,
    nullable: true,
    description: "The gender that the voice sounds like; null if the voice is not available.",
  })
  readonly gender!: VoiceGender | null;

  @Field(() => VoiceAgeGroup, {
    simple: true,
    nullable: true,
    description: "The age that the voice sounds like; null if the voice is not available.",
  })
  readonly ageGroup!: VoiceAge | null;

  @Field(() => [String], {
    simple: true,
    description:
      "The languages that the voice speaks, as BCP 47 tags; empty if the voice is not available.",
  })
  readonly languages!: readonly string[];

  @Field(() => Boolean, {
    simple: true,
    description: "True if the voice can be chosen now. A narration keeps a voice that was removed.",
  })
  readonly isAvailable!: boolean;

  /** `provider:voice`, the form in which narrations store the voice. */
  readonly voiceId!: string;
}
isResolvedFrom("Voice", Voice);

@InputType({ description: "Selects voices. An absent or empty field selects all voices." })
export class VoiceFilter {
  @Field(() => [VoiceGenderType], {
    nullable: true,
    description: "Only voices that sound like one of these genders.",
  })
  readonly gender?: VoiceGender[] | null;

  @Field(() => [VoiceAgeGroup], {
    nullable: true,
    description: "Only voices that sound like one of these ages.",
  })
  readonly ageGroup?: VoiceAge[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Only voices that speak this language, a BCP 47 tag. Only the language of the tag counts, so en-GB finds every English voice.",
  })
  readonly language?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Only voices of this speech provider. Upper and lower case are the same.",
  })
  readonly provider?: string | null;

  @Field(() => [VoiceKind], { nullable: true, description: "Only voices of one of these kinds." })
  readonly kind?: VoiceKindName[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Words to find in the name and the provider of the voice. The rules are those of the search for stories.",
  })
  readonly search?: string | null;
}

export const { Connection: VoiceConnection } = connectionTypes(Voice, "Voice");
