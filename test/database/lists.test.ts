import { shareTokenHashOf } from "../../src/instances/index.js";
import type { ReadScope } from "../../src/platform/database/transactions/database.js";
import { type TestApp, testApp } from "../support/app.js";
import { BRIDGE, ORCHARD } from "../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.given.user("ada");
  await app.given.user("ben");
});
afterEach(() => app.clean());
afterAll(() => app.close());

const asRequest = (scope: ReadScope, sql: string): Promise<object[]> =>
  app.database.read(scope, (tx) => tx.query<object[]>(sql));

const FOUND = `SELECT f.title FROM reference.find_public_stories`;

test.each([
  ["words", `('heron', '')`],
  ["facets", `('', reference.any_facet('author', ARRAY['ada']))`],
  ["words and facets", `('heron', reference.all_facets('tag', ARRAY['night']))`],
  ["an excluded word", `('!otter', '')`],
])("the search for %s finds public stories only, even for the author", async (_name, wanted) => {
  const about = { author: "ada", tags: ["night"] };
  await app.given.story({ ...about, title: "Heron one", text: BRIDGE, publish: true });
  await app.given.story({ ...about, title: "Heron two" });
  const archived = await app.given.story({
    ...about,
    title: "Heron three",
    text: ORCHARD,
    publish: true,
  });
  await app.services.stories.archive("ada", archived);

  for (const viewer of ["ada", "ben", null]) {
    expect(await asRequest({ viewer }, `${FOUND}${wanted} f`)).toEqual([{ title: "Heron one" }]);
    const count = `SELECT reference.count_public_stories${wanted} AS count`;
    expect(await asRequest({ viewer }, count)).toEqual([{ count: 1 }]);
  }
});

describe("the segments of an edition", () => {
  const segments = async (id: string, scope: ReadScope): Promise<number> =>
    (
      await asRequest(
        scope,
        `SELECT FROM reference.find_edition_segments(ARRAY[${id}], 0, 1000, NULL, NULL, false, 1000)`,
      )
    ).length;

  test("are readable for everyone if the edition is public", async () => {
    const { id, segmentCount } = await app.given.narration({ owner: "ada", publish: "public" });

    for (const viewer of ["ada", "ben", null])
      expect(await segments(id, { viewer })).toBe(segmentCount);
  });

  test("need the link if the edition is unlisted", async () => {
    const { id, segmentCount, shareToken } = await app.given.narration({
      owner: "ada",
      publish: "unlisted",
    });
    const shareTokenHashes = [shareTokenHashOf(shareToken ?? "")];

    expect(await segments(id, { viewer: "ben" })).toBe(0);
    expect(
      await segments(id, { viewer: null, shareTokenHashes: [shareTokenHashOf("guess")] }),
    ).toBe(0);
    expect(await segments(id, { viewer: null, shareTokenHashes })).toBe(segmentCount);
    expect(await segments(id, { viewer: "ada" })).toBe(segmentCount);
  });

  test("are hidden when the owner is erased", async () => {
    const { id } = await app.given.narration({ owner: "ada", publish: "public" });
    await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ada'");

    expect(await segments(id, { viewer: "ben" })).toBe(0);
  });
});
