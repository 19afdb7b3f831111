import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { pageWithNodes } from "../../../platform/database/reading/keyset.js";
import type { NarrationView } from "../../../instances/index.js";
import type { StoryEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { EMPTY_LISTING, ConnectionArgs, toConnection } from "../../relay/pagination.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
import { User, type UserSource } from "../../reference/user/user.type.js";
import { toNarrations } from "./narration.mapper.js";
import {
  NarrationsArgs,
  UserStoryNarrationConnection,
  ViewerNarrationsArgs,
} from "./narration.type.js";

const RECENT: BoundList["place"] = { sort: "timestamptz", id: "bigint" };

/** Tells narrations the title of their story, so that no statement reads the title again. */
function nameStory(narrations: readonly NarrationView[], { title }: StoryEntity): void {
  for (const narration of narrations) narration.storyTitle = title;
}

/** Adds narrations to stories. The reference area must not know narrations. */
@Resolver(() => ReferenceStory)
export class StoryNarrationsResolver {
  @FieldResolver(() => UserStoryNarrationConnection, {
    description:
      "The viewer's own narrations of this story, newest first; empty if the viewer is anonymous.",
  })
  userNarrations(
    @Root() story: StoryEntity,
    @Ctx() { instances }: FabulaContext,
    @Args(() => NarrationsArgs) { status, ...args }: NarrationsArgs,
  ): Promise<object> {
    const filter = { statuses: status?.length ? status : undefined };
    const list: BoundList = { name: "ReferenceStory.userNarrations", place: RECENT, filter };
    if (!instances) return toConnection(list, args, EMPTY_LISTING);
    return toConnection(list, args, {
      load: async (page) => {
        const narrations = await instances.narrations.ofStory({ ...filter, page }).load(story.id);
        nameStory(narrations.nodes, story);
        return narrations;
      },
      count: () => instances.narrations.countOfStory(filter).load(story.id),
    });
  }

  @FieldResolver(() => UserStoryNarrationConnection, {
    description: "All public narrations of this story, last published first.",
  })
  publicNarrations(
    @Root() story: StoryEntity,
    @Ctx() context: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<object> {
    const { editions } = context.reference;
    const list: BoundList = { name: "ReferenceStory.publicNarrations", place: RECENT, filter: {} };
    return toConnection(list, args, {
      load: async (page) => {
        const found = await editions.ofStory(page).load(story.id);
        const narrations = await toNarrations(context, found.nodes);
        nameStory(narrations, story);
        return pageWithNodes(found, narrations);
      },
      count: () => editions.countOfStory.load(story.id),
    });
  }
}

@Resolver(() => User)
export class UserNarrationsResolver {
  @FieldResolver(() => UserStoryNarrationConnection, {
    description: "The public narrations of this user, last published first.",
  })
  publicNarrations(
    @Root() { id }: UserSource,
    @Ctx() context: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<object> {
    const { editions } = context.reference;
    const list: BoundList = { name: "User.publicNarrations", place: RECENT, filter: {} };
    return toConnection(list, args, {
      load: async (page) => {
        const found = await editions.ofNarrator(page).load(id);
        return pageWithNodes(found, await toNarrations(context, found.nodes));
      },
      count: () => editions.countOfNarrator.load(id),
    });
  }

  @FieldResolver(() => UserStoryNarrationConnection, {
    nullable: true,
    description: "All narrations of this user, newest first; null if this user is not the viewer.",
  })
  async narrations(
    @Root() user: UserSource,
    @Ctx() { owner, instances }: FabulaContext,
    @Args(() => ViewerNarrationsArgs) { status, ...args }: ViewerNarrationsArgs,
  ): Promise<object | null> {
    if (!instances || user.id !== owner?.userId) return null;
    const filter = { statuses: status?.length ? status : undefined };
    const list: BoundList = { name: "User.narrations", place: RECENT, filter };
    return toConnection(list, args, {
      load: (page) => instances.narrations.page({ ...filter, page }),
      count: () => instances.narrations.count(filter),
    });
  }
}
