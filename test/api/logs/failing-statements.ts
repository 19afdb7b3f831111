import type { TestDatabase } from "../../support/test-database.js";

const TABLES = [
  "platform.users",
  "reference.story_texts",
  "reference.stories",
  "reference.story_segments",
  "instances.user_story_narrations",
  "instances.user_narration_segments",
  "instances.user_uploads",
];

/** Makes writes fail. The errors repeat the whole row. */
export interface FailingStatements {
  /** From now on, writes fail with this SQLSTATE: to all our tables, or to `table`. Null: none. */
  failWith(state: string | null, table?: string): Promise<void>;
}

export async function failingStatements({ superuser }: TestDatabase): Promise<FailingStatements> {
  await superuser(`
    CREATE TABLE platform.failing (state text, name text);
    GRANT SELECT ON platform.failing TO PUBLIC;
    CREATE FUNCTION platform.fail() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE wanted text :=
        (SELECT state FROM platform.failing WHERE name IS NULL OR name = TG_TABLE_NAME);
      BEGIN
        IF wanted IS NULL THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'The row is %', NEW
          USING ERRCODE = wanted, DETAIL = NEW::text, HINT = NEW::text;
      END $$`);
  for (const table of TABLES) {
    await superuser(
      `CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON ${table}
       FOR EACH ROW EXECUTE FUNCTION platform.fail()`,
    );
  }
  return {
    failWith: async (state, table) => {
      await superuser("DELETE FROM platform.failing");
      if (state === null) return;
      await superuser("INSERT INTO platform.failing VALUES ($1, $2)", [state, table ?? null]);
    },
  };
}
