import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  migrate = commandsOf(legacy);
  await migrate.text("expand");
});
afterEach(() => legacy.drop());

/** A story that our schemas refuse as long as the constraint exists. */
async function givenRefusedStory(title: string): Promise<string> {
  await legacy.superuser(
    "ALTER TABLE reference.stories ADD CONSTRAINT no_ghosts CHECK (title <> 'Ghosts') NOT VALID",
  );
  const [story] = await legacy.old<{ id: number }>(
    "INSERT INTO stories (title, category, upload_type) VALUES ($1, 'tale', 'text') RETURNING id",
    [title],
  );
  return `stories/${story?.id ?? 0}`;
}

test("the quarantine lists a refused row with its reason, and shows its legacy values", async () => {
  const empty = await migrate.text("quarantine", "list");
  const id = await givenRefusedStory("Ghosts");

  expect(empty).toBe("The quarantine is empty.");
  expect(await migrate.text("quarantine", "list")).toMatch(
    `${id}  not_allowed  Our tables do not allow a value of the row. Correct the value in the old application. PostgreSQL says: new row`,
  );
  expect(await migrate.json("quarantine", "show", id)).toMatchObject({
    table: "stories",
    reason: "not_allowed",
    values: { title: "Ghosts", category: "tale" },
  });
});

test("a strange value cannot change the terminal that shows the quarantine", async () => {
  await legacy.old(
    `INSERT INTO voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES (E'\\x1b[2J\nmood', 'calm', 'Calm', 'Calm.', 'Calm.')`,
  );

  expect(await migrate.text("quarantine", "list")).toContain(
    'no_type  The type " [2J mood" is none',
  );
});

test("a row that only waits for the backfill is no fault, and is mapped by it", async () => {
  await migrate.text("rollback");
  await givenStories(legacy);
  await migrate.text("expand");

  await oldNarration(legacy);
  const listed = await migrate.text("quarantine");
  const status = await migrate.text("status");
  await migrate.text("backfill");

  expect(listed).toBe("1 row waits for the backfill, which maps what can be mapped.");
  expect(status).toContain("story_narrations: 1 row, waiting for the backfill");
  expect(await migrate.text("quarantine")).toBe("The quarantine is empty.");
});

test("the end of a backfill and a repair map the rows that another transaction held up", async () => {
  await givenStories(legacy);
  await legacy.superuser(
    "SELECT legacy_sync.refuse('stories', id::text, author_id, '55P03', 'canceling statement') FROM public.stories",
  );

  await migrate.text("backfill");

  expect(migrate.said).toContain("2 rows had to wait, 2 mapped now");
  expect(await migrate.text("quarantine")).toBe("The quarantine is empty.");
  await legacy.superuser("SELECT legacy_sync.refuse('users', 'u1', 'u1', '40001', 'conflict')");
  await migrate.text("verify", "--repair", "--shadow-reads", "0");
  expect(await migrate.text("quarantine")).toBe("The quarantine is empty.");
});

test("a row leaves the quarantine when its cause is gone", async () => {
  const id = await givenRefusedStory("Ghosts");

  const tooEarly = await migrate.text("quarantine", "retry", "--all").catch(String);
  await legacy.superuser("ALTER TABLE reference.stories DROP CONSTRAINT no_ghosts");
  const released = await migrate.text("quarantine", "retry", id);

  expect(tooEarly).toContain("0 of 1 row left the quarantine.");
  expect(released).toBe("1 of 1 row left the quarantine.");
  expect(await legacy.superuser("SELECT title FROM reference.stories")).toEqual([
    { title: "Ghosts" },
  ]);
});

test("a wrong id or a wrong word is refused with what to do", async () => {
  const refused = async (...words: string[]) =>
    String(await migrate.text("quarantine", ...words).catch((error: unknown) => error));

  expect(await refused("show", "stories/1")).toContain(
    "The row stories/1 is not in quarantine; `npm run migrate -- quarantine list`",
  );
  expect(await refused("retry")).toContain("usage: npm run migrate -- quarantine list | show ID");
  expect(await refused("burn")).toContain("usage: npm run migrate -- quarantine");
});

test("a rollback detaches the triggers, and the old application goes on alone", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");

  const rolledBack = await migrate.text("rollback");
  await legacy.old("INSERT INTO users (id) VALUES ('u2')");

  expect(rolledBack).toContain("The old application goes on alone.");
  expect(await migrate.text("status")).toContain("Phase: detached");
  expect(await legacy.superuser("SELECT id FROM platform.users")).toEqual([{ id: "u1" }]);
});

test("a rollback of a database that is not expanded is refused", async () => {
  await legacy.superuser("DROP SCHEMA legacy_sync CASCADE");

  await expect(migrate.text("rollback")).rejects.toThrow("There is nothing to roll back");
});
