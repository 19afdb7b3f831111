import type { GraphQLError, ResponsePath } from "graphql";

/**
 * The errors of one execution, in the order in which they happened. As in graphql-js, an error below a
 * position that another error already made null is left out.
 */
export class CollectedErrors {
  readonly all: GraphQLError[] = [];
  private readonly nulled = new Set<ResponsePath | undefined>();

  /** @param path the position that the error makes null; undefined for the whole answer */
  add(error: GraphQLError, path: ResponsePath | undefined): void {
    if (this.isNulled(path)) return;
    this.nulled.add(path);
    this.all.push(error);
  }

  private isNulled(path: ResponsePath | undefined): boolean {
    for (let at = path; at; at = at.prev) if (this.nulled.has(at)) return true;
    return this.nulled.has(undefined);
  }
}
