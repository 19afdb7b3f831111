import { NewApplication } from "../../../bench/chaos/new-application.js";
import { seededRandom } from "../../../bench/recordings/seeded-random.js";
import { OldApplication } from "../../../src/legacy/demo/old-application.js";
import { type TestApp, testApp } from "../../support/app.js";
import { commandsOf, ourServices } from "../command-context.js";
import { LEGACY_OWNER, type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { verify } from "../../../src/legacy/verify/verify.js";

let legacy: LegacyTestDatabase;
let app: TestApp;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.generate({ seed: "3", narrations: 1_000 });
  app = await testApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

const differences = async () => {
  const { pairs } = await verify(legacy.operator);
  return pairs.flatMap(({ pair, wrong, extra, examples }) =>
    wrong + extra > 0 ? [{ pair, wrong, extra, examples }] : [],
  );
};

test("both applications write through all phases and a rollback, no statement of the old one fails, and no row differs", async () => {
  const old = new OldApplication({
    ...{ url: legacy.superUrl, role: LEGACY_OWNER, random: seededRandom(4) },
    ...{ writers: 4, statementsPerSecond: 200 },
  });
  const commands = commandsOf(legacy, () => Promise.resolve(ourServices(app)));
  old.start();

  await commands.text("expand");
  await commands.text("backfill");
  const ours = new NewApplication(app, seededRandom(5));
  ours.start(4);
  await old.untilIssued(1_000);
  const together = await commands.text("verify");
  const changedBefore = ours.changed;
  // Our servers should be stopped before a rollback. These go on, as servers do that nobody has stopped.
  await commands.text("rollback");
  await old.untilIssued(500);
  const changedAfter = ours.changed;
  await commands.text("expand");
  await commands.text("backfill");
  await old.untilIssued(500);
  await ours.stop();
  const { statements, failures } = await old.stop();
  await commands.text("verify", "--repair", "--shadow-reads", "200");

  expect({ failures, ours: ours.failures }).toEqual({ failures: [], ours: [] });
  expect(statements).toBeGreaterThan(2_000);
  expect(changedBefore).toBeGreaterThan(100);
  expect(changedAfter).toBeGreaterThan(changedBefore);
  expect(together).toContain("Nothing differs");
  expect(await differences()).toEqual([]);
  expect(await commands.text("verify", "--shadow-reads", "200")).toContain("Nothing differs");
});
