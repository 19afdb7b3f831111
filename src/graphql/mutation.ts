import { Field, ObjectType } from "type-graphql";
import { type Owner, NarrationEntity } from "../instances/index.js";
import {
  ConflictError,
  ErrorCode,
  type FabulaError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
} from "../platform/errors.js";
import { StoryEntity } from "../reference/index.js";
import type { FabulaContext } from "./context.js";
import { graphqlEnum } from "./enum.js";
import { toNarration } from "./instances/narration.mapper.js";

const UserErrorCode = graphqlEnum(
  "UserErrorCode",
  "Why a mutation did nothing. More may be added; treat one you do not know as a failure.",
  {
    BAD_USER_INPUT: [
      ErrorCode.BadUserInput,
      "The input can never work as it is; path names the field.",
    ],
    NOT_FOUND: [ErrorCode.NotFound, "There is no such thing, or none that you may see."],
    CONFLICT: [
      ErrorCode.Conflict,
      "It changed since you read it, or is in a state that forbids this; the payload holds it as it is now.",
    ],
    FORBIDDEN: [ErrorCode.Forbidden, "You can see it, but it is not yours to change."],
  },
);

@ObjectType({
  description: "An expected failure of a mutation, written for the person who caused it.",
})
export class UserError {
  @Field(() => UserErrorCode, { simple: true, description: "The kind of failure." })
  readonly code!: string;

  @Field(() => String, {
    simple: true,
    description: "What happened, to which object, and what to do about it.",
  })
  readonly message!: string;

  @Field(() => [String], {
    simple: true,
    description:
      "The field of the input at fault, from the outside in; empty where it is no single one.",
  })
  readonly path!: readonly string[];
}

@ObjectType()
export class MutationPayload {
  @Field(() => [UserError], {
    simple: true,
    description: "Expected failures; empty where the mutation did what it was asked.",
  })
  readonly userErrors!: readonly UserError[];
}

type Failure = InvalidInputError | NotFoundError | ConflictError | ForbiddenError;

/**
 * One mutation: signs in, does the work and gives its payload. Expected failures become user
 * errors; a missing sign-in, outages and bugs are thrown.
 */
export async function mutation<P extends object>(
  context: FabulaContext,
  work: (owner: Owner) => Promise<P>,
): Promise<object> {
  const owner = await context.signIn();
  try {
    return { ...(await work(owner)), userErrors: [] };
  } catch (error) {
    if (isFailure(error)) return describeFailure(error);
    throw error;
  }
}

/** The payload of a mutation that did nothing; every field but userErrors is null or the object in conflict. */
export function describeFailure(error: Failure): object {
  const { code, message } = error satisfies FabulaError;
  const path = error instanceof InvalidInputError ? error.inputPath : [];
  return { ...currentObject(error), userErrors: [{ code, message, path }] };
}

const isFailure = (error: unknown): error is Failure =>
  error instanceof InvalidInputError ||
  error instanceof NotFoundError ||
  error instanceof ConflictError ||
  error instanceof ForbiddenError;

function currentObject(error: Failure): object {
  if (!(error instanceof ConflictError)) return {};
  if (error.current instanceof StoryEntity) return { story: error.current };
  if (error.current instanceof NarrationEntity) return { narration: toNarration(error.current) };
  return {};
}
