import { PgBossQueue, installQueues } from "../../src/jobs/pg-boss.js";
import { type TestApp, silent, testApp } from "../support/app.js";
import { type FreezingProxy, freezingProxy } from "../support/frozen-proxy.js";
import { LETTER, letterBox } from "./letters.js";

let app: TestApp;
let proxy: FreezingProxy;
beforeAll(async () => {
  app = await testApp();
  await installQueues(app.testDatabase.ownerUrl, [LETTER]);
  proxy = await freezingProxy(app.testDatabase.appUrl);
});
afterAll(async () => {
  await proxy.close();
  await app.close();
});

const open = async (url: string): Promise<PgBossQueue> => {
  const queue = new PgBossQueue({ url, logger: silent });
  await queue.connect();
  return queue;
};

test("a worker whose connections lost their peer takes jobs again", async () => {
  const { appUrl } = app.testDatabase;
  const [sender, worker] = [await open(appUrl), await open(proxy.through(appUrl))];
  const send = (id: number) => app.database.write(null, (tx) => sender.enqueue(tx, LETTER, { id }));
  const delivered = new Map([1, 2].map((id) => [id, Promise.withResolvers<undefined>()]));
  const { job } = letterBox((id) => {
    delivered.get(id)?.resolve(undefined);
  });
  await worker.start([job]);
  await send(1);
  await delivered.get(1)?.promise;

  proxy.freeze();

  await send(2);
  await delivered.get(2)?.promise;
  await Promise.all([sender.stop(1_000), worker.stop(1_000)]);
});
