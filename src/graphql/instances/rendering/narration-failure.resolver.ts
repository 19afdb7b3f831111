import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import {
  type NarrationFailure as NarrationFailureRow,
  type NarrationView,
  failureOf,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { type SegmentSource, detailsOf, toSegment } from "../narration/narration.mapper.js";
import {
  NarrationFailure,
  NarrationSegment,
  UserStoryNarration,
} from "../narration/narration.type.js";

interface FailureSource extends NarrationFailureRow {
  readonly narration: NarrationView;
}

@Resolver(() => UserStoryNarration)
export class FailedNarrationResolver {
  @FieldResolver(() => NarrationFailure, {
    nullable: true,
    description:
      "Why the last render failed, or why Fabula cancelled the render. null if the render did not fail, if the owner cancelled the render, and for viewers other than the owner. A new render speaks only the missing segments.",
  })
  failure(@Root() narration: NarrationView): FailureSource | null {
    const failure = failureOf(narration);
    return failure && { ...failure, narration };
  }
}

@Resolver(() => NarrationFailure)
export class NarrationFailureResolver {
  @FieldResolver(() => NarrationSegment, {
    nullable: true,
    description:
      "The first segment that caused the failure. null if no single segment caused the failure.",
  })
  async segment(
    @Root() { narration, position }: FailureSource,
    @Ctx() context: FabulaContext,
  ): Promise<SegmentSource | null> {
    if (position === null) return null;
    const [row, details] = await Promise.all([
      context.instances?.narrations.segmentAt.load(`${narration.id}.${position}`),
      detailsOf(narration, context),
    ]);
    return row && details ? toSegment({ narration, details }, row) : null;
  }
}
