import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from "type-graphql";
import { InvalidInputError } from "../../../platform/errors.js";
import { filteredLanguage } from "../../../platform/text/language-tag.js";
import { parseSearch } from "../../../platform/text/search.js";
import {
  type AnalysisEntity,
  type LengthRange,
  type StoryEntity,
  type StoryFilter,
  type StoryTextEntity,
  contentHashOf,
  orderOf,
  sortTypeOf,
} from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { isGiven } from "../../given.js";
import { fromGlobalId, integerFromGlobalId, toGlobalId } from "../../relay/global-id.js";
import { toConnection } from "../../relay/pagination.js";
import { StoryAnalysis } from "../analysis/analysis.type.js";
import { excerptOf } from "./excerpt.js";
import {
  AnalysisStatusType,
  ReferenceStory,
  ReferenceStoryConnection,
  StoriesArgs,
  StoryChapter,
  StoryByInput,
  type StoryFilterInput,
  type StoryLengthInput,
} from "./story.type.js";
import { User, type UserSource } from "../user/user.type.js";

/** The hash of the empty `content` of a story without a text. */
const NO_TEXT_HASH = contentHashOf("");

const EXCERPT_LENGTH = 280;
const MAX_EXCERPT_LENGTH = 2_000;

@Resolver(() => ReferenceStory)
export class ReferenceStoryResolver {
  @Query(() => ReferenceStory, {
    nullable: true,
    description: "One story; null if the story does not exist or you may not see the story.",
  })
  story(
    @Ctx() { reference }: FabulaContext,
    @Arg("by", () => StoryByInput, { description: "The story's id or slug." })
    { id, slug }: StoryByInput,
  ): Promise<StoryEntity | null> {
    return isGiven(id)
      ? reference.stories.byId.load(integerFromGlobalId(id, "ReferenceStory", ["by", "id"]))
      : reference.stories.bySlug.load(slug ?? "");
  }

  @Query(() => ReferenceStoryConnection, {
    description: "All public stories. Your own drafts are in `viewer.stories`.",
  })
  stories(
    @Ctx() { reference }: FabulaContext,
    @Args(() => StoriesArgs) { filter, search, orderBy, ...args }: StoriesArgs,
  ): Promise<object> {
    const wanted = storyFilterOf(filter ?? {}, search);
    const order = orderOf(orderBy, wanted.search);
    const list: BoundList = {
      name: "Query.stories",
      place: { sort: sortTypeOf(order), id: "integer" },
      filter: { ...wanted, order },
    };
    return toConnection(list, args, {
      load: (page) => reference.stories.publicPage({ ...wanted, orderBy: order, page }),
      count: () => reference.stories.publicCount(wanted),
    });
  }

  @FieldResolver(() => ID, {
    description: "The story's id. Send the id to `node` to read the story again.",
  })
  id(@Root() { id }: StoryEntity): string {
    return toGlobalId("ReferenceStory", id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The URL of a cover picture; null if the story has no picture. The URL of a picture from an imported book expires after one to two hours.",
  })
  coverImageUrl(
    @Root() { coverImageUrl, coverBlobKey, coverContentType, slug }: StoryEntity,
    @Ctx() { services }: FabulaContext,
  ): string | null {
    if (coverImageUrl !== null || coverBlobKey === null) return coverImageUrl;
    return services.media.sign({
      ...{ key: coverBlobKey, fileName: `${slug}-cover`, grant: null },
      contentType: coverContentType ?? "application/octet-stream",
    }).url;
  }

  @FieldResolver(() => String, {
    description: "The whole text; empty if the story has no text yet.",
  })
  async content(@Root() story: StoryEntity, @Ctx() context: FabulaContext): Promise<string> {
    return (await textOf(story, context))?.content ?? "";
  }

  @FieldResolver(() => String, {
    description:
      "The SHA-256 of `content` as UTF-8, in lower-case hex. It changes when the text changes, and only then. An analysis has the hash of the text that it describes.",
  })
  contentHash(@Root() { contentHash }: StoryEntity): string {
    return contentHash ?? NO_TEXT_HASH;
  }

  @FieldResolver(() => String, { description: "The beginning of the text, cut between words." })
  async excerpt(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
    @Arg("length", () => Int, {
      defaultValue: EXCERPT_LENGTH,
      description: `The maximum number of characters, 1 to ${MAX_EXCERPT_LENGTH}.`,
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
      "The chapters of the text, in order. The chapters come from the imported file, for example from the navigation of an EPUB, else from the headings in the text. The list is empty if there are none.",
  })
  async chapters(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
  ): Promise<readonly StoryChapter[]> {
    return (await textOf(story, context))?.chapters ?? [];
  }

  @FieldResolver(() => Int, { description: "The number of words in the text." })
  async wordCount(@Root() story: StoryEntity, @Ctx() context: FabulaContext): Promise<number> {
    return (await textOf(story, context))?.wordCount ?? 0;
  }

  @FieldResolver(() => Int, { description: "The time to read the text silently, in seconds." })
  async readingTimeSeconds(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
  ): Promise<number> {
    return (await textOf(story, context))?.readingTimeSeconds ?? 0;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "The author of the story; null if the author is unknown or no longer a user.",
  })
  async originalAuthor(
    @Root() { originalAuthorId }: StoryEntity,
    @Ctx() { users }: FabulaContext,
  ): Promise<UserSource | null> {
    return originalAuthorId === null ? null : users.byId.load(originalAuthorId);
  }

  @FieldResolver(() => StoryAnalysis, {
    nullable: true,
    description: "The best analysis of the current text; null until an analysis is ready.",
  })
  analysis(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
  ): AnalysisEntity | null | Promise<AnalysisEntity | null> {
    return reference.analyses.ready(story);
  }

  @FieldResolver(() => [StoryAnalysis], {
    description: "All ready analyses of the current text, the best first.",
  })
  analyses(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<readonly AnalysisEntity[]> {
    return reference.analyses.allReady(story);
  }

  @FieldResolver(() => AnalysisStatusType, {
    description: "The state of the analysis of the current text.",
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
  { category, genre, tags, language, author, hasAudio, length }: StoryFilterInput,
  search: string | null | undefined,
): StoryFilter {
  return {
    categories: someOf(category),
    genres: someOf(genre),
    tags: someOf(tags),
    languages: someOf(language)?.map((tag) => filteredLanguage(tag, ["filter", "language"])),
    authorPublicId: isGiven(author)
      ? fromGlobalId(author, "User", ["filter", "author"])
      : undefined,
    hasAudio: hasAudio ?? undefined,
    length: length ? lengthRangeOf(length) : undefined,
    search: parseSearch(search),
  };
}

const MAX_LENGTH = 2_147_483_647;

function lengthRangeOf({ min, max }: StoryLengthInput): LengthRange {
  const range = { min: min ?? 0, max: max ?? MAX_LENGTH };
  if (range.min >= 0 && range.min <= range.max) return range;
  throw new InvalidInputError(
    "filter.length needs a min of at least 0 and a max that is not less than min.",
    ["filter", "length"],
  );
}

const someOf = (values: readonly string[] | null | undefined): readonly string[] | undefined =>
  values?.length ? values : undefined;
