import fc from "fast-check";
import { sortedJson } from "../../src/platform/sorted-json.js";

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, part]) => [name, reversed(part)]));
};

test("tells the same as JSON.stringify, whatever the order of names is", () => {
  const values = fc.object({
    withDate: true,
    maxDepth: 4,
    values: [
      ...[fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.boolean()],
      fc.constantFrom(null, undefined),
    ],
  });

  fc.assert(
    fc.property(values, (value) => {
      const json = sortedJson(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(sortedJson(reversed(value) as object)).toBe(json);
    }),
    { numRuns: 1_000 },
  );
});

test("sorts the names of all objects, and leaves out what JSON does not have", () => {
  const value = { b: [{ z: 1, y: undefined, x: undefined }], a: undefined, c: new Date(0) };

  expect(sortedJson(value)).toBe('{"b":[{"z":1}],"c":"1970-01-01T00:00:00.000Z"}');
  expect(sortedJson([{ b: 1, a: 2 }, undefined])).toBe('[{"a":2,"b":1},null]');
});
