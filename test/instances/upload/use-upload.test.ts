import { OwnedBlobs, UploadPurpose, ownerOf } from "../../../src/instances/index.js";
import { useUpload } from "../../../src/instances/upload/use-upload.js";
import { uploadStore } from "../../../src/instances/upload/upload.store.js";
import { userStore } from "../../../src/platform/users/user.store.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate, untilBlocked } from "../../support/blocked.js";
import { BYTES, MINUTE_MS, Uploading, WAV, ada, fileOf } from "./uploading.js";

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

const use = (id: string, owner = ada) =>
  app.database.write(owner.userId, (tx) =>
    useUpload(tx, owner, id, { purpose: UploadPurpose.VoiceSample, now: uploading.clock.now() }),
  );

describe("using an upload", () => {
  test("hands its file over, once", async () => {
    const id = await uploading.received();
    const [before] = await uploading.rows();

    const file = await use(id);

    expect(file).toEqual({ blobKey: before?.blobKey, sizeBytes: 4, contentType: "audio/wav" });
    expect((await uploading.rows())[0]?.blobKey).toBeNull();
    await expect(use(id)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("used already"),
    });
  });

  test("is not possible twice at once", async () => {
    const id = await uploading.received();

    const using = await Promise.allSettled([use(id), use(id)]);

    expect(using.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is not possible before the file arrives", async () => {
    const { id } = await uploading.serviceWith().create(ada, WAV);

    await expect(use(id)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("PUT the file to the upload's URL first"),
    });
    uploading.nowMs += 15 * MINUTE_MS;
    await expect(use(id)).rejects.toThrow("has expired");
  });

  test("is possible until an hour after the expiry", async () => {
    const [id, late] = [await uploading.received(), await uploading.received()];

    uploading.nowMs += 74 * MINUTE_MS;
    await use(id);
    uploading.nowMs += MINUTE_MS;

    await expect(use(late)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("has expired; create a new upload"),
    });
  });

  test("by another user is the same as using an unknown upload", async () => {
    const id = await uploading.received();

    const [another, unknown] = await Promise.allSettled([
      use(id, ownerOf("ben")),
      use("999", ownerOf("ben")),
    ]);

    expect(another).toEqual(unknown);
    expect(another).toMatchObject({ reason: { code: "NOT_FOUND" } });
  });
});

describe("deleting blobs at once", () => {
  test("keeps what another row of the owner needs", async () => {
    const uploads = uploading.serviceWith();
    for (const each of [await uploads.create(ada, WAV), await uploads.create(ada, WAV)])
      await uploads.receive(uploading.publicId, each.id, fileOf());
    const [first, second] = await uploading.rows();
    const blobs = new OwnedBlobs(app);
    const key = first?.blobKey ?? "";

    await app.superuser("DELETE FROM instances.user_uploads WHERE id = $1", [first?.id]);
    await blobs.deleteUnused(ada, [key]);
    const kept = await uploading.blobs();
    await app.superuser("DELETE FROM instances.user_uploads WHERE id = $1", [second?.id]);
    await blobs.deleteUnused(ada, [key]);

    expect(kept).toEqual([key]);
    expect(await uploading.blobs()).toEqual([]);
  });

  test.each([
    "UPDATE instances.user_voice_samples SET blob_key = $1",
    "UPDATE instances.user_voice_samples SET processing_status = 'processing', original_blob_key = $1",
    "UPDATE instances.user_emotion_voices SET model_blob_key = $1",
    "INSERT INTO instances.user_legacy_sounds VALUES ('ada', 1, $1, 'audio/wav', 4)",
  ])("keeps what a row needs after %s", async (sql) => {
    await app.given.voiceSample({ owner: "ada" });
    await app.given.emotionVoice({ owner: "ada" });
    const { key } = await app.storage.put(BYTES, {
      ...{ contentType: "audio/wav", owner: uploading.publicId },
    });
    await app.superuser(sql, [key]);

    await new OwnedBlobs(app).deleteUnused(ada, [key]);

    expect(await uploading.blobs()).toEqual([key]);
  });

  test("waits for a row that is taking the blob over", async () => {
    const { id } = await uploading.serviceWith().create(ada, WAV);
    const { key } = await app.storage.put(BYTES, {
      ...{ contentType: "audio/wav", owner: uploading.publicId },
    });
    const locked = gate();
    const end = gate();
    const blobs = new OwnedBlobs(app);

    const taking = app.database.write("ada", async (tx) => {
      await userStore.lock(tx, "ada");
      await blobs.requireStored(key);
      locked.open();
      await end.opened;
      const file = { blobKey: key, receivedAt: uploading.clock.now() };
      await uploadStore.receive(tx, ada, id, file);
    });
    await locked.opened;
    const deleting = blobs.deleteUnused(ada, [key]).then(() => "deleted");
    const waiting = untilBlocked(app.testDatabase, 1).then(() => "waiting");
    const first = await Promise.race([deleting, waiting]);
    end.open();
    await Promise.all([taking, deleting]);

    expect(first).toBe("waiting");
    expect(await uploading.blobs()).toEqual([key]);
  });

  test("never deletes a shared blob", async () => {
    const { key } = await app.storage.put(BYTES, { contentType: "audio/wav" });

    await new OwnedBlobs(app).deleteUnused(ada, [key]);

    expect(await app.storage.stat(key)).not.toBeNull();
  });
});
