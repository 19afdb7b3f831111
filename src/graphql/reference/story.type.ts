import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { StoryEntity, StoryOrder, StoryVisibility } from "../../reference/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { ConnectionArgs } from "../relay/pagination.js";
import { DateTime } from "../scalars.js";

export const StoryVisibilityType = graphqlEnum("StoryVisibility", "Who can find a story.", {
  DRAFT: [StoryVisibility.Draft, "Its author alone sees it."],
  PUBLIC: [StoryVisibility.Public, "Everyone sees it and may narrate it."],
  ARCHIVED: [
    StoryVisibility.Archived,
    "Off the lists and closed to new narrations; still read by link and from its narrations.",
  ],
});

const StoryOrderType = graphqlEnum("StoryOrder", "How the shelf is ordered.", {
  RECENT: [StoryOrder.Recent, "Latest published first."],
  OLDEST: [StoryOrder.Oldest, "First published first."],
  TITLE: [StoryOrder.Title, "By title."],
});

export const AnalysisStatusType = graphqlEnum(
  "AnalysisStatus",
  "Where the analysis of a story's current text stands.",
  {
    NONE: ["none", "Not asked for: drafts are analysed when they are published."],
    PENDING: ["pending", "Waiting for a worker."],
    RUNNING: ["running", "Being made."],
    READY: ["ready", "Made."],
    FAILED: ["failed", "Given up after several tries; publishing the story again asks anew."],
  },
);

@ObjectType({ description: "A chapter of a story's text." })
export class StoryChapter {
  @Field(() => String, { simple: true, description: "Its heading." })
  readonly title!: string;

  @Field(() => Int, {
    simple: true,
    description: "Where its heading begins in content, in UTF-16 units.",
  })
  readonly start!: number;
}

@ObjectType({
  implements: Node,
  description: "A story. Once public it is shared by everyone, and anyone may narrate it.",
})
export class ReferenceStory extends Node {
  @Field(() => String, {
    simple: true,
    description: "Unique, for links; it settles when the story is published.",
  })
  readonly slug!: string;

  @Field(() => String, { simple: true, description: "The story's title." })
  readonly title!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The author's own summary; null where they wrote none.",
  })
  readonly summary!: string | null;

  @Field(() => String, { simple: true, description: "A BCP 47 tag, such as en or pt-BR." })
  readonly language!: string;

  @Field(() => String, {
    simple: true,
    description: "What sort of writing it is, such as fiction.",
  })
  readonly category!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "Its genre; null where none was given.",
  })
  readonly genre!: string | null;

  @Field(() => [String], { simple: true, description: "The author's tags, in lower case." })
  readonly tags!: readonly string[];

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The mood its author gives it; null where none was given.",
  })
  readonly mood!: string | null;

  @Field(() => String, { simple: true, description: "general, teen, mature or adult." })
  readonly ageRating!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "A cover picture; null where there is none.",
  })
  readonly coverImageUrl!: string | null;

  @Field(() => String, {
    simple: true,
    description: "all_rights_reserved, public_domain, or an SPDX name such as CC-BY-4.0.",
  })
  readonly license!: string;

  @Field(() => StoryVisibilityType, { simple: true, description: "Who can find it." })
  readonly visibility!: StoryVisibility;

  @Field(() => Int, {
    simple: true,
    description: "Counts changes; updates send back the one they read.",
  })
  readonly version!: number;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When it was first published; null for a draft that never was.",
  })
  readonly publishedAt!: Date | null;

  @Field(() => DateTime, { simple: true, description: "When it was begun." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { simple: true, description: "When it last changed." })
  readonly updatedAt!: Date;
}
isResolvedFrom("ReferenceStory", StoryEntity);

export const { Connection: ReferenceStoryConnection } = connectionTypes(
  ReferenceStory,
  "ReferenceStory",
);

@InputType({ description: "Names one story. Send exactly one member." })
export class StoryByInput {
  @Field(() => ID, { nullable: true, description: "The story's id." })
  readonly id?: string | null;

  @Field(() => String, { nullable: true, description: "The story's slug." })
  readonly slug?: string | null;
}

@InputType("StoryFilter", {
  description: "Narrows the shelf; an absent or empty member narrows nothing.",
})
export class StoryFilterInput {
  @Field(() => [String], { nullable: true, description: "In one of these categories." })
  readonly category?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Of one of these genres." })
  readonly genre?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Carrying all of these tags." })
  readonly tags?: string[] | null;

  @Field(() => [String], { nullable: true, description: "In one of these languages." })
  readonly language?: string[] | null;

  @Field(() => ID, { nullable: true, description: "By this author: the id of a User." })
  readonly author?: string | null;
}

@ArgsType()
export class StoriesArgs extends ConnectionArgs {
  @Field(() => StoryFilterInput, { nullable: true, description: "Only stories like this." })
  readonly filter?: StoryFilterInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Words to find in title and summary; quotes hold phrases together, a hyphen excludes.",
  })
  readonly search?: string | null;

  @Field(() => StoryOrderType, { nullable: true, description: "RECENT where it is absent." })
  readonly orderBy?: StoryOrder | null;
}
