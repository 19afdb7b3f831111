import { VendorVoiceSweep } from "../../../src/instances/index.js";
import { systemClock } from "../../../src/platform/clock.js";
import { type TestApp, testApp } from "../../support/app.js";
import { VendorClones } from "./vendor-clones.js";

let app: TestApp;
let clones: VendorClones;
const queued: string[] = [];
beforeAll(async () => {
  app = await testApp();
  clones = await VendorClones.start(app);
  await app.given.user("ada");
  await app.given.user("ben");
});
afterEach(async () => {
  await app.superuser("DELETE FROM platform.vendor_voices");
  clones.server.reset();
  queued.length = 0;
});
afterAll(async () => {
  await clones.server.close();
  await app.close();
});

const sweep = (): Promise<string> =>
  new VendorVoiceSweep({
    ...{ database: app.jobDatabase, clock: systemClock, cloning: [clones.cloning] },
    enqueue: (_tx, label) => {
      queued.push(label);
      return Promise.resolve();
    },
  }).run("elevenlabs");

test("a clone of this installation without a row is deleted, and clones of others stay", async () => {
  await clones.clone("fabula-kept");
  await clones.addRow({ label: "fabula-kept", isWanted: true, hours: 1 });
  await clones.clone("fabula-orphan");
  await clones.clone("fabula-theirs", clones.cloningOf("elsewhere"));
  clones.server.voices.push({
    ...{ voice_id: "person", name: "My own voice", category: "cloned", labels: {} },
    ...{ description: null, is_owner: true, created_at_unix: 1 },
  });

  const line = await sweep();

  expect(line).toBe("Swept the clones at elevenlabs: 0 without an emotion voice, 1 without a row");
  expect(clones.labels).toEqual(["fabula-kept", "fabula-theirs", "My own voice"]);
});

test("a clone that is made while the vendor lists its clones stays", async () => {
  clones.server.mishap("GET", async (_response, work) => {
    await clones.addRow({ label: "fabula-fresh", isWanted: true, hours: 0 });
    await clones.clone("fabula-fresh");
    (await work())();
  });

  await sweep();

  expect(clones.labels).toEqual(["fabula-fresh"]);
  expect(await clones.rows()).toEqual(["fabula-fresh"]);
});

test("an unwanted clone with a row is left to the job of the row", async () => {
  await clones.clone("fabula-1");
  await clones.addRow({ label: "fabula-1" });

  await sweep();

  expect([clones.labels, queued]).toEqual([["fabula-1"], []]);
});

test("a wanted clone at another vendor is left to the sweep of that vendor", async () => {
  await clones.addRow({ label: "fabula-1", isWanted: true });
  await app.superuser("UPDATE platform.vendor_voices SET provider = 'elsewhere'");

  await sweep();

  expect([await clones.rows(), queued]).toEqual([["fabula-1"], []]);
});

test("a wanted clone without an emotion voice is unwanted after a day", async () => {
  const { id } = await app.given.emotionVoice({ owner: "ada" });
  await app.superuser(
    `UPDATE instances.user_emotion_voices SET label = 'fabula-used' WHERE id = ${id}`,
  );
  await clones.addRow({ label: "fabula-used", isWanted: true });
  for (const user of ["ada", "ben"])
    await clones.addRow({ label: `fabula-old-${user}`, user, isWanted: true });
  await clones.addRow({ label: "fabula-young", isWanted: true, hours: 23 });

  await sweep();

  expect(queued).toEqual(["fabula-old-ada", "fabula-old-ben"]);
  expect(await clones.rows()).toEqual([
    ...["-fabula-old-ada", "-fabula-old-ben", "fabula-used", "fabula-young"],
  ]);
});

test("a sweep of a vendor that is not configured does nothing", async () => {
  const alone = new VendorVoiceSweep({
    ...{ database: app.jobDatabase, clock: systemClock, cloning: [] },
    enqueue: () => Promise.resolve(),
  });

  expect(await alone.run("elevenlabs")).toBe(
    "Swept no clones, because elevenlabs is not configured",
  );
});
