import type { ResponsePath } from "graphql";

/** A field of an object, or the index of a list entry. */
type Step =
  { readonly responseName: string; readonly parentType: { readonly name: string } } | number;

/**
 * The place in the answer where a run is. Only a place with an error, or with a part that comes later, needs
 * its path. So the run notes fields and indexes, and makes a path when it is asked for one. Whoever enters a
 * place knows its depth, so nobody has to leave a place, not even after an error.
 */
export class Position {
  /** The number of steps from the start to this place. */
  depth = 0;
  private start: ResponsePath | undefined;
  private readonly steps: Step[] = [];
  private readonly paths: (ResponsePath | undefined)[] = [];

  /** Starts again from this place; undefined is the root. */
  startAt(path: ResponsePath | undefined): void {
    this.start = path;
    this.depth = 0;
  }

  /** Enters a field, or an entry of a list, of the place that has this depth. */
  enter(depth: number, step: Step): void {
    this.steps[depth] = step;
    this.paths[depth] = undefined;
    this.depth = depth + 1;
  }

  /** The path of this place; undefined for the root. */
  get path(): ResponsePath | undefined {
    return this.depth === 0 ? this.start : this.pathBelow(this.depth - 1);
  }

  /**
   * Returns the path of the place that was entered last from a place of this depth. A place has one path
   * object, because errors compare paths.
   */
  pathBelow(depth: number): ResponsePath {
    return (this.paths[depth] ??= this.makePath(depth));
  }

  private makePath(depth: number): ResponsePath {
    const prev = depth === 0 ? this.start : this.pathBelow(depth - 1);
    const step = this.steps[depth] ?? 0;
    return typeof step === "number"
      ? { prev, key: step, typename: undefined }
      : { prev, key: step.responseName, typename: step.parentType.name };
  }
}
