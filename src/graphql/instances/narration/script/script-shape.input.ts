import { Field, Float, ID, InputType, Int } from "type-graphql";
import { SegmentKindType } from "../../../reference/analysis/analysis.type.js";
import { NarrationAtInput } from "../narration.input.js";
import { ProsodyInput } from "../voice-modifications.type.js";

@InputType({ description: "A segment to insert. null has the same meaning as an absent field." })
export class NewNarrationSegmentInput {
  @Field(() => String, { description: "The text to speak, 1 to 2000 characters." })
  readonly text!: string;

  @Field(() => SegmentKindType, {
    nullable: true,
    description:
      "Whether the narrator or a character speaks the segment. If absent: DIALOGUE with a speakerId, else NARRATION.",
  })
  readonly kind?: "narration" | "dialogue" | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The character who speaks the segment: the id of a StoryCharacter. If absent, the narrator speaks the segment.",
  })
  readonly speakerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The emotion that the voice expresses, for example joy. If absent: neutral.",
  })
  readonly emotion?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: "The intensity of the emotion, from 0 (none) to 1 (full). If absent: 0.",
  })
  readonly intensity?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "A voice for this segment alone: the id of a Voice. If absent, the speaker's voice speaks the segment.",
  })
  readonly voice?: string | null;

  @Field(() => ProsodyInput, {
    nullable: true,
    description: "Changes to the delivery of this segment.",
  })
  readonly prosody?: ProsodyInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "The pause after the segment, in milliseconds, at most 30000. If absent, the text decides the pause.",
  })
  readonly pauseAfterMs?: number | null;
}

@InputType({ description: "Segments to insert into a script." })
export class InsertNarrationSegmentsInput extends NarrationAtInput {
  @Field(() => Int, {
    nullable: true,
    description:
      "The `index` of the segment behind which the new segments come. -1, null or absent: the start of the script.",
  })
  readonly afterIndex?: number | null;

  @Field(() => [NewNarrationSegmentInput], {
    description: "The new segments, 1 to 500, in order.",
  })
  readonly segments!: NewNarrationSegmentInput[];
}

@InputType({ description: "A segment to split in two." })
export class SplitNarrationSegmentInput extends NarrationAtInput {
  @Field(() => Int, { description: "The `index` of the segment." })
  readonly index!: number;

  @Field(() => Int, {
    description:
      "Where the second part begins in the segment's text, in UTF-16 units. Spaces around the place are removed. Each part needs a letter or a digit.",
  })
  readonly at!: number;
}

@InputType({ description: "A segment to join with the next one." })
export class JoinNarrationSegmentsInput extends NarrationAtInput {
  @Field(() => Int, { description: "The `index` of the first of the two segments." })
  readonly index!: number;
}

@InputType({ description: "Segments to delete from a script." })
export class DeleteNarrationSegmentsInput extends NarrationAtInput {
  @Field(() => [Int], {
    description: "The `index` of each segment to delete, 1 to 500. At least one segment must stay.",
  })
  readonly indexes!: number[];
}
