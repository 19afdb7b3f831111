import { Arg, Ctx, Mutation, ObjectType, Resolver } from "type-graphql";
import type { SegmentDraft } from "../../../../instances/index.js";
import type { FabulaContext } from "../../../context.js";
import { isGiven } from "../../../given.js";
import type { InputIds } from "../../../relay/input-ids.js";
import {
  type CharacterIdReader,
  characterIdReader,
} from "../../../reference/analysis/character.mapper.js";
import {
  NarrationPayload,
  findAnalysisId,
  narrationMutation,
  readNarrationAt,
  requireNarrationAt,
} from "../narration-mutation.resolver.js";
import {
  DeleteNarrationSegmentsInput,
  InsertNarrationSegmentsInput,
  JoinNarrationSegmentsInput,
  type NewNarrationSegmentInput,
  SplitNarrationSegmentInput,
} from "./script-shape.input.js";

const describeResult = (name: string): { description: string } => ({
  description: `The result of ${name}.`,
});

@ObjectType(describeResult("insertNarrationSegments"))
class InsertNarrationSegmentsPayload extends NarrationPayload {}
@ObjectType(describeResult("splitNarrationSegment"))
class SplitNarrationSegmentPayload extends NarrationPayload {}
@ObjectType(describeResult("joinNarrationSegments"))
class JoinNarrationSegmentsPayload extends NarrationPayload {}
@ObjectType(describeResult("deleteNarrationSegments"))
class DeleteNarrationSegmentsPayload extends NarrationPayload {}

const AFTERWARDS =
  "All later segments get new indexes and ids, and keep their sound. Read the script again afterwards. Fails with CONFLICT while the narration renders.";

/** Changes which segments a script has. */
@Resolver()
export class ScriptShapeResolver {
  @Mutation(() => InsertNarrationSegmentsPayload, {
    nullable: true,
    description: `Inserts segments into a narration's script. They have no storySegment. ${AFTERWARDS}`,
  })
  insertNarrationSegments(
    @Ctx() context: FabulaContext,
    @Arg("input", () => InsertNarrationSegmentsInput, {
      description: "The narration and the new segments.",
    })
    input: InsertNarrationSegmentsInput,
  ): Promise<object> {
    return narrationMutation(context, async (owner, ids) => {
      const at = readNarrationAt(ids, input);
      const characterIdOf = characterIdReader(await findAnalysisId(context, at.id), ids);
      const segments = draftsOf(input.segments, characterIdOf, ids);
      const insert = { after: input.afterIndex ?? -1, segments };
      return context.services.scriptShaping.insert(owner, at, insert, ids.problems);
    });
  }

  @Mutation(() => SplitNarrationSegmentPayload, {
    nullable: true,
    description: `Splits a segment in two, for example to give the parts different voices. Both parts keep the storySegment, and no part can be reset before the parts are joined again. ${AFTERWARDS}`,
  })
  splitNarrationSegment(
    @Ctx() context: FabulaContext,
    @Arg("input", () => SplitNarrationSegmentInput, {
      description: "The narration, the segment and the place.",
    })
    input: SplitNarrationSegmentInput,
  ): Promise<object> {
    const { index, at } = input;
    return narrationMutation(context, (owner, ids) =>
      context.services.scriptShaping.change(owner, requireNarrationAt(ids, input), {
        split: { index, at },
      }),
    );
  }

  @Mutation(() => JoinNarrationSegmentsPayload, {
    nullable: true,
    description: `Joins a segment with the next one. The result has both texts with a space between them, the pause of the second segment, and everything else of the first. If the first was inserted, the result has the second's storySegment. A reset makes it the storySegment again. ${AFTERWARDS}`,
  })
  joinNarrationSegments(
    @Ctx() context: FabulaContext,
    @Arg("input", () => JoinNarrationSegmentsInput, {
      description: "The narration and the first segment.",
    })
    input: JoinNarrationSegmentsInput,
  ): Promise<object> {
    const { index } = input;
    return narrationMutation(context, (owner, ids) =>
      context.services.scriptShaping.change(owner, requireNarrationAt(ids, input), {
        join: { index },
      }),
    );
  }

  @Mutation(() => DeleteNarrationSegmentsPayload, {
    nullable: true,
    description: `Deletes segments from a narration's script. ${AFTERWARDS}`,
  })
  deleteNarrationSegments(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteNarrationSegmentsInput, {
      description: "The narration and the segments.",
    })
    input: DeleteNarrationSegmentsInput,
  ): Promise<object> {
    const { indexes } = input;
    return narrationMutation(context, (owner, ids) =>
      context.services.scriptShaping.change(owner, requireNarrationAt(ids, input), {
        remove: { indexes },
      }),
    );
  }
}

const draftsOf = (
  segments: readonly NewNarrationSegmentInput[],
  characterIdOf: CharacterIdReader,
  ids: InputIds,
): SegmentDraft[] =>
  segments.map(({ text, kind, speakerId, voice, ...segment }, at) => {
    const pathOf = (field: string) => ["segments", String(at), field];
    return {
      ...{ text, kind: kind ?? undefined },
      emotion: segment.emotion ?? undefined,
      intensity: segment.intensity ?? undefined,
      prosody: segment.prosody ?? undefined,
      pauseAfterMs: segment.pauseAfterMs ?? undefined,
      speakerId: isGiven(speakerId) ? characterIdOf(speakerId, pathOf("speakerId")) : undefined,
      voice: isGiven(voice) ? ids.readOptional(voice, "Voice", pathOf("voice")) : undefined,
    };
  });
