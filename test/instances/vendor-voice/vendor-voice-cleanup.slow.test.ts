import {
  VendorVoiceCleanup,
  queueVendorCleanup,
  vendorVoiceJob,
} from "../../../src/instances/index.js";
import { PgBossQueue } from "../../../src/jobs/pg-boss.js";
import { ProviderError } from "../../../src/platform/errors.js";
import { systemClock } from "../../../src/platform/clock.js";
import { type TestApp, silent, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { VendorClones } from "./vendor-clones.js";

let app: TestApp;
let clones: VendorClones;
const later: [label: string, seconds: number | undefined][] = [];
beforeAll(async () => {
  app = await testApp();
  clones = await VendorClones.start(app);
});
afterEach(async () => {
  await app.superuser("DELETE FROM platform.vendor_voices");
  clones.server.reset();
  later.length = 0;
});
afterAll(async () => {
  await clones.server.close();
  await app.close();
});

const cleanup = (withJob: readonly string[] = []): VendorVoiceCleanup =>
  new VendorVoiceCleanup({
    ...{ database: app.jobDatabase, clock: systemClock, cloning: [clones.cloning] },
    enqueueLater: (_tx, label, seconds) => {
      later.push([label, seconds]);
      return Promise.resolve();
    },
    findWithoutJob: (orders) =>
      Promise.resolve(orders.filter(({ label }) => !withJob.includes(label))),
  });

test("an unwanted clone is deleted, then its row, and no other clone", async () => {
  const model = await clones.clone("fabula-1");
  await clones.clone("fabula-2");
  await clones.addRow({ label: "fabula-1", model });
  await clones.addRow({ label: "fabula-2", isWanted: true });

  const line = await cleanup().run("fabula-1");

  expect(line).toBe("Deleted clone fabula-1");
  expect(clones.labels).toEqual(["fabula-2"]);
  expect(await clones.rows()).toEqual(["fabula-2"]);
});

test("a clone whose id was never stored is found by its label", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1", model: null });

  await cleanup().run("fabula-1");

  expect(clones.labels).toEqual([]);
  expect(await clones.rows()).toEqual([]);
});

test("a young row stays, and a later job deletes the clone of a training that was still under way", async () => {
  await clones.addRow({ label: "fabula-1", hours: 0 });

  const first = await cleanup().run("fabula-1");
  await clones.clone("fabula-1");
  expect(first).toBe("Deleted clone fabula-1, and will look for a late one in an hour");
  expect(later).toEqual([["fabula-1", 3600]]);
  expect(await clones.rows()).toEqual(["-fabula-1"]);
  await app.superuser("UPDATE platform.vendor_voices SET created_at = now() - interval '1 hour'");
  await cleanup().run("fabula-1");

  expect(clones.labels).toEqual([]);
  expect(await clones.rows()).toEqual([]);
});

test("a clone that several emotion voices share is deleted with the last of them", async () => {
  const model = await clones.clone("of the earlier platform");
  await app.given.user("ada");
  await clones.addRow({ label: "fabula-1", model });
  await clones.addRow({ label: "fabula-2", model, isWanted: true });
  await clones.addRow({ label: "fabula-3", model });
  await app.superuser(
    `INSERT INTO instances.user_emotion_voices (user_id, template_id, kind, provider, provider_voice_id,
       training_status, state) VALUES ('ada', $1, 'cloned', 'elevenlabs', $2, 'ready', 'awaiting_consent')`,
    [await app.given.neutralTemplateId(), model],
  );

  await cleanup().run("fabula-1");
  await app.superuser("UPDATE platform.vendor_voices SET is_wanted = false");
  await cleanup().run("fabula-2");
  const shared = clones.labels;
  await app.superuser("DELETE FROM instances.user_emotion_voices");
  await cleanup().run("fabula-3");

  expect(shared).toEqual(["of the earlier platform"]);
  expect(clones.labels).toEqual([]);
  expect(await clones.rows()).toEqual([]);
});

test("a wanted clone is not deleted, and a job for a deleted clone does nothing", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1", isWanted: true });

  expect(await cleanup().run("fabula-1")).toBe("Clone fabula-1 is still wanted");
  expect(await cleanup().run("fabula-9")).toBe("Clone fabula-9 is deleted already");
  expect(clones.labels).toEqual(["fabula-1"]);
});

test("the clone of an erased or unknown user is deleted too", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1", user: "nobody" });

  await cleanup().run("fabula-1");

  expect(clones.labels).toEqual([]);
  expect(await clones.rows()).toEqual([]);
});

test("if the vendor fails, the row stays, and the upkeep queues another job", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1" });
  clones.server.mishap("DELETE", (response) => response.destroy());

  await expect(cleanup().run("fabula-1")).rejects.toThrow(ProviderError);
  expect(await clones.rows()).toEqual(["-fabula-1"]);
  expect(await cleanup(["fabula-1"]).requeue()).toBe(0);
  expect(await cleanup().requeue()).toBe(1);
  await cleanup().run("fabula-1");

  expect(later).toEqual([["fabula-1", undefined]]);
  expect(clones.labels).toEqual([]);
});

test("a deletion that the vendor did not answer is tried again by its job", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1" });
  clones.server.mishap("DELETE", (response) => response.destroy());
  const ended = gate<string>();
  const tell = (line: string): string => {
    ended.open(line);
    return line;
  };
  const job = vendorVoiceJob(cleanup());
  const told: typeof job = {
    ...job,
    run: async (...about) => tell(await job.run(...about)),
    giveUp: async (...about) => tell(await job.giveUp(...about)),
  };
  const queue = new PgBossQueue({ url: app.testDatabase.appUrl, logger: silent });
  await queue.connect();
  await queue.start([told]);

  await app.database.write("ada", (tx) => queueVendorCleanup(queue)(tx, "fabula-1"));
  const line = await ended.opened;
  await queue.stop(1000);

  expect(line).toBe("Deleted clone fabula-1");
  expect(clones.labels).toEqual([]);
});

test("without its vendor, a row stays and is not queued again", async () => {
  await clones.addRow({ label: "fabula-1" });
  const alone = new VendorVoiceCleanup({
    ...{ database: app.jobDatabase, clock: systemClock, cloning: [] },
    enqueueLater: () => Promise.resolve(),
    findWithoutJob: (orders) => Promise.resolve([...orders]),
  });

  expect(await alone.run("fabula-1")).toBe(
    "Clone fabula-1 stays until its vendor elevenlabs is configured",
  );
  expect(await alone.requeue()).toBe(0);
  expect(await clones.rows()).toEqual(["-fabula-1"]);
});

test("the upkeep queues no deletion of a wanted clone, or of a clone at another vendor", async () => {
  await clones.addRow({ label: "fabula-1" });
  await clones.addRow({ label: "fabula-2", isWanted: true });
  await clones.addRow({ label: "fabula-3" });
  await app.superuser(
    "UPDATE platform.vendor_voices SET provider = 'elsewhere' WHERE label = 'fabula-3'",
  );

  await cleanup().requeue();

  expect(later).toEqual([["fabula-1", undefined]]);
});

test("a clone that a late training stored during the deletion keeps its row", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1" });
  clones.server.mishap("DELETE", async (_response, work) => {
    await app.superuser("UPDATE platform.vendor_voices SET model = 'late'");
    (await work())();
  });

  const line = await cleanup().run("fabula-1");

  expect(line).toBe("Clone fabula-1 changed during its deletion");
  expect(await clones.rows()).toEqual(["-fabula-1"]);
});
