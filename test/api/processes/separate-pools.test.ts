import { type ApiApp, apiApp } from "../../support/api.js";
import { barrierAt } from "../../support/barrier.js";
import { untilSleeping } from "../../support/blocked.js";
import { BRIDGE } from "../../support/texts.js";

const POOL_SIZE = 2;
const STORIES = "{ stories { totalCount } }";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true, poolSize: POOL_SIZE });
});
afterAll(() => app.close());

test("jobs run while requests hold every connection, and requests while jobs wait", async () => {
  const barrier = await barrierAt(app.testDatabase, "reference.story_segments");
  const story = await app.given.story({ text: BRIDGE, publish: true });
  await barrier.reached();

  const whileJobsWait = await app.anonymous().query(STORIES);

  expect(whileJobsWait.status).toBe(200);
  const leaving = new AbortController();
  const slow = Array.from({ length: POOL_SIZE }, () =>
    app.database.read({ viewer: null }, (tx) => tx.query("SELECT pg_sleep(60)"), leaving.signal),
  );
  const ended = Promise.allSettled(slow);
  await untilSleeping(app.testDatabase, POOL_SIZE);
  await barrier.open();

  await app.analysed(story);

  leaving.abort();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
