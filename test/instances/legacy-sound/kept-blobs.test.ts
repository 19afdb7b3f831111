import { SoundSweep } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { BYTES, MINUTE_MS, Uploading } from "../upload/uploading.js";

let app: TestApp;
let uploading: Uploading;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  uploading = await Uploading.begin(app);
});
afterEach(() => uploading.end());
afterAll(() => app.close());

test("a sweep keeps sound of the legacy platform while a row has it", async () => {
  const { key } = await app.storage.put(BYTES, {
    ...{ contentType: "audio/wav", owner: uploading.publicId },
  });
  await app.superuser(
    "INSERT INTO instances.user_legacy_sounds VALUES ('ada', 1, $1, 'audio/wav', 4)",
    [key],
  );
  const sweeps = new SoundSweep({
    ...{ database: app.jobDatabase, storage: app.storage, clock: uploading.clock },
    enqueue: () => Promise.resolve(),
    enqueueAfterDeletion: () => Promise.resolve(),
    enqueueCleanup: () => Promise.resolve(),
  });

  uploading.nowMs += 13 * 60 * MINUTE_MS;
  await sweeps.run("ada", true);
  const kept = await uploading.blobs();
  await app.superuser("DELETE FROM instances.user_legacy_sounds");
  await sweeps.run("ada", true);

  expect(kept).toEqual([key]);
  expect(await uploading.blobs()).toEqual([]);
});
