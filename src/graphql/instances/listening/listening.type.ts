import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ListeningPosition as ListeningPositionSource } from "../../../instances/index.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { ConnectionArgs } from "../../relay/pagination.js";
import { DateTime } from "../../scalars.js";

/** Arguments of the list of stories to go on with. */
@ArgsType()
export class ContinueListeningArgs extends ConnectionArgs {}

/** A place in a story. The source is a ListeningPosition of src/instances. */
@ObjectType({
  implements: Node,
  description:
    "Up to which sentence the viewer has listened to a story. The viewer has one place in a story, whoever narrates.",
})
export class ListeningPosition extends Node {
  @Field(() => Int, {
    simple: true,
    description:
      "The time since `storySegment` began in the narration that the viewer listened to, in milliseconds. 0 if a new analysis begins the sentence elsewhere. To go on in any narration, use its `resumeAt`.",
  })
  readonly offsetMs!: number;

  @Field(() => Boolean, {
    simple: true,
    description:
      "True if the viewer has listened to the end of the story. A place that is saved later makes this false again.",
  })
  readonly isFinished!: boolean;

  @Field(() => DateTime, { simple: true, description: "When the viewer was at this place." })
  readonly updatedAt!: Date;
}
isResolvedFrom("ListeningPosition", ListeningPositionSource);

@ObjectType({ description: "Where the viewer goes on in one narration." })
export class NarrationPlace {
  @Field(() => Int, {
    simple: true,
    description:
      "The time since the beginning of the segment's sound, in milliseconds. 0 if the segment has no sound.",
  })
  readonly offsetMs!: number;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "Where to go on in the narration's audio, in milliseconds. null if the narration has no audio, and for audio whose segments have no known times.",
  })
  readonly startMs!: number | null;
}

@InputType({ description: "The place that the viewer has reached in a story." })
export class SaveListeningPositionInput {
  @Field(() => ID, { description: "The story." })
  readonly storyId!: string;

  @Field(() => ID, {
    description:
      "The segment that the viewer listens to: the id of a StorySegment of the story, or of a NarrationSegment of the narration. A segment that the narration's owner inserted stands for the end of the segment before.",
  })
  readonly segmentId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The narration that the viewer listens to. Send this id with the id of a StorySegment, so that other narrations go on in the middle of the sentence. The id of a NarrationSegment names its narration itself, unless the viewer opened the narration by its link.",
  })
  readonly narrationId?: string | null;

  @Field(() => Int, {
    defaultValue: 0,
    description:
      "The time since the beginning of the segment's sound, in milliseconds, at most an hour. A time beyond the end of the sound is the end.",
  })
  readonly offsetMs!: number;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True if the viewer has listened to the whole story. Without this field, the story is finished if at most a second remains of its last segment, or of the last segment of a narration that leaves out the end.",
  })
  readonly isFinished?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "When the viewer was at this place, for places that were saved offline. The place with the latest time stays, whichever device sends it last. The default is now, and so is any later time.",
  })
  readonly listenedAt?: Date | null;
}
