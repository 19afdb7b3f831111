import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { InvalidInputError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { type GlobalIdType, decodeGlobalId } from "./global-id.js";
import { findNarration, findSharedNarration } from "../instances/narration/narration.mapper.js";
import { findAnalysis } from "../instances/narration/narration-analysis.mapper.js";
import { Node } from "./node.type.js";
import { findVoice } from "../instances/voice/voice.mapper.js";

const MAX_IDS = 100;

type FindNode = (context: FabulaContext, raw: string) => Promise<object | null>;

/**
 * Finds a node of each type by its raw id, if the viewer may see the node. The types without a finder,
 * for example StorySegment, are not nodes.
 */
const NODE_FINDERS: Partial<Record<GlobalIdType, FindNode>> = {
  ReferenceStory: ({ reference }, raw) => reference.stories.byId.load(Number(raw)),
  StoryAnalysis: findAnalysis,
  VoiceModulationTemplate: ({ reference }, raw) => reference.templates.byId.load(Number(raw)),
  Voice: async (context, raw) => findVoice(context, raw),
  User: ({ users }, raw) => users.byPublicId.load(raw),
  UserStoryNarration: findNarration,
  SharedNarration: findSharedNarration,
  UserVoiceSample: async ({ instances }, raw) => instances?.voiceSamples.byId.load(raw) ?? null,
  Upload: async ({ instances }, raw) => instances?.uploads.byId.load(raw) ?? null,
  ListeningPosition: async ({ instances }, raw) =>
    instances?.listening.ofStory.load(Number(raw)) ?? null,
  UserEmotionVoice: async ({ instances }, raw) => instances?.emotionVoices.byId.load(raw) ?? null,
};

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      "One object by its id; null if the object does not exist or you may not see the object.",
  })
  node(
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "The object's id." }) id: string,
  ): Promise<object | null> {
    return findNode(context, id);
  }

  @Query(() => [Node], {
    nullable: "items",
    description:
      "Several objects by their ids, in the order of the ids; null for each object that is not found.",
  })
  async nodes(
    @Ctx() context: FabulaContext,
    @Arg("ids", () => [ID], { description: `The objects' ids, at most ${MAX_IDS}.` }) ids: string[],
  ): Promise<(object | null)[]> {
    if (ids.length > MAX_IDS) {
      throw new InvalidInputError(
        `ids has ${ids.length} entries; at most ${MAX_IDS} are allowed.`,
        ["ids"],
      );
    }
    return Promise.all(ids.map((id) => findNode(context, id)));
  }
}

async function findNode(context: FabulaContext, id: string): Promise<object | null> {
  const decoded = decodeGlobalId(id);
  return decoded ? ((await NODE_FINDERS[decoded.type]?.(context, decoded.raw)) ?? null) : null;
}
