import { SoundSweep } from "../../../src/instances/index.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { collect } from "../../support/collect.js";
import { type ApiApp, SECRET, apiApp, signed, subjectOf, tokenFor } from "../../support/api.js";
import { barrierAt } from "../../support/barrier.js";
import { LONG_LINE, recordingOf } from "../../support/spoken-recording.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";
import { neutral, recorder } from "../harness/recording.flow.js";
import { type SharedPlace, sharedPlace } from "../harness/shared-place.js";

const DAY_MS = 24 * 3_600_000;

/** A person with a consent, and the place of the processes. */
interface Scene extends SharedPlace {
  readonly app: ApiApp;
  readonly ada: ReturnType<typeof recorder>;
}

let place: Scene;
beforeEach(async () => {
  const shared = await sharedPlace();
  const app = await apiApp({ ...shared, poolSize: 3 });
  const ada = recorder(app, "ada");
  await ada.agree();
  place = { ...shared, app, ada };
});
afterEach(async () => {
  await place.app.close();
  await place.remove();
});
afterAll(endProcesses);

const worker = () => fabulaProcess("worker", place.database, { DATA_DIR: place.dataDir });

/** Sends a recording. Returns the id of its voice sample, which waits for a worker. */
async function sendRecording(): Promise<string> {
  const { app, ada } = place;
  const uploadId = await ada.upload(await recordingOf(LONG_LINE));
  const { voiceSample } = await ada.add({ templateId: await neutral(app), uploadId });
  return voiceSample?.id ?? "";
}

/** Returns the keys of all files of Ada, and of all rows that refer to a file. */
async function files(): Promise<{ readonly stored: string[]; readonly known: string[] }> {
  const { publicId } = await place.app.given.user("ada");
  const rows = await place.database.superuser<{ key: string }>(
    `SELECT blob_key AS key FROM instances.user_voice_samples WHERE blob_key IS NOT NULL
     UNION SELECT original_blob_key FROM instances.user_voice_samples WHERE original_blob_key IS NOT NULL
     UNION SELECT blob_key FROM instances.user_uploads WHERE blob_key IS NOT NULL ORDER BY key`,
  );
  const stored = await collect(place.app.storage.list(publicId));
  return { stored, known: rows.map(({ key }) => key) };
}

/** Runs the sweep two days later, when every file is old and every upload has expired. */
async function sweepLater(): Promise<void> {
  const nothing = () => Promise.resolve();
  await new SoundSweep({
    database: place.app.jobDatabase,
    storage: new DiskStorage({ root: place.storageRoot }),
    clock: { now: () => new Date(Date.now() + 2 * DAY_MS) },
    enqueue: nothing,
    enqueueAfterDeletion: nothing,
    enqueueCleanup: nothing,
  }).run(subjectOf("ada"), true);
}

test("a worker that is killed while it stores a result leaves the recording to another worker", async () => {
  const id = await sendRecording();
  const barrier = await barrierAt(place.database, "instances.user_voice_samples");
  const first = await worker();
  await barrier.reached();
  await first.kill();
  await barrier.open();
  // The first worker stored the normalised recording, and its row was never written.
  const between = await files();
  const before = await place.ada.read(id);

  const second = await worker();
  const after = await place.ada.follow(id);
  await second.stop();
  await sweepLater();

  expect(before).toMatchObject({ sampleStatus: "PROCESSING" });
  expect(between.stored).toHaveLength(2);
  expect(between.known).toHaveLength(1);
  expect(after).toMatchObject({ sampleStatus: "ACCEPTED" });
  const { stored, known } = await files();
  expect(stored).toEqual(known);
  expect(known).toHaveLength(1);
});

/** Starts a server on the same database and files, and returns Ada at this server. */
async function server() {
  const process = await fabulaProcess("main", place.database, {
    DATA_DIR: place.dataDir,
    INLINE_WORKER: "false",
    MEDIA_SECRET: SECRET,
  });
  const { url } = process;
  const as = (name: string) =>
    new GraphqlClient({ url, authorization: () => signed(tokenFor(name)) });
  return { process, ada: recorder({ ...place.app, url, as }, "ada") };
}

/** Sends a file to a server, and kills the server after it stored the file and before its row. */
async function sendToKilledServer(bytes: Uint8Array<ArrayBuffer>) {
  const first = await server();
  const upload = await first.ada.declare(bytes.length);
  const barrier = await barrierAt(place.database, "instances.user_uploads");
  const sending = first.ada.send(upload, bytes).catch(() => "cut off");
  await barrier.reached();
  await first.process.kill();
  await barrier.open();
  expect(await sending).toBe("cut off");
  return upload;
}

test("a server that is killed after it stored a file and before its row takes the file again", async () => {
  const bytes = await recordingOf(LONG_LINE);
  const upload = await sendToKilledServer(bytes);
  const between = await files();

  const second = await server();
  const status = await second.ada.send(upload, bytes);
  const templateId = await neutral(place.app);
  const { userErrors } = await second.ada.add({ templateId, uploadId: upload.id });
  await second.process.stop();
  const after = await files();

  expect(between).toMatchObject({ stored: [expect.any(String)], known: [] });
  expect([status, userErrors]).toEqual([204, []]);
  expect(after.stored).toEqual(after.known);
});

test("a file whose server was killed before the row is swept if nobody sends it again", async () => {
  await sendToKilledServer(await recordingOf(LONG_LINE));

  await sweepLater();

  expect(await files()).toEqual({ stored: [], known: [] });
});

test("a server that is killed while it revokes leaves everything usable or everything suspended", async () => {
  const id = await sendRecording();
  const first = await server();
  const barrier = await barrierAt(place.database, "instances.voice_consents");
  const revoking = first.ada.revoke("KEEP").catch(() => "cut off");
  await barrier.reached();
  await first.process.kill();
  await barrier.open();

  expect(await revoking).toBe("cut off");
  expect(await place.ada.read(id)).toMatchObject({ state: "USABLE" });
  await place.ada.revoke("KEEP");
  expect(await place.ada.read(id)).toMatchObject({ state: "SUSPENDED" });
});
