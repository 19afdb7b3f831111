import { Field, InputType, Int, ObjectType } from "type-graphql";
import { UnplacedReason } from "../../../../instances/index.js";
import { graphqlEnum } from "../../../enum.js";
import { Emotion } from "../../../reference/analysis/analysis.type.js";
import { NarrationAtInput } from "../narration.input.js";
import { Prosody } from "../voice-modifications.type.js";

const UnplacedReasonType = graphqlEnum("UnplacedReason", "Why an edit has no place.", {
  TEXT_CHANGED: [
    UnplacedReason.TextChanged,
    "The story's text of the line changed, or the line is gone.",
  ],
  NEIGHBOURS_GONE: [
    UnplacedReason.NeighboursGone,
    "The owner inserted the line, and the lines before and after it changed or are gone.",
  ],
  CHARACTER_GONE: [
    UnplacedReason.CharacterGone,
    "The new text has no such character, or two characters are one now. With a text: the line itself has its place, with the speaker of the story.",
  ],
});

const orNull = (what: string, when: string) => ({
  simple: true,
  nullable: true,
  description: `${what}; null ${when}.`,
});
const IF_UNCHANGED = "if the owner did not change it";
const IF_CHARACTER = "for a change of a whole character";

@ObjectType({
  description:
    "An edit of an earlier script that the script of the story's new text has no place for.",
})
export class UnplacedEdit {
  @Field(() => UnplacedReasonType, { simple: true, description: "Why the edit has no place." })
  readonly reason!: UnplacedReason;

  @Field(
    () => Int,
    orNull(
      "The `index` that the segment had in the earlier script",
      `for a deleted segment, and ${IF_CHARACTER}`,
    ),
  )
  readonly index!: number | null;

  @Field(
    () => String,
    orNull("The text as the owner had it", `for a deleted segment, and ${IF_CHARACTER}`),
  )
  readonly text!: string | null;

  @Field(
    () => String,
    orNull("The text as the story had it", `for an inserted segment, and ${IF_CHARACTER}`),
  )
  readonly storyText!: string | null;

  @Field(
    () => String,
    orNull(
      "The name of the character whom the owner made the speaker, or whose voice or delivery the owner changed",
      "if the edit is of no character",
    ),
  )
  readonly characterName!: string | null;

  @Field(() => Emotion, orNull("The owner's emotion", IF_UNCHANGED))
  readonly emotion!: Emotion | null;

  @Field(() => Prosody, orNull("The owner's changes to the delivery", IF_UNCHANGED))
  readonly prosody!: object | null;

  @Field(() => Int, orNull("The owner's pause after the segment, in milliseconds", IF_UNCHANGED))
  readonly pauseAfterMs!: number | null;
}

@InputType({ description: "A narration that takes up the text that its story has now." })
export class RebaseNarrationInput extends NarrationAtInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      "True if nothing is changed: the result says what the change would do. Absent or null means false.",
  })
  readonly dryRun?: boolean | null;
}

@InputType({ description: "A narration whose unplaced edits are not needed any more." })
export class DismissUnplacedEditsInput extends NarrationAtInput {}
