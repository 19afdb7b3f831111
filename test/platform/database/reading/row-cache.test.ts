import { RowCache } from "../../../../src/platform/database/reading/row-cache.js";

const row = (id: number, rowVersion: string, text = "text") => ({ id, rowVersion, text });

test("a row is found only under its own version", () => {
  const cache = new RowCache(1_000_000);
  cache.keep("Story", row(1, "7"));

  expect(cache.find("Story", { id: 1, rowVersion: "7" })).toEqual(row(1, "7"));
  expect(cache.find("Story", { id: 1, rowVersion: "8" })).toBeUndefined();
  expect(cache.find("Story", { id: 1, rowVersion: "6" })).toBeUndefined();
});

test("two kinds of rows with the same id and version are two rows", () => {
  const cache = new RowCache(1_000_000);
  cache.keep("Story", row(1, "0", "a story"));
  cache.keep("Template", row(1, "0", "a template"));

  expect(cache.find("Story", { id: 1, rowVersion: "0" })).toMatchObject({ text: "a story" });
  expect(cache.find("Template", { id: 1, rowVersion: "0" })).toMatchObject({ text: "a template" });
});

test("a new version takes the place of the old version", () => {
  const cache = new RowCache(1_000_000);
  cache.keep("Story", row(1, "1"));

  cache.keep("Story", row(1, "2"));

  expect(cache.find("Story", { id: 1, rowVersion: "1" })).toBeUndefined();
});

test("beyond the limit, the rows that were not used for the longest time go", () => {
  const cache = new RowCache(20_000);
  for (let id = 1; id <= 100; id += 1) {
    cache.keep("Story", row(id, "1", "x".repeat(500)));
    cache.find("Story", { id: 1, rowVersion: "1" });
  }

  const kept = Array.from({ length: 100 }, (_, index) =>
    cache.find("Story", { id: index + 1, rowVersion: "1" }),
  ).flatMap((found) => found?.id ?? []);
  // A row counts 500 bytes, and 2 for each of its some 540 characters.
  expect(kept).toHaveLength(12);
  expect(kept[0]).toBe(1);
  expect(kept.slice(1)).toEqual(
    Array.from({ length: kept.length - 1 }, (_, n) => 102 - kept.length + n),
  );
});

test("a row that is larger than the whole cache is not kept, and pushes out nothing", () => {
  const cache = new RowCache(2_000);
  cache.keep("Story", row(1, "1"));

  cache.keep("Story", row(2, "1", "x".repeat(5_000)));

  expect(cache.find("Story", { id: 2, rowVersion: "1" })).toBeUndefined();
  expect(cache.find("Story", { id: 1, rowVersion: "1" })).toBeDefined();
});

test("the name of a kind counts as memory, because a client can choose a part of it", () => {
  const cache = new RowCache(2_000);

  cache.keep("x".repeat(5_000), row(1, "1"));

  expect(cache.find("x".repeat(5_000), { id: 1, rowVersion: "1" })).toBeUndefined();
});

test("nobody can change a kept row, nor a value in the row", () => {
  const cache = new RowCache(1_000_000);
  const kept = { ...row(1, "1"), mood: { label: "calm" }, tags: ["sea"] };
  cache.keep("Story", kept);

  expect(() => Object.assign(kept.mood, { label: "eerie" })).toThrow(TypeError);
  expect(() => kept.tags.push("night")).toThrow(TypeError);
});
