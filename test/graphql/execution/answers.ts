import type { ExecutionResult } from "graphql";

/** An answer as clients see it, read from its JSON. */
type Answer = Pick<ExecutionResult, "data"> & {
  readonly errors?: readonly { readonly path?: readonly (string | number)[] }[];
};

/**
 * Returns the answer without what depends on the order of promises that settle in the same turn of the event
 * loop: the order of errors, and which of several errors made an object null.
 */
export function withoutRaces(json: string): unknown {
  const { data, errors = [] } = JSON.parse(json) as Answer;
  const places = errors.map((error) => {
    const { path = [] } = error;
    const nulled = nulledPlace(data, path);
    return nulled.length === path.length ? JSON.stringify(error) : nulled.join(".");
  });
  return { data, errors: [...new Set(places)].sort() };
}

/** Returns the part of an error's path that leads to the null that the error made. */
function nulledPlace(
  data: unknown,
  path: readonly (string | number)[],
): readonly (string | number)[] {
  let at = data;
  for (const [index, key] of path.entries()) {
    if (at === null || at === undefined) return path.slice(0, index);
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return path;
}
