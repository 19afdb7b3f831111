import { DAILY_STATEMENTS, RARE_STATEMENTS } from "../../../src/legacy/demo/old-statements.js";
import { OldApplication } from "../../../src/legacy/demo/old-application.js";
import { detach } from "../../../src/legacy/sync/attach.js";
import { seededRandom } from "../../../bench/recordings/seeded-random.js";
import { LEGACY_OWNER, type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.generate({ seed: "7", narrations: 100 });
});
afterEach(() => legacy.drop());

/** Runs every statement of the old application several times. Returns the names of those that failed. */
async function failures(): Promise<string[]> {
  const random = seededRandom(7);
  const failed: string[] = [];
  for (const { name, sql, values } of [...DAILY_STATEMENTS, ...RARE_STATEMENTS]) {
    for (let time = 0; time < 3; time += 1) {
      await legacy.old(sql, values(random)).catch((error: unknown) => {
        failed.push(`${name}: ${String(error)}`);
      });
    }
  }
  return failed;
}

const phases: readonly [string, () => Promise<void>][] = [
  ["before the migration", () => Promise.resolve()],
  ["while the triggers are attached", () => legacy.expand()],
  [
    "after a rollback",
    async () => {
      await legacy.expand();
      await detach(legacy.operator, legacy.legacy);
    },
  ],
];

test.each(phases)("every statement of the old application works %s", async (_name, begin) => {
  await begin();

  expect(await failures()).toEqual([]);
});

test("no statement of four writers fails while the triggers are attached and detached", async () => {
  const application = new OldApplication({
    url: legacy.superUrl,
    role: LEGACY_OWNER,
    random: seededRandom(8),
    writers: 4,
    statementsPerSecond: 400,
  });
  application.start();
  await application.untilIssued(40);

  await legacy.expand();
  await application.untilIssued(120);
  await detach(legacy.operator, legacy.legacy);
  await application.untilIssued(40);
  const { statements, failures: failed } = await application.stop();

  expect(statements).toBeGreaterThan(200);
  expect(failed).toEqual([]);
});
