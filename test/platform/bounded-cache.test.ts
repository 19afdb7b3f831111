import { BoundedCache } from "../../src/platform/bounded-cache.js";

const keysOf = (cache: BoundedCache<string, object>): string[] =>
  ["a", "b", "c", "d"].filter((key) => cache.get(key) !== undefined);

test("the value that was not used for longest gives way", () => {
  const cache = new BoundedCache<string, object>(3);
  for (const key of ["a", "b", "c"]) cache.set(key, {}, 1);
  cache.get("a");

  cache.set("d", {}, 1);

  expect(keysOf(cache)).toEqual(["a", "c", "d"]);
});

test("a value that grows makes others give way, and is not kept if it is too large", () => {
  const cache = new BoundedCache<string, object>(10, 8);
  const [a, b] = [{}, {}];
  cache.set("a", a, 5);
  cache.set("b", b, 5);

  cache.grow("b", b, 2);
  const afterGrowth = keysOf(cache);
  cache.grow("b", b, 2);

  expect(afterGrowth).toEqual(["b"]);
  expect(keysOf(cache)).toEqual([]);
});

test("only the kept value of a key grows, and a new value replaces its size", () => {
  const cache = new BoundedCache<string, object>(10);
  const old = {};
  cache.set("a", old, 9);
  cache.set("a", {}, 1);

  cache.grow("a", old, 100);
  cache.set("b", {}, 9);

  expect(keysOf(cache)).toEqual(["a", "b"]);
});
