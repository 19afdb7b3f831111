import { Arg, Ctx, Field, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { HeardSegment } from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { isGiven } from "../../given.js";
import { MutationPayload, mutation } from "../../mutation.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
import { decodeGlobalId } from "../../relay/global-id.js";
import type { InputIds } from "../../relay/input-ids.js";
import { ListeningPosition, SaveListeningPositionInput } from "./listening.type.js";

interface SavedSource {
  /** Absent if the mutation failed. */
  readonly storyId?: number;
}

@ObjectType({ description: "The result of saveListeningPosition." })
class SaveListeningPositionPayload extends MutationPayload {
  @Field(() => ListeningPosition, {
    nullable: true,
    description:
      "The viewer's place in the story now. This is the place of another device if that place is later. null if the mutation failed.",
  })
  async listeningPosition(
    @Root() { storyId }: SavedSource,
    @Ctx() { instances }: FabulaContext,
  ): Promise<object | null> {
    if (storyId === undefined) return null;
    return instances?.listening.ofStory.load(storyId) ?? null;
  }

  @Field(() => ReferenceStory, {
    nullable: true,
    description: "The story, read after the change. null if the mutation failed.",
  })
  async story(
    @Root() { storyId }: SavedSource,
    @Ctx() { reference }: FabulaContext,
  ): Promise<object | null> {
    return storyId === undefined ? null : reference.stories.byId.load(storyId);
  }
}

@Resolver()
export class ListeningMutationResolver {
  @Mutation(() => SaveListeningPositionPayload, {
    nullable: true,
    description:
      "Saves up to which sentence the viewer has listened to a story. Send the place every few seconds and at each pause: this mutation costs little, and the same place again changes nothing. The place with the latest `listenedAt` stays.",
  })
  saveListeningPosition(
    @Ctx() context: FabulaContext,
    @Arg("input", () => SaveListeningPositionInput, { description: "The place." })
    input: SaveListeningPositionInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const { offsetMs, isFinished, listenedAt } = input;
      const storyId = ids.readInteger(input.storyId, "ReferenceStory", ["storyId"]);
      const heard = readHeardSegment(input, ids);
      const place = { ...heard, storyId, offsetMs, isFinished, listenedAt };
      await context.services.listening.save(owner, place, ids.problems);
      return { storyId };
    });
  }
}

type HeardIds = Pick<HeardSegment, "story" | "line" | "narrationId" | "shareTokenHash">;

/**
 * Reads which segment was heard: a segment of the story, or a segment of a narration, whose id contains the id
 * of the narration.
 */
function readHeardSegment(input: SaveListeningPositionInput, ids: InputIds): HeardIds {
  const shareTokenHash = sharedBy(input);
  const narrationId = shareTokenHash
    ? null
    : (ids.readOptional(input.narrationId, "UserStoryNarration", ["narrationId"]) ?? null);
  const line = decodeGlobalId(input.segmentId);
  const heard = { narrationId, shareTokenHash };
  if (line?.type !== "NarrationSegment") {
    const [analysisId, position] = pairIn(ids.read(input.segmentId, "StorySegment", ["segmentId"]));
    return { ...heard, story: { analysisId: Number(analysisId), position }, line: null };
  }
  const [told, position] = pairIn(line.raw);
  if (narrationId !== null && narrationId !== told) {
    ids.problems.add("segmentId is a segment of another narration.", ["segmentId"]);
  }
  return { ...heard, narrationId: told, story: null, line: position };
}

/** Returns the hash in the id of a narration that was opened by its link. */
function sharedBy({ narrationId }: SaveListeningPositionInput): string | null {
  const decoded = isGiven(narrationId) ? decodeGlobalId(narrationId) : null;
  return decoded?.type === "SharedNarration" ? decoded.raw : null;
}

function pairIn(raw: string): [row: string, position: number] {
  const [row = "", position = "0"] = raw.split(".");
  return [row, Number(position)];
}
