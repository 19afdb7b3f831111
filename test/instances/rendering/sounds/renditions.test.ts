import { ownerOf } from "../../../../src/instances/index.js";
import {
  findRenditions,
  putRendition,
  removeRenditions,
} from "../../../../src/instances/rendering/sounds/renditions.js";
import { type TestApp, testApp } from "../../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

// A statement takes at most 65,535 parameters.
const KEYS = Array.from({ length: 70_000 }, (_, number) => String(number).padStart(64, "0"));
const ADA = ownerOf("ada");

test.each([
  { isShared: true, kind: "shared" },
  { isShared: false, kind: "own" },
])("$kind renditions are found and removed among 70,000 recipes", async ({ isShared }) => {
  await app.given.user("ada");
  const renditions = KEYS.map((recipeKey) => ({
    ...{ recipeKey, blobKey: `shared/${recipeKey}`, durationMs: 1000, words: [], degraded: [] },
    sizeBytes: "1",
  }));
  const last = renditions.slice(-1);
  const segments = KEYS.map((recipeKey) => ({ recipeKey, isShared }));

  const [found, left] = await app.jobDatabase.write("ada", async (tx) => {
    for (const rendition of last) await putRendition(tx, ADA, isShared, rendition);
    const before = await findRenditions(tx, ADA, segments);
    await removeRenditions(tx, ADA, renditions);
    return [before, await findRenditions(tx, ADA, segments)];
  });

  expect([...found.keys()]).toEqual(KEYS.slice(-1));
  expect(left.size).toBe(0);
});

test.each([
  { isShared: true, kind: "a shared", other: "for an owner" },
  { isShared: false, kind: "an owner's", other: "for everyone" },
])("$kind rendition of a recipe is not found $other", async ({ isShared }) => {
  await app.given.user("ada");
  const recipeKey = "a".repeat(64);
  const rendition = {
    ...{ recipeKey, blobKey: "shared/sound", durationMs: 1000, words: [], degraded: [] },
    sizeBytes: "1",
  };

  const [same, other] = await app.jobDatabase.write("ada", async (tx) => {
    await putRendition(tx, ADA, isShared, rendition);
    return [
      await findRenditions(tx, ADA, [{ recipeKey, isShared }]),
      await findRenditions(tx, ADA, [{ recipeKey, isShared: !isShared }]),
    ];
  });

  expect([same.size, other.size]).toEqual([1, 0]);
});
