/** One page that the bench asks for. */
export interface Cell {
  readonly stories: number;
  readonly isSignedIn: boolean;
  /**
   * Signed in: the first segments of the script of each narration. Anonymous: the first segments of each
   * story.
   */
  readonly hasSegments: boolean;
}

export const CELLS: readonly Cell[] = [1, 20, 100].flatMap((stories) =>
  [false, true].flatMap((isSignedIn) =>
    [false, true].map((hasSegments) => ({ stories, isSignedIn, hasSegments })),
  ),
);

/** Returns the name of a cell, as `--cell` takes it: `20,signed-in,segments`. */
export const nameOf = ({ stories, isSignedIn, hasSegments }: Cell): string =>
  [
    String(stories),
    isSignedIn ? "signed-in" : "anonymous",
    ...(hasSegments ? ["segments"] : []),
  ].join(",");

/** @throws Error if no cell has the name */
export function cellNamed(name: string): Cell {
  const cell = CELLS.find((candidate) => nameOf(candidate) === name);
  if (cell) return cell;
  throw new Error(`There is no cell ${name}. The cells are: ${CELLS.map(nameOf).join("; ")}.`);
}

/** Returns the number of segments in each list. A page of 100 stories with 10 costs more than one operation may. */
export const segmentsOf = ({ stories }: Cell): number => (stories < 100 ? 10 : 5);
