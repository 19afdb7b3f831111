/** Returns an object's entries, sorted by name. */
export const sortedEntries = (value: object): [name: string, part: unknown][] =>
  Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** Returns JSON with sorted names in every object, so that equal values give equal text. */
export const sortedJson = (value: object): string => written(value) ?? "null";

// A list asks for its loader by this text, hundreds of times in a request. JSON.stringify with a function
// that sorts each object needs twice the time.
function written(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("toJSON" in value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((part) => written(part) ?? "null").join(",")}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const part = written((value as Readonly<Record<string, unknown>>)[name]);
    if (part !== undefined) members.push(`${JSON.stringify(name)}:${part}`);
  }
  return `{${members.join(",")}}`;
}
