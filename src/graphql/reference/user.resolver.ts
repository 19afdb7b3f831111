import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { StoryVisibility } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { toGlobalId } from "../relay/global-id.js";
import { ConnectionArgs, toConnection } from "../relay/pagination.js";
import { ReferenceStoryConnection, StoryVisibilityType } from "./story.type.js";
import { User, type UserSource } from "./user.type.js";

@ArgsType()
export class AuthoredStoriesArgs extends ConnectionArgs {
  @Field(() => [StoryVisibilityType], {
    nullable: true,
    description: "Only stories in one of these states; all where it is absent or empty.",
  })
  readonly visibility?: StoryVisibility[] | null;
}

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description:
      "Who asks; null when anonymous, and until one's first mutation, which makes one a user.",
  })
  async viewer(@Ctx() { owner, users }: FabulaContext): Promise<UserSource | null> {
    return owner ? users.byId.load(owner.userId) : null;
  }

  @FieldResolver(() => ID, { description: "Finds this person again with `node`." })
  id(@Root() { publicId }: UserSource): string {
    return toGlobalId("User", publicId);
  }

  @FieldResolver(() => ReferenceStoryConnection, {
    nullable: true,
    description:
      "Everything they wrote, drafts included, newest first; null unless it is the viewer.",
  })
  async stories(
    @Root() user: UserSource,
    @Ctx() { owner, reference }: FabulaContext,
    @Args(() => AuthoredStoriesArgs) { visibility, ...args }: AuthoredStoriesArgs,
  ): Promise<object | null> {
    if (user.id !== owner?.userId) return null;
    const visibilities = visibility?.length ? visibility : Object.values(StoryVisibility);
    const list: BoundList = {
      name: "User.stories",
      place: { sort: "timestamptz", id: "integer" },
      filter: { visibilities },
    };
    return toConnection(list, args, {
      load: (page) => reference.stories.authoredPage({ authorId: user.id, visibilities, page }),
      count: () => reference.stories.authoredCount({ authorId: user.id, visibilities }),
    });
  }
}
