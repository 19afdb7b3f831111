import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import {
  type NarrationEntity,
  type NarrationInput,
  type Owner,
  type SegmentEdit,
  readIdempotentRequest,
} from "../../instances/index.js";
import type { FabulaContext } from "../context.js";
import { isGiven } from "../given.js";
import { fromGlobalId, integerFromGlobalId, toGlobalId } from "../relay/global-id.js";
import { MutationPayload, mutation } from "../mutation.js";
import { characterIdReader } from "../reference/character.mapper.js";
import { ReferenceStory } from "../reference/story.type.js";
import {
  CreateNarrationInput,
  DeleteNarrationInput,
  type NarrationAtInput,
  PublishNarrationInput,
  type SegmentEditInput,
  UnpublishNarrationInput,
  UpdateNarrationInput,
  UpdateNarrationSegmentsInput,
} from "./narration.input.js";
import { toNarration } from "./narration.mapper.js";
import { UserStoryNarration } from "./narration.type.js";
import type { VoiceModificationsInput } from "./voice-modifications.type.js";

@ObjectType()
export class NarrationPayload extends MutationPayload {
  @Field(() => UserStoryNarration, {
    simple: true,
    nullable: true,
    description:
      "The narration as it is now; null where the mutation failed, unless it is in conflict.",
  })
  readonly narration!: object | null;

  @Field(() => ReferenceStory, {
    nullable: true,
    description:
      "The story, whose lists of narrations this changed; null where the mutation failed, unless it is in conflict.",
  })
  async story(
    @Root() { story, storyId }: NarrationOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<object | null> {
    return storyId === undefined ? (story ?? null) : reference.stories.byId.load(storyId);
  }
}

interface NarrationOutcome {
  /** Of the narration; the story is read where it is selected, so that it is as after the change. */
  readonly storyId?: number;
  /** In conflict. */
  readonly story?: object;
}

const did = (what: string): { description: string } => ({ description: `What ${what} did.` });

@ObjectType(did("createNarration"))
class CreateNarrationPayload extends NarrationPayload {}
@ObjectType(did("updateNarration"))
class UpdateNarrationPayload extends NarrationPayload {}
@ObjectType(did("updateNarrationSegments"))
class UpdateNarrationSegmentsPayload extends NarrationPayload {}
@ObjectType(did("publishNarration"))
class PublishNarrationPayload extends NarrationPayload {}
@ObjectType(did("unpublishNarration"))
class UnpublishNarrationPayload extends NarrationPayload {}
@ObjectType(did("deleteNarration"))
class DeleteNarrationPayload extends NarrationPayload {
  @Field(() => ID, {
    simple: true,
    nullable: true,
    description: "The id the narration had; null where the mutation failed.",
  })
  readonly deletedNarrationId!: string | null;
}

@Resolver()
export class NarrationMutationResolver {
  @Mutation(() => CreateNarrationPayload, {
    nullable: true,
    description:
      "Begins a narration of a public story. Its script follows once the story is analysed.",
  })
  createNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CreateNarrationInput, { description: "The narration." })
    input: CreateNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner) => {
      const storyId = integerFromGlobalId(input.storyId, "ReferenceStory", ["storyId"]);
      const story = await context.reference.stories.byId.load(storyId);
      const analysis = story && (await context.reference.analyses.current(story));
      const narration = {
        storyId,
        title: input.title,
        narratorVoice: voiceIdOf(input.narratorVoice, ["narratorVoice"]),
        voiceModifications: modificationsOf(input.voiceModifications, analysis?.ready?.id ?? null),
      };
      const request = readIdempotentRequest("createNarration", input);
      return context.services.narrations.create(owner, narration, request);
    });
  }

  @Mutation(() => UpdateNarrationPayload, {
    nullable: true,
    description: "Changes a narration's title, voices or delivery.",
  })
  updateNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateNarrationInput, { description: "What changes." })
    input: UpdateNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner) => {
      const at = narrationAt(input);
      const analysisId = await analysisIdOf(context, at.id);
      const characterIdOf = characterIdReader(analysisId);
      const changes: NarrationInput = {
        title: input.title,
        narratorVoice: voiceIdOf(input.narratorVoice, ["narratorVoice"]),
        cast: input.cast?.map(({ characterId, voice }) => ({
          characterId: characterIdOf(characterId, ["cast", "characterId"]),
          voice: fromGlobalId(voice, "Voice", ["cast", "voice"]),
        })),
        voiceModifications: modificationsOf(input.voiceModifications, analysisId),
      };
      return context.services.narrations.update(owner, at, changes);
    });
  }

  @Mutation(() => UpdateNarrationSegmentsPayload, {
    nullable: true,
    description: "Changes segments of a narration's script, all or none.",
  })
  updateNarrationSegments(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateNarrationSegmentsInput, { description: "What changes." })
    input: UpdateNarrationSegmentsInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner) => {
      const at = narrationAt(input);
      const edits = editsOf(input.edits, await analysisIdOf(context, at.id));
      return context.services.narrations.updateSegments(owner, at, edits);
    });
  }

  @Mutation(() => PublishNarrationPayload, {
    nullable: true,
    description:
      "Shows others the narration as it is now; later changes show when it is published again. One that was never rendered is published as text. CONFLICT while it renders, and where it changed after it was rendered: its readers would hear other words than they read.",
  })
  publishNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PublishNarrationInput, { description: "Which, and to whom." })
    input: PublishNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, (owner) =>
      context.services.publishing.publish(owner, narrationAt(input), input.visibility),
    );
  }

  @Mutation(() => UnpublishNarrationPayload, {
    nullable: true,
    description: "Takes a narration back: from then on its narrator alone reads it.",
  })
  unpublishNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UnpublishNarrationInput, { description: "Which." })
    input: UnpublishNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, (owner) =>
      context.services.publishing.unpublish(owner, narrationAt(input)),
    );
  }

  @Mutation(() => DeleteNarrationPayload, {
    nullable: true,
    description: "Deletes a narration, its script and what was published of it.",
  })
  deleteNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteNarrationInput, { description: "Which." })
    input: DeleteNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const deleted = await context.services.narrations.delete(owner, narrationAt(input));
      return {
        deletedNarrationId: toGlobalId("UserStoryNarration", deleted.id),
        storyId: deleted.referenceStoryId,
      };
    });
  }
}

const narrationMutation = (
  context: FabulaContext,
  work: (owner: Owner) => Promise<NarrationEntity>,
): Promise<object> =>
  mutation(context, async (owner) => {
    const narration = await work(owner);
    return { narration: toNarration(narration), storyId: narration.referenceStoryId };
  });

const narrationAt = ({ id, version }: NarrationAtInput): { id: string; version: number } => ({
  id: fromGlobalId(id, "UserStoryNarration", ["id"]),
  version,
});

/** The analysis whose characters a narration's script names; null also where there is no narration. */
async function analysisIdOf({ instances }: FabulaContext, id: string): Promise<number | null> {
  const narration = await instances?.narrations.byId.load(id);
  return narration?.analysisId ?? null;
}

const voiceIdOf = (
  id: string | null | undefined,
  path: readonly string[],
): string | null | undefined => (isGiven(id) ? fromGlobalId(id, "Voice", path) : id);

function modificationsOf(
  input: VoiceModificationsInput | null | undefined,
  analysisId: number | null,
): NarrationInput["voiceModifications"] {
  if (!input) return input;
  const { emotions, characters, lexicon, ...prosody } = input;
  const characterIdOf = characterIdReader(analysisId);
  return {
    ...prosody,
    emotions: emotions ?? undefined,
    characters: characters?.map(({ characterId, ...change }) => ({
      ...change,
      characterId: characterIdOf(characterId, ["voiceModifications", "characters"]),
    })),
    lexicon: lexicon ?? undefined,
  };
}

function editsOf(edits: readonly SegmentEditInput[], analysisId: number | null): SegmentEdit[] {
  const characterIdOf = characterIdReader(analysisId);
  return edits.map(({ speakerId, voice, ...edit }, at) => {
    const pathOf = (field: string) => ["edits", String(at), field];
    return {
      ...edit,
      speakerId: isGiven(speakerId) ? characterIdOf(speakerId, pathOf("speakerId")) : speakerId,
      voice: voiceIdOf(voice, pathOf("voice")),
    };
  });
}
