import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { stories: 1 });
});
afterEach(() => legacy.drop());

/** Returns the rows that differ between the two models. */
async function differences(): Promise<readonly object[]> {
  const { pairs } = await verify(legacy.operator);
  return pairs.flatMap(({ examples }) => examples);
}

const change = {
  stories: "UPDATE reference.stories SET title = 'Ours', updated_at = now() WHERE id = 1",
  users: "UPDATE platform.users SET display_name = 'Ours', updated_at = now() WHERE id = 'u1'",
  story_narrations: `UPDATE instances.user_story_narrations
    SET narrator_voice = 'openai:nova', narrator_voice_name = 'nova', updated_at = now()`,
};

test.each(Object.entries(change))(
  "a trigger of %s that touches updated_at touches our row, too",
  async (table, statement) => {
    await oldNarration(legacy);
    await legacy.old(`CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN NEW.updated_at := '2040-01-01'; RETURN NEW; END $$`);
    await legacy.old(
      `CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch()`,
    );

    await legacy.superuser(statement);

    const [row] = await legacy.old(`SELECT updated_at::text FROM ${table} ORDER BY id LIMIT 1`);
    expect(row).toEqual({ updated_at: "2040-01-01 00:00:00" });
    expect(await differences()).toEqual([]);
  },
);

test("a trigger of story_narrations that writes the story changes our story, too", async () => {
  await oldNarration(legacy);
  await legacy.old(`CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN UPDATE stories SET likes = likes + 1 WHERE id = NEW.story_id; RETURN NULL; END $$`);
  await legacy.old(`CREATE TRIGGER count_change AFTER UPDATE ON story_narrations
    FOR EACH ROW EXECUTE FUNCTION count_change()`);

  await legacy.superuser(change.story_narrations);

  const [story] = await legacy.superuser(
    "SELECT (source #>> '{legacy,likes}')::int AS likes FROM reference.stories",
  );
  expect(story).toEqual({ likes: 1 });
  expect(await differences()).toEqual([]);
});
