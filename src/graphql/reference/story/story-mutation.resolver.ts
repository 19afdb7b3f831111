import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from "type-graphql";
import { InvalidInputError } from "../../../platform/errors.js";
import { ownerOf } from "../../../instances/index.js";
import type { NewStory } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { isGiven } from "../../given.js";
import type { InputIds } from "../../relay/input-ids.js";
import { MutationPayload, mutation } from "../../mutation.js";
import {
  ArchiveStoryInput,
  CreateStoryInput,
  ImportStoryInput,
  PublishStoryInput,
  type StoryDetailsInput,
  UpdateStoryInput,
} from "./story.input.js";
import { ReferenceStory } from "./story.type.js";

@ObjectType()
export class StoryPayload extends MutationPayload {
  @Field(() => ReferenceStory, {
    simple: true,
    nullable: true,
    description:
      "The story after the change. After a CONFLICT: the current story. null after any other failure.",
  })
  readonly story!: object | null;
}

const resultOf = (mutationName: string): { description: string } => ({
  description: `The result of ${mutationName}.`,
});

@ObjectType(resultOf("createStory"))
class CreateStoryPayload extends StoryPayload {}
@ObjectType(resultOf("importStory"))
class ImportStoryPayload extends StoryPayload {}
@ObjectType(resultOf("updateStory"))
class UpdateStoryPayload extends StoryPayload {}
@ObjectType(resultOf("publishStory"))
class PublishStoryPayload extends StoryPayload {}
@ObjectType(resultOf("archiveStory"))
class ArchiveStoryPayload extends StoryPayload {}

@Resolver()
export class StoryMutationResolver {
  @Mutation(() => CreateStoryPayload, {
    nullable: true,
    description: "Creates a story as a draft.",
  })
  createStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CreateStoryInput, { description: "The new story." })
    input: CreateStoryInput,
  ): Promise<object> {
    const { title, content, ...details } = input;
    return storyMutation(context, (authorId) =>
      context.services.stories.create(authorId, { ...newDetailsOf(details), title, content }),
    );
  }

  @Mutation(() => ImportStoryPayload, {
    nullable: true,
    description:
      "Creates a story as a draft from a file. Stores the text of the story, without marks, notes and navigation.",
  })
  importStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ImportStoryInput, { description: "The file and the story's details." })
    input: ImportStoryInput,
  ): Promise<object> {
    const { fileName, dataBase64, uploadId, encoding, title, ...fields } = input;
    const { imports } = context.services;
    const about = { fileName, encoding: encoding ?? undefined };
    const details = { ...newDetailsOf(fields), ...(isGiven(title) ? { title } : {}) };
    return storyMutation(context, (authorId, ids) => {
      const { problems } = ids;
      if (isGiven(dataBase64) === isGiven(uploadId)) {
        problems.add("Send exactly one of dataBase64 and uploadId.", ["uploadId"]);
      }
      const owner = ownerOf(authorId);
      if (!isGiven(uploadId) || isGiven(dataBase64)) {
        const bytes = problems.check(() => decodeBase64(dataBase64 ?? ""), new Uint8Array());
        return imports.importFile(owner, { ...about, bytes }, details, problems);
      }
      const id = ids.read(uploadId, "Upload", ["uploadId"]);
      return imports.importUpload(owner, { ...about, uploadId: id }, details, problems);
    });
  }

  @Mutation(() => UpdateStoryPayload, {
    nullable: true,
    description: "Changes a draft or a public story.",
  })
  updateStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateStoryInput, { description: "The story and its changes." })
    input: UpdateStoryInput,
  ): Promise<object> {
    const { id, version, ...changes } = input;
    return storyMutation(context, (authorId, ids) => {
      const at = { id: ids.readInteger(id, "ReferenceStory", ["id"]), version };
      return context.services.stories.update(authorId, at, changes, { problems: ids.problems });
    });
  }

  @Mutation(() => PublishStoryPayload, {
    nullable: true,
    description:
      "Makes a story public and requests its analysis. A public story can be archived, but it cannot become a draft again.",
  })
  publishStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PublishStoryInput, { description: "The story to publish." })
    { id, version }: PublishStoryInput,
  ): Promise<object> {
    return storyMutation(context, (authorId, ids) => {
      const at = { id: ids.readInteger(id, "ReferenceStory", ["id"]), version };
      ids.problems.refuse();
      return context.services.stories.publish(authorId, at);
    });
  }

  @Mutation(() => ArchiveStoryPayload, {
    nullable: true,
    description:
      "Removes a public story from the lists. Narrations of the story and links to the story still work.",
  })
  archiveStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ArchiveStoryInput, { description: "The story to archive." })
    { id, version }: ArchiveStoryInput,
  ): Promise<object> {
    return storyMutation(context, (authorId, ids) => {
      const at = { id: ids.readInteger(id, "ReferenceStory", ["id"]), version };
      ids.problems.refuse();
      return context.services.stories.archive(authorId, at);
    });
  }
}

const storyMutation = (
  context: FabulaContext,
  work: (authorId: string, ids: InputIds) => Promise<object>,
): Promise<object> =>
  mutation(context, async ({ userId }, ids) => ({ story: await work(userId, ids) }));

/**
 * Returns the details of a new story. null means the same as an absent field, except for what the file of an
 * import says: null is stronger than the file.
 */
function newDetailsOf(input: StoryDetailsInput): Partial<Omit<NewStory, "title" | "content">> {
  const { category, tags, ageRating, language, license, ...clearable } = input;
  return {
    ...clearable,
    category: category ?? undefined,
    tags: tags ?? undefined,
    ageRating: ageRating ?? undefined,
    language: language ?? undefined,
    license: license ?? undefined,
  };
}

/** Returns the bytes of a base64 text. @throws InvalidInputError if the text is not base64 */
function decodeBase64(dataBase64: string): Uint8Array {
  const bytes = Buffer.from(dataBase64, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") === dataBase64.replace(/=+$/, "")) return bytes;
  throw new InvalidInputError("dataBase64 is not base64. Encode the file's bytes as base64.", [
    "dataBase64",
  ]);
}
