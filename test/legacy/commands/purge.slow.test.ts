import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";

let legacy: LegacyTestDatabase;
let commands: Commands;
let root: string;
beforeEach(async () => {
  legacy = await legacyDatabase();
  commands = commandsOf(legacy);
  root = mkdtempSync(join(tmpdir(), "fabula-purge-"));
});
afterEach(async () => {
  await legacy.drop();
  rmSync(root, { recursive: true });
});

const schemas = () =>
  legacy.superuser(
    `SELECT nspname AS name FROM pg_namespace
     WHERE nspname IN ('access', 'jobs', 'platform', 'reference', 'instances', 'legacy_sync')`,
  );
const legacyTables = () =>
  legacy.superuser(
    `SELECT c.relname AS name, c.relacl::text AS rights, (SELECT count(*)::int FROM pg_trigger g
       WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  );
const rowsIn = (folder: string, name: string): unknown[] =>
  readFileSync(join(folder, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

async function given(work: (app: ApiApp) => Promise<void>): Promise<void> {
  const app = await apiApp({ database: legacy });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

test("purge exports what the old model cannot hold, and leaves the legacy tables alone", async () => {
  const before = await legacyTables();
  await legacy.expand();
  await givenStories(legacy, { users: [subjectOf("ada")], stories: 1 });
  await oldNarration(legacy, { user: subjectOf("ada"), segments: [{ text: "The river rose." }] });
  await given(async ({ given: make }) => {
    await make.narration({ owner: "ada", publish: "public" });
  });
  const folder = join(root, "export");

  const { files } = await commands.json<{ files: Record<string, number> }>(
    ...["rollback", "--purge", "--export", folder],
  );

  expect(await schemas()).toEqual([]);
  expect(await legacyTables()).toEqual(before);
  expect(await legacy.old("SELECT id FROM story_narrations")).toHaveLength(2);
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(files)
      .map((name) => `${name}.jsonl`)
      .sort(),
  );
  expect(rowsIn(folder, "reference.published_narrations")).toMatchObject([
    { visibility: "public" },
  ]);
  expect(rowsIn(folder, "instances.user_story_narrations")).toHaveLength(1);
  expect(files["reference.story_segments"]).toBeGreaterThan(0);
  expect(files["platform.users"]).toBeUndefined();
});

test("purge refuses without a folder, and when nothing is left to purge", async () => {
  await legacy.expand();

  await expect(commands.text("rollback", "--purge")).rejects.toThrow(
    "name a new folder for these rows with --export DIR",
  );
  expect(await schemas()).toHaveLength(6);
  await commands.text("rollback", "--purge", "--export", join(root, "first"));
  await expect(commands.text("rollback", "--purge")).rejects.toThrow("is not expanded");
});

test("purge overwrites no earlier export, and then drops nothing", async () => {
  await legacy.expand();
  mkdtempSync(join(root, "earlier-"));

  await expect(commands.text("rollback", "--purge", "--export", root)).rejects.toThrow(
    "is not empty; choose a new one",
  );

  expect(await schemas()).toHaveLength(6);
});
