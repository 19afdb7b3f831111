import { Args, Ctx, FieldResolver, Float, ID, Resolver, Root } from "type-graphql";
import type {
  ListeningPosition as ListeningPositionSource,
  NarrationView,
  Resumption,
  WholeNarration,
} from "../../../instances/index.js";
import { pageWithNodes } from "../../../platform/database/reading/keyset.js";
import type { StoryEntity, StorySegmentEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { StorySegment } from "../../reference/analysis/analysis.type.js";
import { ReferenceStory, ReferenceStoryConnection } from "../../reference/story/story.type.js";
import { User, type UserSource } from "../../reference/user/user.type.js";
import type { BoundList } from "../../relay/cursor.js";
import { toGlobalId } from "../../relay/global-id.js";
import { toConnection } from "../../relay/pagination.js";
import {
  type SegmentSource,
  findNarration,
  findSharedNarration,
  loadSegment,
} from "../narration/narration.mapper.js";
import { NarrationSegment, UserStoryNarration } from "../narration/narration.type.js";
import { ContinueListeningArgs, ListeningPosition, NarrationPlace } from "./listening.type.js";

@Resolver(() => ListeningPosition)
export class ListeningPositionResolver {
  @FieldResolver(() => ID, {
    description: "The id of the viewer's place in one story. Each viewer gets the own place by it.",
  })
  id(@Root() { referenceStoryId }: ListeningPositionSource): string {
    return toGlobalId("ListeningPosition", referenceStoryId);
  }

  @FieldResolver(() => Float, {
    description:
      "Which part of the story the viewer has heard, from 0 to 1: the characters of the text before this place, divided by the characters from the first segment's beginning to the last segment's end. 1 if the story is finished.",
  })
  fraction(@Root() { fraction }: ListeningPositionSource): number {
    return fraction;
  }

  @FieldResolver(() => StorySegment, {
    nullable: true,
    description:
      "The segment of the story's current analysis that the viewer has reached. After a change of the text, this is the same sentence, or the sentence that took its place. null while the current text has no analysis.",
  })
  async storySegment(
    @Root() { analysisId, segment }: ListeningPositionSource,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StorySegmentEntity | null> {
    return analysisId === null || segment === null
      ? null
      : reference.analyses.segmentAt(analysisId, segment.position);
  }

  @FieldResolver(() => ReferenceStory, {
    nullable: true,
    description: "The story. null if you may no longer see the story.",
  })
  referenceStory(
    @Root() { referenceStoryId }: ListeningPositionSource,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StoryEntity | null> {
    return reference.stories.byId.load(referenceStoryId);
  }

  @FieldResolver(() => UserStoryNarration, {
    nullable: true,
    description:
      "The narration that the viewer listened to last. null if the place was saved without a narration, and if the narration was deleted or is no longer published.",
  })
  async narration(
    @Root() { narrationId, shareTokenHash }: ListeningPositionSource,
    @Ctx() context: FabulaContext,
  ): Promise<WholeNarration | null> {
    if (narrationId === null) return null;
    const [found, shared] = await Promise.all([
      findNarration(context, narrationId),
      shareTokenHash === null ? null : findSharedNarration(context, shareTokenHash),
    ]);
    return found ?? shared;
  }
}

/** Adds the viewer's place to stories. The reference area must not know places. */
@Resolver(() => ReferenceStory)
export class StoryListeningResolver {
  @FieldResolver(() => ListeningPosition, {
    nullable: true,
    description:
      "Up to where the viewer has listened to this story, whoever narrates. null if the viewer has not begun or is anonymous.",
  })
  async viewerListeningPosition(
    @Root() { id }: StoryEntity,
    @Ctx() { instances }: FabulaContext,
  ): Promise<ListeningPositionSource | null> {
    return instances?.listening.ofStory.load(id) ?? null;
  }
}

@Resolver(() => User)
export class UserListeningResolver {
  @FieldResolver(() => ReferenceStoryConnection, {
    nullable: true,
    description:
      "The stories that this user has begun to listen to and not finished, last heard first; null if this user is not the viewer. Read the place in each story from `viewerListeningPosition`.",
  })
  async continueListening(
    @Root() user: UserSource,
    @Ctx() { owner, instances, reference }: FabulaContext,
    @Args(() => ContinueListeningArgs) args: ContinueListeningArgs,
  ): Promise<object | null> {
    if (!instances || user.id !== owner?.userId) return null;
    const { listening } = instances;
    const list: BoundList = {
      name: "User.continueListening",
      place: { sort: "timestamptz", id: "integer" },
      filter: {},
    };
    return toConnection<StoryEntity>(list, args, {
      load: async (request) => {
        const page = await listening.begunPage(request);
        const stories = await Promise.all(
          page.nodes.map(({ storyId }) => reference.stories.byId.load(storyId)),
        );
        return pageWithNodes(
          page,
          stories.map((story) => story ?? undefined),
        );
      },
      count: () => listening.begunCount({}),
    });
  }
}

interface NarrationPlaceSource extends Resumption {
  readonly narration: NarrationView;
}

/** Adds to narrations where the viewer goes on. */
@Resolver(() => UserStoryNarration)
export class NarrationListeningResolver {
  @FieldResolver(() => NarrationPlace, {
    nullable: true,
    description:
      "Where the viewer goes on in this narration: at the sentence of the viewer's place in the story, also if the viewer listened to another narration before. The beginning if the viewer has finished the story. null if the viewer has not begun the story or is anonymous, and while the narration has no script.",
  })
  async resumeAt(
    @Root() narration: NarrationView,
    @Ctx() { instances }: FabulaContext,
  ): Promise<NarrationPlaceSource | null> {
    const place = await instances?.listening.resumed(narration);
    return place ? { ...place, narration } : null;
  }
}

@Resolver(() => NarrationPlace)
export class NarrationPlaceResolver {
  @FieldResolver(() => NarrationSegment, {
    nullable: true,
    description: "The segment to go on with. null if the script changed during the request.",
  })
  segment(
    @Root() { narration, position }: NarrationPlaceSource,
    @Ctx() context: FabulaContext,
  ): Promise<SegmentSource | null> {
    return loadSegment(narration, context, position);
  }
}
