import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import {
  type NarrationEntity,
  type NarrationInput,
  type Owner,
  type SegmentEdit,
  readIdempotentRequest,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { isGiven } from "../../given.js";
import { fromGlobalId, integerFromGlobalId, toGlobalId } from "../../relay/global-id.js";
import { MutationPayload, deletedIdOf, mutation } from "../../mutation.js";
import { characterIdReader } from "../../reference/analysis/character.mapper.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
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
import { UserStoryNarration } from "./narration.type.js";
import type { VoiceModificationsInput } from "./voice-modifications.type.js";

@ObjectType()
export class NarrationPayload extends MutationPayload {
  @Field(() => UserStoryNarration, {
    simple: true,
    nullable: true,
    description:
      "The narration after the change. After a CONFLICT with the narration's version or state: the current narration. null after any other failure, and after a deletion.",
  })
  readonly narration!: object | null;

  @Field(() => ReferenceStory, {
    nullable: true,
    description:
      "The narration's story, read after the change. The change can alter the story's lists of narrations. After a CONFLICT with the story's state: the current story. null after any other failure.",
  })
  async story(
    @Root() { story, storyId }: NarrationOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<object | null> {
    return storyId === undefined ? (story ?? null) : reference.stories.byId.load(storyId);
  }
}

interface NarrationOutcome {
  /**
   * The id of the narration's story. The story is read after the change, and only if the request
   * selects the `story` field.
   */
  readonly storyId?: number;
  /** The story that caused a conflict. */
  readonly story?: object;
}

const describeResult = (name: string): { description: string } => ({
  description: `The result of ${name}.`,
});

@ObjectType(describeResult("createNarration"))
class CreateNarrationPayload extends NarrationPayload {}
@ObjectType(describeResult("updateNarration"))
class UpdateNarrationPayload extends NarrationPayload {}
@ObjectType(describeResult("updateNarrationSegments"))
class UpdateNarrationSegmentsPayload extends NarrationPayload {}
@ObjectType(describeResult("publishNarration"))
class PublishNarrationPayload extends NarrationPayload {}
@ObjectType(describeResult("unpublishNarration"))
class UnpublishNarrationPayload extends NarrationPayload {}
@ObjectType(describeResult("deleteNarration"))
class DeleteNarrationPayload extends NarrationPayload {
  @Field(() => ID, deletedIdOf("narration"))
  readonly deletedId!: string | null;
}

@Resolver()
export class NarrationMutationResolver {
  @Mutation(() => CreateNarrationPayload, {
    nullable: true,
    description:
      "Creates a narration of a public story. The server writes the script as soon as the story's analysis is ready.",
  })
  createNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CreateNarrationInput, { description: "The new narration." })
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
    description:
      "Changes a narration's title, voices or delivery. Fails with CONFLICT while the narration renders.",
  })
  updateNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateNarrationInput, { description: "The narration and its changes." })
    input: UpdateNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner) => {
      const at = readNarrationAt(input);
      const analysisId = await findAnalysisId(context, at.id);
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
    description:
      "Changes segments of a narration's script. If one change is invalid, no segment changes. Fails with CONFLICT while the narration renders.",
  })
  updateNarrationSegments(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateNarrationSegmentsInput, {
      description: "The narration and the changes to its segments.",
    })
    input: UpdateNarrationSegmentsInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner) => {
      const at = readNarrationAt(input);
      const edits = editsOf(input.edits, await findAnalysisId(context, at.id));
      return context.services.narrations.updateSegments(owner, at, edits);
    });
  }

  @Mutation(() => PublishNarrationPayload, {
    nullable: true,
    description:
      "Publishes a copy of the narration, which other people can read. Later changes are not in the copy until the narration is published again. A narration that was never rendered is published as text. Fails with CONFLICT while the narration renders. Fails with CONFLICT if the narration changed after its last render, because readers would hear other words than they read.",
  })
  publishNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PublishNarrationInput, {
      description: "The narration, and who can find it.",
    })
    input: PublishNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, (owner) =>
      context.services.publishing.publish(owner, readNarrationAt(input), input.visibility),
    );
  }

  @Mutation(() => UnpublishNarrationPayload, {
    nullable: true,
    description:
      "Removes the published copy of a narration. Afterwards only the owner can read the narration.",
  })
  unpublishNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UnpublishNarrationInput, { description: "The narration." })
    input: UnpublishNarrationInput,
  ): Promise<object> {
    return narrationMutation(context, (owner) =>
      context.services.publishing.unpublish(owner, readNarrationAt(input)),
    );
  }

  @Mutation(() => DeleteNarrationPayload, {
    nullable: true,
    description: "Deletes a narration, its script and its published copy.",
  })
  deleteNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteNarrationInput, { description: "The narration." })
    input: DeleteNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const deleted = await context.services.narrations.delete(owner, readNarrationAt(input));
      return {
        deletedId: toGlobalId("UserStoryNarration", deleted.id),
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
    return { narration, storyId: narration.referenceStoryId };
  });

const readNarrationAt = ({ id, version }: NarrationAtInput): { id: string; version: number } => ({
  id: fromGlobalId(id, "UserStoryNarration", ["id"]),
  version,
});

/**
 * Returns the id of the analysis that the narration's script was copied from. The characters of the
 * script belong to this analysis. Returns null if the narration does not exist or has no script.
 */
async function findAnalysisId({ instances }: FabulaContext, id: string): Promise<number | null> {
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
