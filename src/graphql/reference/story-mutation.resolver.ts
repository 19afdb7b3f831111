import { Arg, Ctx, Field, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import { InvalidInputError } from "../../platform/errors.js";
import type { NewStory } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { isGiven } from "../given.js";
import { integerFromGlobalId } from "../relay/global-id.js";
import { MutationPayload, mutation } from "../mutation.js";
import {
  ArchiveStoryInput,
  CreateStoryInput,
  ImportStoryInput,
  PublishStoryInput,
  type StoryDetailsInput,
  UpdateStoryInput,
} from "./story.input.js";
import { ReferenceStory } from "./story.type.js";
import { User, type UserSource } from "./user.type.js";

@ObjectType()
class StoryPayload extends MutationPayload {
  @Field(() => ReferenceStory, {
    simple: true,
    nullable: true,
    description:
      "The story as it is now; null where the mutation failed, unless it is in conflict.",
  })
  readonly story!: object | null;

  @Field(() => User, {
    nullable: true,
    description: "The author, whose stories this changed; null where the mutation failed.",
  })
  async viewer(
    @Root() { authorId }: Partial<StoryDone>,
    @Ctx() { users }: FabulaContext,
  ): Promise<UserSource | null> {
    return authorId === undefined ? null : users.byId.load(authorId);
  }
}

interface StoryDone {
  readonly story: object;
  readonly authorId: string;
}

const did = (what: string): { description: string } => ({ description: `What ${what} did.` });

@ObjectType(did("createStory"))
class CreateStoryPayload extends StoryPayload {}
@ObjectType(did("importStory"))
class ImportStoryPayload extends StoryPayload {}
@ObjectType(did("updateStory"))
class UpdateStoryPayload extends StoryPayload {}
@ObjectType(did("publishStory"))
class PublishStoryPayload extends StoryPayload {}
@ObjectType(did("archiveStory"))
class ArchiveStoryPayload extends StoryPayload {}

@Resolver()
export class StoryMutationResolver {
  @Mutation(() => CreateStoryPayload, { nullable: true, description: "Begins a draft." })
  createStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CreateStoryInput, { description: "The story." }) input: CreateStoryInput,
  ): Promise<object> {
    const { title, content, ...details } = input;
    return storyMutation(context, (authorId) =>
      context.services.stories.create(authorId, { ...detailsOf(details), title, content }),
    );
  }

  @Mutation(() => ImportStoryPayload, {
    nullable: true,
    description: "Begins a draft from a plain-text file.",
  })
  importStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ImportStoryInput, { description: "The file." }) input: ImportStoryInput,
  ): Promise<object> {
    const { fileName, dataBase64, title, ...details } = input;
    return storyMutation(context, (authorId) =>
      context.services.stories.importText(
        authorId,
        { fileName, bytes: bytesOf(dataBase64) },
        { ...detailsOf(details), ...(isGiven(title) ? { title } : {}) },
      ),
    );
  }

  @Mutation(() => UpdateStoryPayload, {
    nullable: true,
    description: "Changes a draft or public story.",
  })
  updateStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateStoryInput, { description: "What changes." }) input: UpdateStoryInput,
  ): Promise<object> {
    const { id, version, title, content, ...details } = input;
    return storyMutation(context, (authorId) =>
      context.services.stories.update(
        authorId,
        { id: integerFromGlobalId(id, "ReferenceStory", ["id"]), version },
        { ...detailsOf(details), title: title ?? undefined, content: content ?? undefined },
      ),
    );
  }

  @Mutation(() => PublishStoryPayload, {
    nullable: true,
    description:
      "Shows a story to everyone and has it analysed. Cannot be taken back, only archived.",
  })
  publishStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PublishStoryInput, { description: "Which." })
    { id, version }: PublishStoryInput,
  ): Promise<object> {
    return storyMutation(context, (authorId) =>
      context.services.stories.publish(authorId, {
        id: integerFromGlobalId(id, "ReferenceStory", ["id"]),
        version,
      }),
    );
  }

  @Mutation(() => ArchiveStoryPayload, {
    nullable: true,
    description:
      "Takes a public story off the shelf; narrations of it and links to it go on working.",
  })
  archiveStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ArchiveStoryInput, { description: "Which." })
    { id, version }: ArchiveStoryInput,
  ): Promise<object> {
    return storyMutation(context, (authorId) =>
      context.services.stories.archive(authorId, {
        id: integerFromGlobalId(id, "ReferenceStory", ["id"]),
        version,
      }),
    );
  }
}

const storyMutation = (
  context: FabulaContext,
  work: (authorId: string) => Promise<object>,
): Promise<object> =>
  mutation(context, async ({ userId }): Promise<StoryDone> => ({
    story: await work(userId),
    authorId: userId,
  }));

/** null clears what may be empty and leaves the rest as it is. */
function detailsOf(input: StoryDetailsInput): Partial<Omit<NewStory, "title" | "content">> {
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

/** @throws InvalidInputError for what is no base64 */
function bytesOf(dataBase64: string): Uint8Array {
  const bytes = Buffer.from(dataBase64, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") === dataBase64.replace(/=+$/, "")) return bytes;
  throw new InvalidInputError("dataBase64 is not base64; encode the file's bytes.", ["dataBase64"]);
}
