import { Field, ID, InputType, Int } from "type-graphql";
import { AGE_RATINGS, LICENSES, MAX_TEXT_LENGTH } from "../../reference/index.js";

type AgeRating = (typeof AGE_RATINGS)[number];
type License = (typeof LICENSES)[number];

/** What an author says about a story beside title and text. */
@InputType()
export class StoryDetailsInput {
  @Field(() => String, { nullable: true, description: "A summary of at most 2000 characters." })
  readonly summary?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What sort of writing it is, such as fiction.",
  })
  readonly category?: string | null;

  @Field(() => String, { nullable: true, description: "Its genre." })
  readonly genre?: string | null;

  @Field(() => [String], { nullable: true, description: "At most 20 tags; kept in lower case." })
  readonly tags?: string[] | null;

  @Field(() => String, { nullable: true, description: "Its mood, in the author's eyes." })
  readonly mood?: string | null;

  @Field(() => String, { nullable: true, description: `One of ${AGE_RATINGS.join(", ")}.` })
  readonly ageRating?: AgeRating | null;

  @Field(() => String, { nullable: true, description: "A BCP 47 tag, such as en or pt-BR." })
  readonly language?: string | null;

  @Field(() => String, { nullable: true, description: "An https URL of a cover picture." })
  readonly coverImageUrl?: string | null;

  @Field(() => String, { nullable: true, description: `One of ${LICENSES.join(", ")}.` })
  readonly license?: License | null;
}

@InputType({ description: "A new story. It begins as a draft." })
export class CreateStoryInput extends StoryDetailsInput {
  @Field(() => String, { description: "Its title, at most 200 characters." })
  readonly title!: string;

  @Field(() => String, { description: `Its text, at most ${MAX_TEXT_LENGTH} characters.` })
  readonly content!: string;
}

@InputType({ description: "A plain-text file to make a story of. It begins as a draft." })
export class ImportStoryInput extends StoryDetailsInput {
  @Field(() => String, { description: "The file's name; the title where the text has none." })
  readonly fileName!: string;

  @Field(() => String, {
    description: "The file's bytes in base64: UTF-8, or UTF-16 with a byte-order mark.",
  })
  readonly dataBase64!: string;

  @Field(() => String, { nullable: true, description: "The title, in place of the file's own." })
  readonly title?: string | null;
}

@InputType({
  description:
    "Changes to a story. What is absent stays; null clears summary, genre, mood and coverImageUrl, and leaves the rest.",
})
export class UpdateStoryInput extends StoryDetailsInput {
  @Field(() => ID, { description: "The story." })
  readonly id!: string;

  @Field(() => Int, { description: "The version you read; a stale one is a CONFLICT." })
  readonly version!: number;

  @Field(() => String, { nullable: true, description: "Its title, at most 200 characters." })
  readonly title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Its text, at most ${MAX_TEXT_LENGTH} characters. A public story's is analysed at once.`,
  })
  readonly content?: string | null;
}

@InputType({ description: "A story to publish." })
export class PublishStoryInput {
  @Field(() => ID, { description: "The story." })
  readonly id!: string;

  @Field(() => Int, { description: "The version you read; a stale one is a CONFLICT." })
  readonly version!: number;
}

@InputType({ description: "A story to take off the shelf." })
export class ArchiveStoryInput {
  @Field(() => ID, { description: "The story." })
  readonly id!: string;

  @Field(() => Int, { description: "The version you read; a stale one is a CONFLICT." })
  readonly version!: number;
}
