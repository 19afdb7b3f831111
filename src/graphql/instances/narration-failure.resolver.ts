import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { NarrationFailure as NarrationFailureRow } from "../../instances/index.js";
import type { FabulaContext } from "../context.js";
import { type SegmentSource, toSegment } from "./narration.mapper.js";
import { NarrationFailure, NarrationSegment, UserStoryNarration } from "./narration.type.js";

interface FailureSource extends NarrationFailureRow {
  readonly narration: UserStoryNarration;
}

@Resolver(() => UserStoryNarration)
export class FailedNarrationResolver {
  @FieldResolver(() => NarrationFailure, {
    nullable: true,
    description:
      "Why its last render failed; null unless it did and the viewer is the narrator. Rendering again speaks only what is missing.",
  })
  failure(@Root() narration: UserStoryNarration): FailureSource | null {
    return narration.failure && { ...narration.failure, narration };
  }
}

@Resolver(() => NarrationFailure)
export class NarrationFailureResolver {
  @FieldResolver(() => NarrationSegment, {
    nullable: true,
    description:
      "The segment at fault, the first where there are several; null where it is no single one.",
  })
  async segment(
    @Root() { narration, position }: FailureSource,
    @Ctx() { instances }: FabulaContext,
  ): Promise<SegmentSource | null> {
    if (position === null) return null;
    const row = await instances?.narrations.segmentAt.load(`${narration.narrationId}.${position}`);
    return row ? toSegment(narration, row) : null;
  }
}
