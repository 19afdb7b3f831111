/** Returns an object's entries, sorted by name. */
export const sortedEntries = (value: object): [name: string, part: unknown][] =>
  Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** Returns JSON with sorted names in every object, so that equal values give equal text. */
export const sortedJson = (value: object): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(sortedEntries(part))
      : part,
  );
