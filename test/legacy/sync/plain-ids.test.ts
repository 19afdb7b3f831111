import { readFile } from "node:fs/promises";
import pg from "pg";
import { subjectOf } from "../../support/api.js";
import { expandedDatabase } from "../legacy-database.js";
import { givenStories } from "../legacy-rows.js";

const MIGRATION = new URL("../../../migrations/035-id-key.sql", import.meta.url);

test("the ids that the old application gave out go on working where its sequences give the ids", async () => {
  const legacy = await expandedDatabase();
  await givenStories(legacy, { users: [subjectOf("ada")] });
  const [highest] = await legacy.superuser("SELECT max(id) AS story FROM reference.stories");
  const owner = new pg.Client({ connectionString: legacy.ownerUrl });
  await owner.connect();

  await owner.query("SET ROLE fabula_owner; DROP TABLE platform.id_key");
  await owner.query(await readFile(MIGRATION, "utf8"));
  await owner.end();
  const kept = await legacy.superuser(
    `SELECT (k.last_plain ->> 'ReferenceStory')::int AS story FROM platform.id_key k`,
  );
  const forced = await legacy.superuser(
    "SELECT FROM pg_class WHERE oid = 'reference.stories'::regclass AND relforcerowsecurity",
  );
  await legacy.drop();

  expect(highest).not.toEqual({ story: null });
  expect(kept).toEqual([highest]);
  expect(forced).toHaveLength(1);
});
