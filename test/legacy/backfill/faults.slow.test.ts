import { runMigrationFaults } from "../../../bench/chaos/migration-faults.js";
import { seededRandom } from "../../../bench/recordings/seeded-random.js";

const PROGRAM = new URL("../../../dist/src/legacy/migrate.js", import.meta.url).pathname;

test("a backfill that was killed, and one whose PostgreSQL crashed, end as one without a fault", async () => {
  const errors = await runMigrationFaults({
    narrations: 1_000,
    kills: 5,
    stops: 1,
    program: PROGRAM,
    random: seededRandom(1),
    say: () => undefined,
  });

  expect(errors).toEqual([]);
});
