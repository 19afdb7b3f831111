import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { StoryVisibility } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { toGlobalId } from "../../relay/global-id.js";
import { ConnectionArgs, EMPTY_LISTING, toConnection } from "../../relay/pagination.js";
import { ReferenceStoryConnection, StoryVisibilityType } from "../story/story.type.js";
import { User, type UserSource } from "./user.type.js";

@ArgsType()
export class AuthoredStoriesArgs extends ConnectionArgs {
  @Field(() => [StoryVisibilityType], {
    nullable: true,
    description:
      "Only stories with one of these visibilities. An absent or empty list selects all stories.",
  })
  readonly visibility?: StoryVisibility[] | null;
}

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description:
      "The user who sends the request. The first mutation creates the user. null without a token, and before the first mutation.",
  })
  async viewer(@Ctx() { owner, users }: FabulaContext): Promise<UserSource | null> {
    return owner ? users.byId.load(owner.userId) : null;
  }

  @FieldResolver(() => ID, {
    description: "The user's id. Send the id to `node` to read the user again.",
  })
  id(@Root() { publicId }: UserSource): string {
    return toGlobalId("User", publicId);
  }

  @FieldResolver(() => String, {
    description: "The user's public name. “Someone” if the user gave no name.",
  })
  displayName(@Root() { displayName }: UserSource): string {
    return displayName ?? "Someone";
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The name that the user gave; null if the user gave none. Show `displayName`; let the user edit `customDisplayName`.",
  })
  customDisplayName(@Root() { displayName }: UserSource): string | null {
    return displayName;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The language in which the user wants to use apps, as a BCP 47 tag; null if the user is not the viewer.",
  })
  async preferredLanguage(
    @Root() user: UserSource,
    @Ctx() { owner, users }: FabulaContext,
  ): Promise<string | null> {
    return user.id === owner?.userId ? users.ownLanguage({}) : null;
  }

  @FieldResolver(() => ReferenceStoryConnection, {
    description: "The public stories that the user wrote, last published first.",
  })
  publicStories(
    @Root() { id }: UserSource,
    @Ctx() { reference }: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<object> {
    const list: BoundList = {
      name: "User.publicStories",
      place: { sort: "timestamptz", id: "integer" },
      filter: {},
    };
    return toConnection(list, args, {
      load: (page) => reference.stories.publicPageByAuthor(page).load(id),
      count: () => reference.stories.publicCountByAuthor.load(id),
    });
  }

  @FieldResolver(() => ReferenceStoryConnection, {
    description:
      "All stories that the user wrote, including drafts, newest first; empty if the user is not the viewer.",
  })
  stories(
    @Root() user: UserSource,
    @Ctx() { owner, reference }: FabulaContext,
    @Args(() => AuthoredStoriesArgs) { visibility, ...args }: AuthoredStoriesArgs,
  ): Promise<object> {
    const visibilities = visibility?.length ? visibility : Object.values(StoryVisibility);
    const list: BoundList = {
      name: "User.stories",
      place: { sort: "timestamptz", id: "integer" },
      filter: { visibilities },
    };
    if (user.id !== owner?.userId) return toConnection(list, args, EMPTY_LISTING);
    return toConnection(list, args, {
      load: (page) => reference.stories.authoredPage({ authorId: user.id, visibilities, page }),
      count: () => reference.stories.authoredCount({ authorId: user.id, visibilities }),
    });
  }
}
