import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";
import { signed, tokenFor } from "../../support/api.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";

/** A query that costs about 19,000 of the 40,000 that a user may spend. */
const EXPENSIVE = `{ stories(first: 95) { edges { node {
  publicNarrations(first: 97) { edges { node { id } } } } } } }`;

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  endProcesses();
  await database.drop();
});

/** Waits until the stored level of the only bucket is at most `level`. */
async function stored(level: number): Promise<void> {
  for (;;) {
    const rows = await database.superuser("SELECT FROM platform.cost_buckets WHERE level <= $1", [
      level,
    ]);
    if (rows.length > 0) return;
  }
}

test("two processes share the budget of a user", async () => {
  const environment = { INLINE_WORKER: "false", COST_PER_SECOND: "1" };
  const [one, other] = await Promise.all([
    fabulaProcess("main", database, environment),
    fabulaProcess("main", database, environment),
  ]);
  const authorization = () => signed(tokenFor("ada"));
  const [first, second] = [one, other].map(({ url }) => new GraphqlClient({ url, authorization }));
  if (!first || !second) throw new Error("No process runs.");

  expect((await first.query(EXPENSIVE)).errors).toEqual([]);
  expect((await first.query(EXPENSIVE)).errors).toEqual([]);
  await stored(5_000);
  // The second process learns the stored level only when it first sends its own amount to the store.
  const overspent = await second.query(EXPENSIVE);
  await stored(-10_000);
  const refused = await second.query(EXPENSIVE);
  await Promise.all([one.stop(), other.stop()]);

  expect(overspent.errors).toEqual([]);
  expect([refused.status, refused.code]).toEqual([429, "RATE_LIMITED"]);
});
