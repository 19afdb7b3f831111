import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import {
  type NarrationView,
  type UnplacedEdit as Unplaced,
  isOwn,
} from "../../../../instances/index.js";
import type { FabulaContext } from "../../../context.js";
import { Voice } from "../../../reference/voice/voice.type.js";
import { toVoice } from "../../voice/voice.mapper.js";
import {
  NarrationPayload,
  describeResult,
  narrationMutation,
  requireNarrationAt,
} from "../narration-mutation.resolver.js";
import { mutation } from "../../../mutation.js";
import { UserStoryNarration } from "../narration.type.js";
import { DismissUnplacedEditsInput, RebaseNarrationInput, UnplacedEdit } from "./rebasing.type.js";

@ObjectType(describeResult("rebaseNarration"))
class RebaseNarrationPayload extends NarrationPayload {
  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The number of segments with an edit that has its place in the new script: changed, inserted and deleted segments. null if the mutation failed.",
  })
  readonly placedEdits!: number | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The number of segments of the new script that the earlier script did not have. null if the mutation failed.",
  })
  readonly newSegments!: number | null;

  @Field(() => [UnplacedEdit], {
    description:
      "The edits that this change has no place for. They stay in `unplacedEdits` of the narration. Empty if the mutation failed.",
  })
  unplaced(@Root() { unplaced }: { readonly unplaced?: readonly Unplaced[] }): readonly Unplaced[] {
    return unplaced ?? [];
  }
}

@ObjectType(describeResult("dismissUnplacedEdits"))
class DismissUnplacedEditsPayload extends NarrationPayload {}

@Resolver()
export class RebasingResolver {
  @Mutation(() => RebaseNarrationPayload, {
    nullable: true,
    description:
      "Makes the script anew from the text that the story has now. Keeps your edits where the text is the same, and lists the others. Segments that did not change keep their sound, so the next render speaks only what changed. The audio and the published copy stay until you render and publish. Changes nothing if the narration is not outdated and its analysis is the story's current one. Fails with CONFLICT while the narration renders, and until the new text is analysed.",
  })
  rebaseNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => RebaseNarrationInput, { description: "The narration." })
    input: RebaseNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const at = requireNarrationAt(ids, input);
      const rebase = await context.services.rebasing.rebase(owner, at, input.dryRun ?? false);
      return { ...rebase, storyId: rebase.narration.referenceStoryId };
    });
  }

  @Mutation(() => DismissUnplacedEditsPayload, {
    nullable: true,
    description: "Forgets the edits in `unplacedEdits` of a narration.",
  })
  dismissUnplacedEdits(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DismissUnplacedEditsInput, { description: "The narration." })
    input: DismissUnplacedEditsInput,
  ): Promise<object> {
    return narrationMutation(context, (owner, ids) =>
      context.services.rebasing.dismissUnplaced(owner, requireNarrationAt(ids, input)),
    );
  }
}

@Resolver(() => UserStoryNarration)
export class UnplacedEditsResolver {
  @FieldResolver(() => [UnplacedEdit], {
    description:
      "Your edits that the script has had no place for since it took up a new text of the story. They stay until you dismiss them. Always empty for viewers other than the owner.",
  })
  async unplacedEdits(
    @Root() narration: NarrationView,
    @Ctx() { instances }: FabulaContext,
  ): Promise<readonly Unplaced[]> {
    const stored = await instances?.narrations.unplacedEdits.load(narration.id);
    return isOwn(narration) ? (stored?.edits ?? []) : [];
  }
}

@Resolver(() => UnplacedEdit)
export class UnplacedEditResolver {
  @FieldResolver(() => Voice, {
    nullable: true,
    description:
      "The voice that the owner chose for the segment or the character; null if the owner chose none.",
  })
  voice(
    @Root() { voice: id, voiceName: storedName }: Unplaced,
    @Ctx() context: FabulaContext,
  ): Voice | null | Promise<Voice> {
    return id === null ? null : toVoice(context, { id, storedName }, {});
  }
}
