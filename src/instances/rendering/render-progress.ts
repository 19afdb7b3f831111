import { type NarrationStatus, isUnderWay } from "../narration/narration.entity.js";
import type { RenderEntity } from "./rendering.entity.js";

/** The progress of a narration's latest render. */
export interface RenderCounts {
  readonly renderedSegments: number;
  readonly totalSegments: number;
  readonly reusedSegments: number;
  /**
   * The estimated seconds until all segments are spoken. null until a worker has made a rendition, and
   * after the render has ended.
   */
  readonly etaSeconds: number | null;
}

export const countRender = (
  render: RenderEntity,
  status: NarrationStatus,
  now: Date,
): RenderCounts => ({
  renderedSegments: render.rendered,
  totalSegments: render.total,
  reusedSegments: render.reused,
  etaSeconds: isUnderWay(status) ? estimateRemainingSeconds(render, now) : null,
});

/**
 * Estimates the remaining time from the speed of this attempt only, because an earlier attempt may have
 * run on another machine.
 */
function estimateRemainingSeconds(
  { workingSince, rendered, reused, total }: RenderEntity,
  now: Date,
): number | null {
  if (!workingSince || rendered === 0) return null;
  const elapsedMs = now.getTime() - workingSince.getTime();
  return Math.ceil(((elapsedMs / rendered) * (total - rendered - reused)) / 1000);
}
