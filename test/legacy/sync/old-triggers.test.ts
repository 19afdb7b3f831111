import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await legacy.old(
    `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN NEW.updated_at := clock_timestamp() AT TIME ZONE 'UTC'; RETURN NEW; END $$`,
  );
  for (const table of ["users", "stories", "story_narrations"]) {
    await legacy.old(
      `CREATE TRIGGER touched BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch()`,
    );
  }
  await givenStories(legacy, { users: ["u1"], stories: 2 });
  await oldNarration(legacy, { segments: [{ text: "The river rose." }] });
});
afterEach(() => legacy.drop());

const differences = async () =>
  (await verify(legacy.operator)).pairs.flatMap(({ pair, examples }) =>
    examples.map(({ key, columns }) => ({ pair, key, columns })),
  );

test("both models stay equal though a trigger of the old database dates each of its updates", async () => {
  await legacy.old("UPDATE users SET display_name = 'Ada'");
  await legacy.old("UPDATE stories SET title = 'The Ferry' WHERE id = 1");
  await legacy.old("UPDATE story_narrations SET narrator_profile = 'calm'");
  expect(await differences()).toEqual([]);

  await legacy.superuser("UPDATE platform.users SET display_name = 'Ben', updated_at = now()");
  await legacy.superuser(
    "UPDATE reference.stories SET mood = 'calm', updated_at = now() WHERE id = 2",
  );
  await legacy.superuser(
    "UPDATE instances.user_story_narrations SET narrator_voice = 'openai:nova', narrator_voice_name = 'Nova', updated_at = now()",
  );

  expect(await differences()).toEqual([]);
});
