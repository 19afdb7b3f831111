import { type Keyed, pageOf } from "../../../../src/platform/database/reading/keyset.js";
import {
  RowCache,
  type VersionedRow,
} from "../../../../src/platform/database/reading/row-cache.js";
import { pageOfWhole, sharedRows } from "../../../../src/platform/database/reading/shared-rows.js";
import { StoryEntity } from "../../../../src/reference/index.js";
import { type TestApp, testApp } from "../../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

test("a row that disappears after its listing leaves the page, and the list goes on after the page", async () => {
  const stories = sharedRows(StoryEntity, new RowCache(1_000_000), () => true);
  const [first, second] = [
    await app.given.story({ title: "First", publish: true }),
    await app.given.story({ title: "Second", publish: true }),
    await app.given.story({ title: "Third", publish: true }),
  ];

  const page = await app.database.read({ viewer: null }, async (tx) => {
    const rows = await tx.query<Keyed<VersionedRow>[]>(
      `SELECT ${stories.columns(tx, "s")}, s.id::text AS "sortKey", s.id::text AS "sortId"
       FROM reference.stories s ORDER BY s.id LIMIT 3`,
    );
    const listed = pageOf(rows, { limit: 2 });
    await app.superuser("DELETE FROM reference.stories WHERE id = $1", [first.id]);
    return pageOfWhole(listed, await stories.complete(tx, rows));
  });

  expect(page.nodes.map(({ title }) => title)).toEqual(["Second"]);
  expect(page.placeAt(0)).toEqual({ sort: String(second.id), id: String(second.id) });
  expect(page.hasNextPage).toBe(true);
});
