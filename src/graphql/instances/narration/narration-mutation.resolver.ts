import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import {
  type CastChoice,
  type NarrationAt,
  type NarrationEntity,
  type NarrationInput,
  type Owner,
  type SegmentEdit,
  readIdempotentRequest,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { isGiven } from "../../given.js";
import { toGlobalId } from "../../relay/global-id.js";
import type { InputIds } from "../../relay/input-ids.js";
import { MutationPayload, deletedIdOf, mutation } from "../../mutation.js";
import {
  type CharacterIdReader,
  characterIdReader,
} from "../../reference/analysis/character.mapper.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
import {
  type CastChoiceInput,
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
import type {
  CharacterModificationInput,
  VoiceModificationsChangeInput,
  VoiceModificationsInput,
} from "./voice-modifications.type.js";

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

export const describeResult = (name: string): { description: string } => ({
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
    return narrationMutation(context, async (owner, ids) => {
      const storyId = ids.readInteger(input.storyId, "ReferenceStory", ["storyId"]);
      const story = await context.reference.stories.byId.load(storyId);
      const current = story && (await context.reference.analyses.current(story));
      const analysisId = story ? (current?.ready?.id ?? null) : undefined;
      const characterIdOf = characterIdReader(analysisId, ids);
      const narration = {
        storyId,
        title: input.title,
        narratorVoice: ids.readOptional(input.narratorVoice, "Voice", ["narratorVoice"]),
        voiceModifications: modificationsOf(input.voiceModifications, characterIdOf),
      };
      const request = ids.problems.check(
        () => readIdempotentRequest("createNarration", input),
        undefined,
      );
      return context.services.narrations.create(owner, narration, request, ids.problems);
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
    return narrationMutation(context, async (owner, ids) => {
      const at = readNarrationAt(ids, input);
      const characterIdOf = characterIdReader(await findAnalysisId(context, at.id), ids);
      const changes: NarrationInput = {
        title: input.title,
        narratorVoice: ids.readOptional(input.narratorVoice, "Voice", ["narratorVoice"]),
        cast: input.cast && castOf(input.cast, characterIdOf, ids),
        voiceModifications: modificationsOf(input.voiceModifications, characterIdOf),
        modify: changeOf(input.modify, characterIdOf),
      };
      return context.services.narrations.update(owner, at, changes, ids.problems);
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
    return narrationMutation(context, async (owner, ids) => {
      const at = readNarrationAt(ids, input);
      const characterIdOf = characterIdReader(await findAnalysisId(context, at.id), ids);
      const edits = editsOf(input.edits, characterIdOf, ids);
      return context.services.narrations.updateSegments(owner, at, edits, ids.problems);
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
    return narrationMutation(context, (owner, ids) =>
      context.services.publishing.publish(owner, requireNarrationAt(ids, input), input.visibility),
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
    return narrationMutation(context, (owner, ids) =>
      context.services.publishing.unpublish(owner, requireNarrationAt(ids, input)),
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
    return mutation(context, async (owner, ids) => {
      const at = requireNarrationAt(ids, input);
      const deleted = await context.services.narrations.delete(owner, at);
      return {
        deletedId: toGlobalId("UserStoryNarration", deleted.id),
        storyId: deleted.referenceStoryId,
      };
    });
  }
}

export const narrationMutation = (
  context: FabulaContext,
  work: (owner: Owner, ids: InputIds) => Promise<NarrationEntity>,
): Promise<object> =>
  mutation(context, async (owner, ids) => {
    const narration = await work(owner, ids);
    return { narration, storyId: narration.referenceStoryId };
  });

export const readNarrationAt = (ids: InputIds, { id, version }: NarrationAtInput): NarrationAt => ({
  id: ids.read(id, "UserStoryNarration", ["id"]),
  version,
});

/** Reads an input that has nothing else to check. */
export function requireNarrationAt(ids: InputIds, input: NarrationAtInput): NarrationAt {
  const at = readNarrationAt(ids, input);
  ids.problems.refuse();
  return at;
}

/**
 * Returns the id of the analysis that the narration's script was copied from. The characters of the
 * script belong to this analysis. Returns null if the narration has no script, and undefined if there is no
 * such narration.
 */
export async function findAnalysisId(
  { instances }: FabulaContext,
  id: string,
): Promise<number | null | undefined> {
  const narration = await instances?.narrations.byId.load(id);
  return narration?.analysisId;
}

const castOf = (
  cast: readonly CastChoiceInput[],
  characterIdOf: CharacterIdReader,
  ids: InputIds,
): CastChoice[] =>
  cast.map(({ characterId, voice }, at) => ({
    characterId: characterIdOf(characterId, ["cast", String(at), "characterId"]),
    voice: ids.readOptional(voice ?? null, "Voice", ["cast", String(at), "voice"]),
  }));

function modificationsOf(
  input: VoiceModificationsInput | null | undefined,
  characterIdOf: CharacterIdReader,
): NarrationInput["voiceModifications"] {
  if (!input) return input;
  const { emotions, characters, lexicon, ...prosody } = input;
  return {
    ...prosody,
    emotions: emotions ?? undefined,
    characters: charactersOf(characters, "voiceModifications", characterIdOf) ?? undefined,
    lexicon: lexicon ?? undefined,
  };
}

/** The service refuses null for lists. */
function changeOf(
  input: VoiceModificationsChangeInput | null | undefined,
  characterIdOf: CharacterIdReader,
): NarrationInput["modify"] {
  if (!input) return input;
  const { characters, removeCharacters, ...others } = input;
  const change = {
    ...others,
    characters: charactersOf(characters, "modify", characterIdOf),
    removeCharacters: isGiven(removeCharacters)
      ? removeCharacters.map((id, at) =>
          refusable(characterIdOf(id, ["modify", "removeCharacters", String(at)]), at),
        )
      : removeCharacters,
  };
  return change as NarrationInput["modify"];
}

const charactersOf = (
  characters: readonly CharacterModificationInput[] | null | undefined,
  field: string,
  characterIdOf: CharacterIdReader,
) =>
  isGiven(characters)
    ? characters.map(({ characterId, ...change }, at) => ({
        ...change,
        characterId: refusable(
          characterIdOf(characterId, [field, "characters", String(at), "characterId"]),
          at,
        ),
      }))
    : characters;

/** Stands for an id that was refused, until the whole input is refused. */
const refusable = (characterId: string | undefined, at: number): string =>
  characterId ?? `refused ${at}`;

const editsOf = (
  edits: readonly SegmentEditInput[],
  characterIdOf: CharacterIdReader,
  ids: InputIds,
): SegmentEdit[] =>
  edits.map(({ speakerId, voice, ...edit }, at) => {
    const pathOf = (field: string) => ["edits", String(at), field];
    return {
      ...edit,
      speakerId: isGiven(speakerId) ? characterIdOf(speakerId, pathOf("speakerId")) : speakerId,
      voice: ids.readOptional(voice, "Voice", pathOf("voice")),
    };
  });
