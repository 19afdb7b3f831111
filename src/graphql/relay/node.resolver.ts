import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { InvalidInputError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { type GlobalIdType, decodeGlobalId } from "./global-id.js";
import { findNarration } from "../instances/narration.mapper.js";
import { Node } from "./node.type.js";
import { toCatalogueVoice } from "../reference/voice.mapper.js";

const MAX_IDS = 100;

type FindNode = (context: FabulaContext, raw: string) => Promise<object | null>;

/** How each node is found as the viewer may see it: the types not here are parts of others. */
const FIND: Partial<Record<GlobalIdType, FindNode>> = {
  ReferenceStory: ({ reference }, raw) => reference.stories.byId.load(Number(raw)),
  StoryAnalysis: ({ reference }, raw) => reference.analyses.readableById.load(Number(raw)),
  VoiceModulationTemplate: ({ reference }, raw) => reference.templates.byId.load(Number(raw)),
  Voice: async ({ services }, raw) => {
    const voice = services.voices.find(raw);
    return voice && toCatalogueVoice(voice);
  },
  User: ({ users }, raw) => users.byPublicId.load(raw),
  UserStoryNarration: findNarration,
  UserVoiceSample: async ({ instances }, raw) => instances?.voiceSamples.byId.load(raw) ?? null,
  UserEmotionVoice: async ({ instances }, raw) => instances?.emotionVoices.byId.load(raw) ?? null,
};

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: "Anything by its id; null where there is no such thing, or none that you may see.",
  })
  node(
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "A global id." }) id: string,
  ): Promise<object | null> {
    return nodeOf(context, id);
  }

  @Query(() => [Node], {
    nullable: "items",
    description: "Several things by their ids, in the same order; null for each that is not found.",
  })
  async nodes(
    @Ctx() context: FabulaContext,
    @Arg("ids", () => [ID], { description: `At most ${MAX_IDS} global ids.` }) ids: string[],
  ): Promise<(object | null)[]> {
    if (ids.length > MAX_IDS) {
      throw new InvalidInputError(
        `ids has ${ids.length} entries; at most ${MAX_IDS} are allowed.`,
        ["ids"],
      );
    }
    return Promise.all(ids.map((id) => nodeOf(context, id)));
  }
}

async function nodeOf(context: FabulaContext, id: string): Promise<object | null> {
  const decoded = decodeGlobalId(id);
  return decoded ? ((await FIND[decoded.type]?.(context, decoded.raw)) ?? null) : null;
}
