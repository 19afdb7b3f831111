import { Ctx, Field, ObjectType, Root } from "type-graphql";
import {
  EmotionVoiceEntity,
  type Owner,
  NarrationEntity,
  VoiceSampleEntity,
} from "../instances/index.js";
import {
  ConflictError,
  ErrorCode,
  type FabulaError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  QuotaExceededError,
} from "../platform/errors.js";
import type { Loader } from "../platform/database/reading/loaders.js";
import { StoryEntity } from "../reference/index.js";
import { InputProblems } from "../platform/input/input-problems.js";
import type { FabulaContext } from "./context.js";
import { graphqlEnum } from "./enum.js";
import { User, type UserSource } from "./reference/user/user.type.js";
import { InputIds } from "./relay/input-ids.js";
import { shortMessage } from "./short-errors.js";

const UserErrorCode = graphqlEnum(
  "UserErrorCode",
  "Why a mutation changed nothing. New codes may be added: treat an unknown code as a failure.",
  {
    BAD_USER_INPUT: [
      ErrorCode.BadUserInput,
      "The input is invalid and can never work. `path` names the field.",
    ],
    NOT_FOUND: [ErrorCode.NotFound, "The object does not exist, or you may not see the object."],
    CONFLICT: [
      ErrorCode.Conflict,
      "The object changed after you read the object, or its state forbids the change. The payload contains the current object.",
    ],
    QUOTA_EXCEEDED: [
      ErrorCode.QuotaExceeded,
      "You used up a quota. The message gives the limit, what you used, and when you can use more.",
    ],
    FORBIDDEN: [ErrorCode.Forbidden, "You may see the object, but you may not change the object."],
  },
);

@ObjectType({
  description:
    "An expected failure of a mutation. Show the message to the person who caused the failure.",
})
export class UserError {
  @Field(() => UserErrorCode, { simple: true, description: "The kind of failure." })
  readonly code!: string;

  @Field(() => String, {
    simple: true,
    description: "What happened, to which object, and what the person can do.",
  })
  readonly message!: string;

  @Field(() => [String], {
    simple: true,
    description:
      "The path to the input field, outermost name first: the invalid field, or the field that brought the id of the object. Entries of lists are named by their number, from 0. Empty if the failure is about no field.",
  })
  readonly path!: readonly string[];
}

/** The result of a mutation. `payload-query.ts` adds the field `query`. */
@ObjectType()
export class MutationPayload {
  @Field(() => [UserError], {
    simple: true,
    description:
      "Expected failures; empty if the mutation succeeded. Every invalid field of the input has an entry.",
  })
  readonly userErrors!: readonly UserError[];

  @Field(() => User, {
    nullable: true,
    description:
      "The viewer, read after the change. The change can alter the viewer's lists. null if the mutation failed.",
  })
  async viewer(
    @Root() { userErrors }: MutationPayload,
    @Ctx() { owner, users }: FabulaContext,
  ): Promise<UserSource | null> {
    return owner && userErrors.length === 0 ? users.byId.load(owner.userId) : null;
  }
}

/** Describes the field `deletedId`, which every payload of a deletion has. */
export const deletedIdOf = (what: string) => ({
  simple: true,
  nullable: true,
  description: `The id of the deleted ${what}; null if the mutation failed. Remove the object with this id from your cache.`,
});

/** Loads the rows with these ids, each once. Leaves out the rows that do not exist. */
export async function loadFound<K extends number | string>(
  loader: Loader<K, object | null>,
  ids: readonly K[],
): Promise<readonly object[]> {
  const rows = await Promise.all([...new Set(ids)].map((id) => loader.load(id)));
  return rows.flatMap((row) => row ?? []);
}

type Failure =
  InvalidInputError | NotFoundError | ConflictError | ForbiddenError | QuotaExceededError;

/**
 * Runs a mutation: signs the viewer in, does the work and returns the payload. Expected failures become
 * user errors. The work reads the ids of its input with `ids`, and must refuse `ids.problems` before it
 * changes anything.
 * @throws UnauthenticatedError if the viewer is anonymous
 * @throws the original error for outages and bugs
 */
export async function mutation<P extends object>(
  context: FabulaContext,
  work: (owner: Owner, ids: InputIds) => Promise<P>,
): Promise<object> {
  const owner = await context.signIn();
  try {
    const ids = new InputIds(new InputProblems());
    const done = await work(owner, ids);
    ids.problems.refuse();
    return { ...done, userErrors: [] };
  } catch (error) {
    if (isFailure(error)) return describeFailure(error);
    throw error;
  } finally {
    context.forgetOwnVoices();
  }
}

/**
 * Returns the payload of a mutation that changed nothing. After a conflict, the payload contains
 * userErrors and the current object. After other failures, the payload contains only userErrors.
 */
export function describeFailure(error: Failure): object {
  const { code, message, inputPath: path } = error satisfies FabulaError;
  const problems = error instanceof InvalidInputError ? error.problems : [{ message, path }];
  const userErrors = problems.map((problem) => ({
    ...{ code, message: shortMessage(problem.message), path: problem.path },
  }));
  return { ...currentObject(error), userErrors };
}

const isFailure = (error: unknown): error is Failure =>
  error instanceof InvalidInputError ||
  error instanceof NotFoundError ||
  error instanceof ConflictError ||
  error instanceof QuotaExceededError ||
  error instanceof ForbiddenError;

function currentObject(error: Failure): object {
  if (!(error instanceof ConflictError)) return {};
  if (error.current instanceof StoryEntity) return { story: error.current };
  if (error.current instanceof NarrationEntity) return { narration: error.current };
  if (error.current instanceof VoiceSampleEntity) return { voiceSample: error.current };
  if (error.current instanceof EmotionVoiceEntity) return { asked: [error.current] };
  return {};
}
