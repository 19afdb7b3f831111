import type { NarrationFiles, Rendition } from "../../../reference/index.js";
import type { PlacedSegment } from "./join-steps.js";
import type { RenderPlan } from "../plan/plan.js";

/** The segments to join, in order. Every segment must have a rendition. */
export interface JoinOrder extends RenderPlan {
  /** The name of the owner in blob keys. */
  readonly ownerName: string;
}

/** A narration's sound, joined, encoded and stored. */
export interface JoinedSound {
  readonly audio: NarrationFiles;
  readonly audioBlobKey: string;
  readonly durationMs: number;
  readonly loudnessLufs: number;
  readonly sizeBytes: string;
  /** The start and the missed gain of each segment in the joined sound, in order. */
  readonly placed: readonly PlacedSegment[];
}

/** Joins renditions into the files of a narration, without blocking the event loop. */
export interface SoundJoiner {
  join(
    order: JoinOrder,
    renditions: ReadonlyMap<string, Rendition>,
    signal: AbortSignal,
  ): Promise<JoinedSound>;
}
