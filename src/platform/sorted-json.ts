/** An object's entries in the order of their names. */
export const sortedEntries = (value: object): [name: string, part: unknown][] =>
  Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** JSON in which the names of every object are sorted: equal values give equal text. */
export const sortedJson = (value: object): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(sortedEntries(part))
      : part,
  );
