import { Field, Float, ID, InputType, Int } from "type-graphql";
import { NarrationVisibility } from "../../instances/index.js";
import { graphqlEnum } from "../enum.js";
import { ProsodyInput, VoiceModificationsInput } from "./voice-modifications.type.js";

const PublishedVisibility = graphqlEnum("PublishedVisibility", "Who shall find a narration.", {
  PUBLIC: [NarrationVisibility.Public, "Everyone, on the story's page."],
  UNLISTED: [NarrationVisibility.Unlisted, "Whoever has its link."],
});

/** A request that may be sent again without its being done twice. */
@InputType()
export class RepeatableInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Names this request, 1 to 200 characters. Sent again with the same key within a day, it is not done again and answers with what it made; another request under the key is a CONFLICT.",
  })
  readonly idempotencyKey?: string | null;
}

@InputType({ description: "A new narration of a public story." })
export class CreateNarrationInput extends RepeatableInput {
  @Field(() => ID, { description: "The story to tell." })
  readonly storyId!: string;

  @Field(() => String, {
    nullable: true,
    description: "A title, at most 200 characters; the story's where it is absent.",
  })
  readonly title?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The narrator's voice: the id of a Voice; the first of `voices` where it is absent.",
  })
  readonly narratorVoice?: string | null;

  @Field(() => VoiceModificationsInput, {
    nullable: true,
    description: "Changes to how it is spoken.",
  })
  readonly voiceModifications?: VoiceModificationsInput | null;
}

@InputType({ description: "A voice for one character." })
export class CastChoiceInput {
  @Field(() => ID, { description: "A character of the cast: the id of a StoryCharacter." })
  readonly characterId!: string;

  @Field(() => ID, { description: "The id of a Voice." })
  readonly voice!: string;
}

/** Which narration, and the version its owner read. */
@InputType()
export class NarrationAtInput {
  @Field(() => ID, { description: "One of your narrations." })
  readonly id!: string;

  @Field(() => Int, { description: "The version you read; a stale one is a CONFLICT." })
  readonly version!: number;
}

@InputType({ description: "Changes to a narration. What is absent stays as it is." })
export class UpdateNarrationInput extends NarrationAtInput {
  @Field(() => String, {
    nullable: true,
    description: "Its title, at most 200 characters; null for the story's.",
  })
  readonly title?: string | null;

  @Field(() => ID, { nullable: true, description: "The narrator's voice: the id of a Voice." })
  readonly narratorVoice?: string | null;

  @Field(() => [CastChoiceInput], {
    nullable: true,
    description: "Voices for characters; the others keep theirs.",
  })
  readonly cast?: CastChoiceInput[] | null;

  @Field(() => VoiceModificationsInput, {
    nullable: true,
    description: "Replaces all changes to how it is spoken.",
  })
  readonly voiceModifications?: VoiceModificationsInput | null;
}

@InputType({ description: "Changes to one segment of a script. What is absent stays as it is." })
export class SegmentEditInput {
  @Field(() => Int, { description: "The segment's index." })
  readonly index!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: "Puts back what the analysis says; send it alone.",
  })
  readonly reset?: boolean | null;

  @Field(() => String, { nullable: true, description: "What is spoken, at most 2000 characters." })
  readonly text?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Who says it: the id of a StoryCharacter; null for the narrator.",
  })
  readonly speakerId?: string | null;

  @Field(() => String, { nullable: true, description: "What the voice shall feel, such as joy." })
  readonly emotion?: string | null;

  @Field(() => Float, { nullable: true, description: "How strongly, from 0 to 1." })
  readonly intensity?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "A voice for this segment alone: the id of a Voice; null for its speaker's.",
  })
  readonly voice?: string | null;

  @Field(() => ProsodyInput, {
    nullable: true,
    description: "Changes to how it is spoken; null for none.",
  })
  readonly prosody?: ProsodyInput | null;

  @Field(() => Int, {
    nullable: true,
    description: "The pause after it, at most 30000; null for the text's own.",
  })
  readonly pauseAfterMs?: number | null;
}

@InputType({ description: "Changes to segments of a script: all are made, or none." })
export class UpdateNarrationSegmentsInput extends NarrationAtInput {
  @Field(() => [SegmentEditInput], { description: "At most 500, one for each segment." })
  readonly edits!: SegmentEditInput[];
}

@InputType({ description: "A narration to publish." })
export class PublishNarrationInput extends NarrationAtInput {
  @Field(() => PublishedVisibility, { description: "Who shall find it." })
  readonly visibility!: Exclude<NarrationVisibility, "private">;
}

@InputType({ description: "A narration to take back." })
export class UnpublishNarrationInput extends NarrationAtInput {}

@InputType({ description: "A narration to delete." })
export class DeleteNarrationInput extends NarrationAtInput {}
