import { Arg, Ctx, FieldResolver, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import {
  type ForkSource,
  type NarrationEntity,
  type NarrationView,
  type ReplacedVoice as ReplacedVoiceRow,
  type WholeNarration,
  readIdempotentRequest,
} from "../../../../instances/index.js";
import type { NarrationCredit } from "../../../../reference/index.js";
import type { FabulaContext } from "../../../context.js";
import { mutation } from "../../../mutation.js";
import { User, type UserSource } from "../../../reference/user/user.type.js";
import { Voice } from "../../../reference/voice/voice.type.js";
import { decodeGlobalId } from "../../../relay/global-id.js";
import type { InputIds } from "../../../relay/input-ids.js";
import { DateTime } from "../../../scalars.js";
import { findVoice } from "../../voice/voice.mapper.js";
import { ForkNarrationInput, NarrationLineage, ReplacedVoice } from "./forking.type.js";
import { NarrationPayload } from "../narration-mutation.resolver.js";
import { findNarration } from "../narration.mapper.js";
import { UserStoryNarration } from "../narration.type.js";

@ObjectType({ description: "The result of forkNarration." })
class ForkNarrationPayload extends NarrationPayload {}

interface LineageSource extends NarrationCredit {
  readonly original?: NarrationCredit;
}

@Resolver(() => ForkNarrationPayload)
export class ForkingMutationResolver {
  @Mutation(() => ForkNarrationPayload, {
    nullable: true,
    description:
      "Copies the script, the cast and the delivery of a narration that you may read into a narration of your own. Copies no audio. Sound that everyone shares is not spoken again when you render the copy. A personal voice stays with its owner: another voice speaks instead, and `replacedVoices` lists it. The copy names its origin in `forkedFrom`.",
  })
  forkNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ForkNarrationInput, { description: "The narration to copy." })
    input: ForkNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const fork = { source: sourceOf(ids, input.id), title: input.title };
      const request = ids.problems.check(
        () => readIdempotentRequest("forkNarration", input),
        undefined,
      );
      const { forks } = context.services;
      const narration = await forks.fork(owner, fork, request, ids.problems);
      return { narration, storyId: narration.referenceStoryId };
    });
  }

  @FieldResolver(() => [ReplacedVoice], {
    description:
      "The voices of the copied narration that the copy does not have; empty after a failure.",
  })
  replacedVoices(
    @Root() { narration }: { readonly narration?: NarrationEntity },
  ): readonly ReplacedVoiceRow[] {
    return narration?.forkedFrom?.replacedVoices ?? [];
  }
}

function sourceOf(ids: InputIds, id: string): ForkSource {
  const shared = decodeGlobalId(id);
  return shared?.type === "SharedNarration"
    ? { shareTokenHash: shared.raw }
    : { narrationId: ids.read(id, "UserStoryNarration", ["id"]) };
}

@Resolver(() => ReplacedVoice)
export class ReplacedVoiceResolver {
  @FieldResolver(() => Voice, {
    nullable: true,
    description:
      "The voice that speaks instead. null if the place is SEGMENTS: the voices of the speakers speak these segments. null also if the voice is no longer offered.",
  })
  voice(
    @Root() { voice }: ReplacedVoiceRow,
    @Ctx() context: FabulaContext,
  ): Voice | null | Promise<Voice | null> {
    return findVoice(context, voice ?? "");
  }
}

@Resolver(() => UserStoryNarration)
export class ForkedNarrationResolver {
  @FieldResolver(() => NarrationLineage, {
    nullable: true,
    description: "Where the narration was copied from; null if the narration is no copy.",
  })
  forkedFrom(@Root() { forkedFrom }: NarrationView): LineageSource | null {
    return forkedFrom;
  }
}

@Resolver(() => NarrationLineage)
export class NarrationLineageResolver {
  @FieldResolver(() => UserStoryNarration, {
    nullable: true,
    description:
      "The copied narration as it is now; null if it is gone, or if you may not read it any more.",
  })
  narration(
    @Root() { narrationId }: LineageSource,
    @Ctx() context: FabulaContext,
  ): Promise<WholeNarration | null> {
    return findNarration(context, narrationId);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: "The owner of the copied narration; null if this user was erased.",
  })
  narrator(
    @Root() { narratorId }: LineageSource,
    @Ctx() { users }: FabulaContext,
  ): Promise<UserSource | null> {
    return users.byPublicId.load(narratorId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The name that the owner of the copied narration had then; null if the owner had none or was erased.",
  })
  async narratorName(
    @Root() { narratorId, narratorName }: LineageSource,
    @Ctx() { users }: FabulaContext,
  ): Promise<string | null> {
    return (await users.byPublicId.load(narratorId)) && narratorName;
  }

  @FieldResolver(() => DateTime, { description: "When the copy was made." })
  forkedAt(@Root() { forkedAt }: LineageSource): Date {
    return new Date(forkedAt);
  }

  @FieldResolver(() => NarrationLineage, {
    nullable: true,
    description:
      "The first narration of a chain of copies; null if the copied narration was itself no copy.",
  })
  original(@Root() { original }: LineageSource): LineageSource | null {
    return original ?? null;
  }
}
