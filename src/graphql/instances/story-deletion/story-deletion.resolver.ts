import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from "type-graphql";
import { StoryDeletionOutcome } from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { graphqlEnum } from "../../enum.js";
import { deletedIdOf, mutation } from "../../mutation.js";
import { StoryPayload } from "../../reference/story/story-mutation.resolver.js";
import { DeleteStoryInput } from "../../reference/story/story.input.js";
import { toGlobalId } from "../../relay/global-id.js";

const StoryDeletionOutcomeType = graphqlEnum(
  "StoryDeletionOutcome",
  "What deleteStory did to a story.",
  {
    DELETED: [StoryDeletionOutcome.Deleted, "The story is deleted."],
    ARCHIVED_WITHOUT_AUTHOR: [
      StoryDeletionOutcome.ArchivedWithoutAuthor,
      "Others narrate the story. So the story is archived and no longer names its author.",
    ],
  },
);

@ObjectType({ description: "The result of deleteStory." })
class DeleteStoryPayload extends StoryPayload {
  @Field(() => StoryDeletionOutcomeType, {
    simple: true,
    nullable: true,
    description: "What happened to the story; null if the mutation failed.",
  })
  readonly outcome!: StoryDeletionOutcome | null;

  @Field(() => ID, {
    ...deletedIdOf("story"),
    description:
      "The id of the deleted story; null if the mutation failed or archived the story. Remove the object with this id, and its narrations, from your cache.",
  })
  readonly deletedId!: string | null;
}

@Resolver()
export class StoryDeletionResolver {
  @Mutation(() => DeleteStoryPayload, {
    nullable: true,
    description:
      "Deletes your story, with its text and analyses if no other story needs them. If others narrate the story, they keep it: the story is archived and no longer names you.",
  })
  deleteStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteStoryInput, { description: "The story to delete." })
    { id, version, deleteOwnNarrations }: DeleteStoryInput,
  ): Promise<object> {
    return mutation(context, async (author, ids) => {
      const storyId = ids.readInteger(id, "ReferenceStory", ["id"]);
      ids.problems.refuse();
      const deletesOwnNarrations = deleteOwnNarrations ?? false;
      const at = { id: storyId, version, deletesOwnNarrations };
      const outcome = await context.services.storyDeletion.delete(author, at);
      const story = await context.reference.stories.byId.load(storyId);
      return { outcome, story, deletedId: story ? null : toGlobalId("ReferenceStory", storyId) };
    });
  }
}
