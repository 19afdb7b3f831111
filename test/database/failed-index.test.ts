import pg from "pg";
import { migrations } from "../../migrations/index.js";
import { dataSourceFor } from "../../ormconfig.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const INDEX = "reference.story_modulation_occurrences_frequent";

async function isValid(): Promise<boolean | undefined> {
  const [row] = await database.superuser<{ isValid: boolean }>(
    `SELECT indisvalid AS "isValid" FROM pg_index WHERE indexrelid = to_regclass('${INDEX}')`,
  );
  return row?.isValid;
}

test("a migration that could not build its index builds the index when it runs again", async () => {
  const dataSource = dataSourceFor({ url: database.superUrl, role: Role.Owner });
  await dataSource.initialize();
  const reader = new pg.Client({ connectionString: database.superUrl });
  await reader.connect();
  try {
    const migration = migrations
      .map((Migration) => new Migration())
      .find(({ name }) => name?.startsWith("frequent-templates"));
    const run = () => migration?.up(dataSource.createQueryRunner());
    await database.superuser(`DROP INDEX ${INDEX}`);

    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
    await expect(run()).rejects.toThrow("lock timeout");
    expect(await isValid()).toBe(false);
    await reader.query("COMMIT");
    await run();

    expect(await isValid()).toBe(true);
  } finally {
    await reader.end();
    await dataSource.destroy();
  }
});
