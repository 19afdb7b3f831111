import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { StoryEntity, StoryOrder, StoryVisibility } from "../../../reference/index.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { ConnectionArgs } from "../../relay/pagination.js";
import { DateTime } from "../../scalars.js";
import { type AgeRating, AgeRatingType, type License, LicenseType } from "./closed-lists.type.js";

export const StoryVisibilityType = graphqlEnum("StoryVisibility", "Who can see a story.", {
  DRAFT: [StoryVisibility.Draft, "Only the author sees the story."],
  PUBLIC: [StoryVisibility.Public, "Everyone sees the story and may narrate it."],
  ARCHIVED: [
    StoryVisibility.Archived,
    "The story is in no public list and takes no new narrations. The story can still be read by link and from its narrations.",
  ],
});

const StoryOrderType = graphqlEnum("StoryOrder", "The order of the public stories.", {
  RELEVANCE: [
    StoryOrder.Relevance,
    "With a search: stories whose title is the search, then stories with its words in the title, then in the author's name, then elsewhere; each group last published first. Without a search, and with a search that only excludes words: like RECENT.",
  ],
  RECENT: [StoryOrder.Recent, "Last published first."],
  OLDEST: [StoryOrder.Oldest, "First published first."],
  TITLE: [
    StoryOrder.Title,
    "In alphabetical order of the titles. Case, diacritics and punctuation do not count.",
  ],
  POPULAR: [StoryOrder.Popular, "First the stories that most people listen to."],
  LONGEST: [StoryOrder.Longest, "The longest reading time first."],
  SHORTEST: [StoryOrder.Shortest, "The shortest reading time first."],
});

export const AnalysisStatusType = graphqlEnum(
  "AnalysisStatus",
  "The state of the analysis of a story's current text.",
  {
    NONE: ["none", "No analysis was requested. A draft is analysed when it is published."],
    PENDING: ["pending", "The analysis waits for a worker."],
    RUNNING: ["running", "A worker makes the analysis now."],
    READY: ["ready", "The analysis is ready."],
    FAILED: [
      "failed",
      "The analysis failed after several tries. Publish the story again to retry.",
    ],
  },
);

@ObjectType({ description: "A chapter of a story's text." })
export class StoryChapter {
  @Field(() => String, { simple: true, description: "The chapter's heading." })
  readonly title!: string;

  @Field(() => Int, {
    simple: true,
    description: "The start of the heading in `content`, in UTF-16 units.",
  })
  readonly start!: number;
}

@ObjectType({
  implements: Node,
  description: "A story. Everyone can read a public story and may narrate it.",
})
export class ReferenceStory extends Node {
  @Field(() => String, {
    simple: true,
    description:
      "The story's unique name for links. The name does not change after the story is first published.",
  })
  readonly slug!: string;

  @Field(() => String, { simple: true, description: "The story's title." })
  readonly title!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The author's summary; null if the author wrote no summary.",
  })
  readonly summary!: string | null;

  @Field(() => String, {
    simple: true,
    description:
      "The language of the text, as a BCP 47 tag in its canonical form, for example en or pt-BR. Stories of the earlier platform keep the tag that they had.",
  })
  readonly language!: string;

  @Field(() => String, {
    simple: true,
    description: "The kind of writing, for example fiction.",
  })
  readonly category!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The story's genre; null if the author gave no genre.",
  })
  readonly genre!: string | null;

  @Field(() => [String], { simple: true, description: "The author's tags, in lower case." })
  readonly tags!: readonly string[];

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The mood that the author gives the story; null if the author gave no mood.",
  })
  readonly mood!: string | null;

  @Field(() => AgeRatingType, {
    simple: true,
    description: "The people that the story is suitable for.",
  })
  readonly ageRating!: AgeRating;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The name of the person who wrote the story, as a credit; null if nobody named one. `originalAuthor` is the user who brought the story.",
  })
  readonly authorName!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The notice of the rights; null if the story has none.",
  })
  readonly copyrightNotice!: string | null;

  @Field(() => LicenseType, {
    simple: true,
    description: "What others may do with the story.",
  })
  readonly license!: License;

  @Field(() => StoryVisibilityType, { simple: true, description: "Who can see the story." })
  readonly visibility!: StoryVisibility;

  @Field(() => Int, {
    simple: true,
    description:
      "The number of the current version. With every change, send the version that you have read.",
  })
  readonly version!: number;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When the story was first published; null if the story was never published.",
  })
  readonly publishedAt!: Date | null;

  @Field(() => DateTime, { simple: true, description: "When the story was created." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { simple: true, description: "When the story last changed." })
  readonly updatedAt!: Date;
}
isResolvedFrom("ReferenceStory", StoryEntity);

export const { Connection: ReferenceStoryConnection } = connectionTypes(
  ReferenceStory,
  "ReferenceStory",
);

@InputType({ description: "Identifies one story. Send exactly one field." })
export class StoryByInput {
  @Field(() => ID, { nullable: true, description: "The story's id." })
  readonly id?: string | null;

  @Field(() => String, { nullable: true, description: "The story's slug." })
  readonly slug?: string | null;
}

@InputType("StoryLength", {
  description:
    "A range of the reading time of a text, `readingTimeSeconds`. Both ends belong to the range. An absent end is open.",
})
export class StoryLengthInput {
  @Field(() => Int, { nullable: true, description: "The shortest reading time, in seconds." })
  readonly min?: number | null;

  @Field(() => Int, { nullable: true, description: "The longest reading time, in seconds." })
  readonly max?: number | null;
}

@InputType("StoryFilter", {
  description:
    "Selects public stories. An absent or empty field selects all stories. Upper and lower case are the same.",
})
export class StoryFilterInput {
  @Field(() => [String], {
    nullable: true,
    description: "Only stories in one of these categories.",
  })
  readonly category?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Only stories of one of these genres." })
  readonly genre?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Only stories with all of these tags." })
  readonly tags?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "Only stories in one of these languages, as BCP 47 tags. Only the language of a tag counts, so en-GB finds every English story.",
  })
  readonly language?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "true: only stories with a public narration that has sound. false: only stories without one.",
  })
  readonly hasAudio?: boolean | null;

  @Field(() => StoryLengthInput, {
    nullable: true,
    description: "Only stories whose text takes this long to read silently.",
  })
  readonly length?: StoryLengthInput | null;

  @Field(() => ID, {
    nullable: true,
    description: "Only stories by this author: the id of a User.",
  })
  readonly author?: string | null;
}

@ArgsType()
export class StoriesArgs extends ConnectionArgs {
  @Field(() => StoryFilterInput, {
    nullable: true,
    description: "Only stories that match this filter.",
  })
  readonly filter?: StoryFilterInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Words to find in the title, the names of the author and the summary. A word also finds longer words that begin with it. Case and diacritics do not count. Put a phrase, or a word that must be whole, in quotes. A hyphen before a word excludes the stories with this word. `or` stands between alternatives. At most 1000 characters.",
  })
  readonly search?: string | null;

  @Field(() => StoryOrderType, {
    nullable: true,
    description: "The order of the stories. The default is RELEVANCE.",
  })
  readonly orderBy?: StoryOrder | null;
}
