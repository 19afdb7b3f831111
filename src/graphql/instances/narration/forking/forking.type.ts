import { Field, ID, InputType, ObjectType } from "type-graphql";
import { VoicePlace } from "../../../../instances/index.js";
import { graphqlEnum } from "../../../enum.js";
import { RepeatableInput } from "../narration.input.js";

const ReplacedVoicePlace = graphqlEnum(
  "ReplacedVoicePlace",
  "Where a narration used a voice that its copy cannot have.",
  {
    NARRATOR: [VoicePlace.Narrator, "The voice was the narrator's."],
    CHARACTER: [VoicePlace.Character, "The voice spoke a character."],
    SEGMENTS: [VoicePlace.Segments, "The voice spoke single segments of the script."],
  },
);

@ObjectType({
  description:
    "A voice that a copy of a narration does not have: a personal voice, or a voice that is no longer offered.",
})
export class ReplacedVoice {
  @Field(() => ReplacedVoicePlace, {
    simple: true,
    description: "Where the narration used the voice.",
  })
  readonly place!: VoicePlace;

  @Field(() => String, { simple: true, description: "The voice's name, as the narration had it." })
  readonly voiceName!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The character that the voice spoke; null if the place is not CHARACTER.",
  })
  readonly characterName!: string | null;
}

/** Where a narration comes from. The source is a credit of a NarrationLineage. */
@ObjectType({
  description:
    "The narration that another narration was copied from, as it was then. The credit stays when that narration is gone.",
})
export class NarrationLineage {
  @Field(() => String, {
    simple: true,
    description: "The title that the narration had when it was copied.",
  })
  readonly title!: string;
}

@InputType({ description: "A copy of a narration." })
export class ForkNarrationInput extends RepeatableInput {
  @Field(() => ID, {
    description:
      "The narration to copy: a public narration, one of your own, or one that you opened by its link.",
  })
  readonly id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The copy's title, at most 200 characters. If absent or null, the copy has the title of the narration.",
  })
  readonly title?: string | null;
}
