import { type TestApp, testApp } from "../../support/app.js";
import { type Commands, commandsOf, ourServices } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

const STORIES = 4;

let legacy: LegacyTestDatabase;
let app: TestApp;
let migrate: Commands;
beforeEach(async () => {
  legacy = await legacyDatabase();
  app = await testApp({ database: legacy });
  migrate = commandsOf(legacy, () => Promise.resolve(ourServices(app)));
  await migrate.text("expand");
  await legacy.old(
    `INSERT INTO stories (title, content, category, upload_type, is_published, status)
     SELECT 'Story ' || n, 'The boat left. "Wait ' || n || ' nights," said Mara.', 'tale', 'text', true, 'published'
     FROM generate_series(1, $1) n`,
    [STORIES],
  );
  await legacy.old(
    "INSERT INTO stories (title, content, category, upload_type) VALUES ('Draft', 'A draft.', 'tale', 'text')",
  );
  await migrate.text("backfill");
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const statuses = async () =>
  (
    await legacy.superuser<{ status: string }>(
      "SELECT status FROM reference.story_analyses WHERE rank > 0 ORDER BY id",
    )
  ).map(({ status }) => status);

test("the published texts of the old application are analysed, and a second run asks for nothing", async () => {
  await app.startWorker();

  const first = await migrate.json("analyses");
  const second = await migrate.text("analyses");

  expect(first).toEqual({ texts: STORIES, ended: STORIES, waiting: 0 });
  expect(second).toBe("4 of 4 published texts have an analysis, 0 analyses wait.");
  expect(await statuses()).toEqual(Array(STORIES).fill("ready"));
});

test("only a few analyses wait at a time, and Ctrl-C ends the requests", async () => {
  const working = migrate.text("analyses", "--most-waiting", "2");
  while ((await statuses()).length < 2);
  await migrate.cleanups.at(-1)?.();

  expect(await working).toContain("Go on with: npm run migrate -- analyses");
  expect(await statuses()).toEqual(["pending", "pending"]);
});
