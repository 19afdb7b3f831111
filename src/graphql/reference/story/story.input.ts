import { Field, ID, InputType, Int } from "type-graphql";
import { AnalyserKind, MAX_TEXT_LENGTH } from "../../../reference/index.js";
import { graphqlEnum } from "../../enum.js";
import { type AgeRating, AgeRatingType, type License, LicenseType } from "./closed-lists.type.js";

/** The details of a story, except its title and text. */
@InputType()
export class StoryDetailsInput {
  @Field(() => String, {
    nullable: true,
    description: "The story's summary, at most 2000 characters.",
  })
  readonly summary?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The kind of writing, for example fiction.",
  })
  readonly category?: string | null;

  @Field(() => String, { nullable: true, description: "The story's genre." })
  readonly genre?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "At most 20 tags. The server stores the tags in lower case.",
  })
  readonly tags?: string[] | null;

  @Field(() => String, { nullable: true, description: "The mood that the author gives the story." })
  readonly mood?: string | null;

  @Field(() => AgeRatingType, {
    nullable: true,
    description: "The people that the story is suitable for.",
  })
  readonly ageRating?: AgeRating | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The language of the text, as a BCP 47 tag, for example en or pt-BR. The server stores the canonical form: pt_br becomes pt-BR.",
  })
  readonly language?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The name of the person who wrote the story, as a credit.",
  })
  readonly authorName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The notice of the rights, for example © 1931 Ada Hale. At most 500 characters.",
  })
  readonly copyrightNotice?: string | null;

  @Field(() => String, { nullable: true, description: "The https URL of a cover picture." })
  readonly coverImageUrl?: string | null;

  @Field(() => LicenseType, {
    nullable: true,
    description: "What others may do with the story.",
  })
  readonly license?: License | null;
}

@InputType({ description: "A new story. The story begins as a draft." })
export class CreateStoryInput extends StoryDetailsInput {
  @Field(() => String, { description: "The story's title, at most 200 characters." })
  readonly title!: string;

  @Field(() => String, { description: `The story's text, at most ${MAX_TEXT_LENGTH} characters.` })
  readonly content!: string;
}

@InputType({
  description:
    "A file for a new story: plain text, Markdown, HTML, EPUB or DOCX. The story begins as a draft.",
})
export class ImportStoryInput extends StoryDetailsInput {
  @Field(() => String, {
    description:
      "The file's name. The name becomes the title if the file has no title. The format comes from the bytes, and from the name if the bytes are only text.",
  })
  readonly fileName!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The bytes of a small file as base64. Send exactly one of dataBase64 and uploadId.",
  })
  readonly dataBase64?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The id of an upload for STORY_FILE whose file has arrived. A successful import uses the upload; after a failure, the upload can be used again.",
  })
  readonly uploadId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The encoding of the file's text, for example windows-1252. The default is what the file declares, else UTF-8. A byte-order mark is stronger.",
  })
  readonly encoding?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The story's title. If given, this title replaces the title in the file.",
  })
  readonly title?: string | null;
}

@InputType({
  description:
    "Changes to a story. An absent field does not change. null clears summary, genre, mood, tags, authorName, copyrightNotice and coverImageUrl, and is refused for the other fields. If nothing changes, the version stays.",
})
export class UpdateStoryInput extends StoryDetailsInput {
  @Field(() => ID, { description: "The story's id." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;

  @Field(() => String, {
    nullable: true,
    description: "The story's title, at most 200 characters.",
  })
  readonly title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `The story's text, at most ${MAX_TEXT_LENGTH} characters. New text of a public story is analysed at once.`,
  })
  readonly content?: string | null;
}

@InputType({ description: "A story to publish." })
export class PublishStoryInput {
  @Field(() => ID, { description: "The story's id." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;
}

@InputType({ description: "A story to archive." })
export class ArchiveStoryInput {
  @Field(() => ID, { description: "The story's id." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;
}

@InputType({ description: "A story to delete." })
export class DeleteStoryInput {
  @Field(() => ID, { description: "The story's id." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True if your own narrations of the story may be deleted, too. Otherwise the mutation fails with CONFLICT if you have any.",
  })
  readonly deleteOwnNarrations?: boolean | null;
}

const AnalyzerKindType = graphqlEnum("AnalyzerKind", "A kind of analyser.", {
  EMBEDDED: [AnalyserKind.Embedded, "The server's own analyser."],
  MODEL: [
    AnalyserKind.Model,
    "A language model, which reads what the server's own analyser has found.",
  ],
});

@InputType({ description: "A story to analyse again." })
export class ReanalyzeStoryInput {
  @Field(() => ID, { description: "The story's id." })
  readonly id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      "The version number that you have read. If given, and if there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version?: number | null;

  @Field(() => AnalyzerKindType, {
    nullable: true,
    description:
      "The analyser. The default is EMBEDDED. MODEL is refused if the server has no language model.",
  })
  readonly analyzer?: AnalyserKind | null;
}
