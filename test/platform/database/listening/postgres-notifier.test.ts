import { PostgresNotifier } from "../../../../src/platform/database/listening/postgres-notifier.js";
import { type TestApp, silent, testApp } from "../../../support/app.js";

let app: TestApp;
let notifier: PostgresNotifier;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  notifier = new PostgresNotifier(app.testDatabase.appUrl, silent);
  await notifier.connect();
});
afterEach(() => notifier.close());
afterAll(() => app.close());

const say = (payload: string) =>
  app.database.write(null, (tx) => notifier.notify(tx, "weather", payload));

const HEARD = { done: false, value: undefined };
const ENDED = { done: true, value: undefined };

test("a notification reaches only the listeners of its payload", async () => {
  const rain = notifier.listen("weather", "rain");
  const sun = notifier.listen("weather", "sun");
  let sunHeard = 0;
  const sunny = sun.next().then(() => (sunHeard += 1));

  await say("rain");

  expect(await rain.next()).toEqual(HEARD);
  expect(sunHeard).toBe(0);
  await say("sun");
  await sunny;
});

test("every listener of a payload receives the notification", async () => {
  const listeners = [notifier.listen("weather", "rain"), notifier.listen("weather", "rain")];

  await say("rain");

  expect(await Promise.all(listeners.map((one) => one.next()))).toEqual([HEARD, HEARD]);
});

test("a listener receives notifications that were sent between two reads", async () => {
  const rain = notifier.listen("weather", "rain");

  await say("rain");
  await say("snow");
  await say("rain");

  expect([await rain.next(), await rain.next()]).toEqual([HEARD, HEARD]);
});

test("a notification is sent when its transaction commits, and never if it fails", async () => {
  const rain = notifier.listen("weather", "rain");
  const order: string[] = [];
  const heard = rain.next().then(() => order.push("heard"));

  const failing = app.database.write(null, async (tx) => {
    await notifier.notify(tx, "weather", "rain");
    throw new Error("Changed my mind.");
  });
  await expect(failing).rejects.toThrow("Changed my mind.");
  order.push("failed");
  await app.database.write(null, async (tx) => {
    await notifier.notify(tx, "weather", "rain");
    order.push("sent");
  });
  await heard;

  expect(order).toEqual(["failed", "sent", "heard"]);
});

test("after a lost connection, every listener wakes up", async () => {
  const rain = notifier.listen("weather", "rain");
  const woken = rain.next();

  await app.superuser(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'fabula-notifier'`,
  );

  expect(await woken).toEqual(HEARD);
  await say("rain");
  expect(await rain.next()).toEqual(HEARD);
});

test("listening ends when the consumer returns or the notifier closes", async () => {
  const left = notifier.listen("weather", "rain");
  const kept = notifier.listen("weather", "rain");
  const waiting = kept.next();

  await left.return?.();
  await notifier.close();

  expect(await left.next()).toEqual(ENDED);
  expect(await waiting).toEqual(ENDED);
});
