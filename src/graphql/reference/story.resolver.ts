import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from "type-graphql";
import { InvalidInputError } from "../../platform/errors.js";
import {
  type AnalysisEntity,
  type StoryEntity,
  type StoryFilter,
  StoryOrder,
  type StoryTextEntity,
} from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { isGiven } from "../given.js";
import { fromGlobalId, integerFromGlobalId, toGlobalId } from "../relay/global-id.js";
import { toConnection } from "../relay/pagination.js";
import { StoryAnalysis } from "./analysis.type.js";
import { excerptOf } from "./excerpt.js";
import {
  AnalysisStatusType,
  ReferenceStory,
  ReferenceStoryConnection,
  StoriesArgs,
  StoryChapter,
  StoryByInput,
  type StoryFilterInput,
} from "./story.type.js";
import { User, type UserSource } from "./user.type.js";

const EXCERPT_LENGTH = 280;
const MAX_EXCERPT_LENGTH = 2_000;

@Resolver(() => ReferenceStory)
export class ReferenceStoryResolver {
  @Query(() => ReferenceStory, {
    nullable: true,
    description: "One story; null where there is none that you may see.",
  })
  story(
    @Ctx() { reference }: FabulaContext,
    @Arg("by", () => StoryByInput, { description: "Which story." }) { id, slug }: StoryByInput,
  ): Promise<StoryEntity | null> {
    return isGiven(id)
      ? reference.stories.byId.load(integerFromGlobalId(id, "ReferenceStory", ["by", "id"]))
      : reference.stories.bySlug.load(slug ?? "");
  }

  @Query(() => ReferenceStoryConnection, {
    description: "The shelf: every public story. Drafts are under viewer.stories.",
  })
  stories(
    @Ctx() { reference }: FabulaContext,
    @Args(() => StoriesArgs) { filter, search, orderBy, ...args }: StoriesArgs,
  ): Promise<object> {
    const order = orderBy ?? StoryOrder.Recent;
    const wanted = storyFilterOf(filter ?? {}, search);
    const list: BoundList = {
      name: "Query.stories",
      place: { sort: order === StoryOrder.Title ? "text" : "timestamptz", id: "integer" },
      filter: { ...wanted, order },
    };
    return toConnection(list, args, {
      load: (page) => reference.stories.publicPage({ ...wanted, orderBy: order, page }),
      count: () => reference.stories.publicCount(wanted),
    });
  }

  @FieldResolver(() => ID, { description: "Finds this story again with `node`." })
  id(@Root() { id }: StoryEntity): string {
    return toGlobalId("ReferenceStory", id);
  }

  @FieldResolver(() => String, {
    description: "The whole text; empty where the story has none yet.",
  })
  async content(@Root() story: StoryEntity, @Ctx() context: FabulaContext): Promise<string> {
    return (await textOf(story, context))?.content ?? "";
  }

  @FieldResolver(() => String, { description: "The beginning of the text, cut between words." })
  async excerpt(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
    @Arg("length", () => Int, {
      defaultValue: EXCERPT_LENGTH,
      description: `At most so many characters, 1 to ${MAX_EXCERPT_LENGTH}.`,
    })
    length: number,
  ): Promise<string> {
    if (length < 1 || length > MAX_EXCERPT_LENGTH) {
      throw new InvalidInputError(`length must be between 1 and ${MAX_EXCERPT_LENGTH}.`, [
        "length",
      ]);
    }
    return excerptOf((await textOf(story, context))?.content ?? "", length);
  }

  @FieldResolver(() => [StoryChapter], {
    description:
      "The chapters of the text, in order, by the headings in it; empty where it has none.",
  })
  async chapters(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
  ): Promise<readonly StoryChapter[]> {
    return (await textOf(story, context))?.chapters ?? [];
  }

  @FieldResolver(() => Int, { description: "How many words the text has." })
  async wordCount(@Root() story: StoryEntity, @Ctx() context: FabulaContext): Promise<number> {
    return (await textOf(story, context))?.wordCount ?? 0;
  }

  @FieldResolver(() => Int, { description: "How long it takes to read silently." })
  async readingTimeSeconds(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
  ): Promise<number> {
    return (await textOf(story, context))?.readingTimeSeconds ?? 0;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "Who wrote it; null where the author is not, or no longer, known.",
  })
  async originalAuthor(
    @Root() { originalAuthorId }: StoryEntity,
    @Ctx() { users }: FabulaContext,
  ): Promise<UserSource | null> {
    return originalAuthorId === null ? null : users.byId.load(originalAuthorId);
  }

  @FieldResolver(() => StoryAnalysis, {
    nullable: true,
    description: "The best analysis of the current text; null until there is one.",
  })
  async analysis(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<AnalysisEntity | null> {
    return (await reference.analyses.current(story))?.ready ?? null;
  }

  @FieldResolver(() => AnalysisStatusType, {
    description: "Where the analysis of the current text stands.",
  })
  async analysisStatus(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<string> {
    return (await reference.analyses.current(story))?.status ?? "none";
  }
}

async function textOf(
  { contentHash }: StoryEntity,
  { reference }: FabulaContext,
): Promise<StoryTextEntity | null> {
  return contentHash === null ? null : reference.stories.text.load(contentHash);
}

function storyFilterOf(
  { category, genre, tags, language, author }: StoryFilterInput,
  search: string | null | undefined,
): StoryFilter {
  return {
    categories: someOf(category),
    genres: someOf(genre),
    tags: someOf(tags)?.map((tag) => tag.toLowerCase()),
    languages: someOf(language),
    authorPublicId: isGiven(author)
      ? fromGlobalId(author, "User", ["filter", "author"])
      : undefined,
    search: search?.trim() || undefined,
  };
}

const someOf = (values: readonly string[] | null | undefined): readonly string[] | undefined =>
  values?.length ? values : undefined;
