import { utimes, writeFile } from "node:fs/promises";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  SoundSweep,
  UploadPurpose,
  VoiceSubject,
} from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { epubOf } from "../../support/epub.js";
import { MINUTE_MS, Uploading, WAV, ada, fileOf } from "./uploading.js";

const HOUR_MS = 60 * MINUTE_MS;

let storageRoot: string;
let app: TestApp;
let uploading: Uploading;
beforeAll(async () => {
  storageRoot = await mkdtemp(join(tmpdir(), "fabula-upload-sweep-"));
  app = await testApp({ storageRoot });
});
beforeEach(async () => {
  uploading = await Uploading.begin(app);
});
afterEach(() => uploading.end());
afterAll(async () => {
  await app.close();
  await rm(storageRoot, { recursive: true, force: true });
});

/** Sweeps Ada's blobs at the time of the uploads' clock. Returns how many sweeps follow soon. */
async function sweep(isAfterDeletion = true): Promise<number> {
  let soon = 0;
  const sweeps = new SoundSweep({
    ...{ database: app.jobDatabase, storage: app.storage, clock: uploading.clock },
    enqueue: () => Promise.resolve(),
    enqueueAfterDeletion: async () => void (soon += 1),
    enqueueCleanup: () => Promise.resolve(),
  });
  await sweeps.run("ada", isAfterDeletion);
  return soon;
}

const temporaryFiles = () => readdir(join(storageRoot, "tmp"));

test("creating an upload queues a sweep in its transaction", async () => {
  await app.services.uploads.create(ada, WAV);

  expect(await app.superuser("SELECT data FROM jobs.job WHERE name = 'sweep-sound'")).toEqual([
    { data: { userId: "ada", isAfterDeletion: true } },
  ]);
});

test("a sweep keeps the cover of a story", async () => {
  const cover = Buffer.from("89504e470d0a1a0a", "hex");
  const bytes = epubOf({
    pages: [{ body: "<p>The bell rang.</p>" }],
    manifest: '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>',
    parts: { "OEBPS/c.png": cover },
  });
  const story = await app.services.imports.importFile(ada, { fileName: "bell.epub", bytes });

  uploading.nowMs += 72 * HOUR_MS;
  await sweep();

  expect(await app.storage.stat(story.coverBlobKey ?? "")).toMatchObject({ sizeBytes: 8 });
});

test("a sweep deletes an upload an hour after its expiry, and its file within a day", async () => {
  await uploading.received();
  await uploading.serviceWith().create(ada, WAV);

  uploading.nowMs += 74 * MINUTE_MS;
  const early = await sweep();
  const rowsBefore = await uploading.rows();
  uploading.nowMs += 2 * MINUTE_MS;
  const second = await sweep();
  const rowsAfter = await uploading.rows();
  const young = await uploading.blobs();
  uploading.nowMs += 12 * HOUR_MS;
  const last = await sweep();

  expect([early, second, last]).toEqual([1, 1, 0]);
  expect([rowsBefore.length, rowsAfter.length]).toEqual([2, 0]);
  expect(young).toHaveLength(1);
  expect(await uploading.blobs()).toEqual([]);
});

test("a sweep keeps the file of an upload that can still be used, however old its bytes are", async () => {
  await uploading.received();
  const [key] = (await uploading.blobs()) as string[];
  const old = new Date(Date.now() - 48 * HOUR_MS);
  await utimes(join(storageRoot, key ?? ""), old, old);

  uploading.nowMs += 74 * MINUTE_MS;
  await sweep();
  const kept = await uploading.blobs();
  uploading.nowMs += 2 * MINUTE_MS;
  await sweep();

  expect(kept).toEqual([key]);
  expect(await uploading.blobs()).toEqual([]);
});

test.each([true, false])(
  "a put that died leaves nothing (after a deletion: %p)",
  async (isSoon) => {
    await uploading.serviceWith().create(ada, WAV);
    await uploading.received();
    const file = join(storageRoot, "tmp", "died.part");
    await writeFile(file, "RI");

    uploading.nowMs += 76 * MINUTE_MS;
    const following = await sweep(isSoon);
    const early = await temporaryFiles();
    uploading.nowMs += 6 * HOUR_MS;
    await sweep();

    expect(early).toEqual(["died.part"]);
    expect(following).toBe(1);
    expect(await temporaryFiles()).toEqual([]);
  },
);

test("the uploads of an erased user are deleted, with their files", async () => {
  await uploading.received();
  await app.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'ada'");

  const following = await sweep();
  uploading.nowMs += 12.1 * HOUR_MS;
  await sweep();

  expect(following).toBe(1);
  expect(await uploading.rows()).toEqual([]);
  expect(await uploading.blobs()).toEqual([]);
});

test("the uploads of a deactivated user end like all others", async () => {
  await uploading.received();
  await app.superuser("UPDATE platform.users SET is_active = false WHERE id = 'ada'");

  uploading.nowMs += 13.3 * HOUR_MS;
  await sweep();

  expect(await uploading.rows()).toEqual([]);
  expect(await uploading.blobs()).toEqual([]);
});

describe("revoking the consent", () => {
  beforeEach(async () => {
    await app.services.consents.grant(ada, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  });

  test("deletes the uploads if the recordings are deleted", async () => {
    await uploading.received();
    const { id } = await uploading.serviceWith().create(ada, WAV);

    await app.services.consents.revoke(ada, AfterRevoking.Delete);
    const late = uploading.serviceWith().receive(uploading.publicId, id, fileOf());

    await expect(late).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await uploading.rows()).toEqual([]);
  });

  test("keeps the uploads of stories if the recordings are deleted", async () => {
    const purpose = UploadPurpose.StoryFile;
    await app.services.uploads.create(ada, { ...WAV, purpose, contentType: "text/plain" });

    await app.services.consents.revoke(ada, AfterRevoking.Delete);

    expect(await uploading.rows()).toHaveLength(1);
  });

  test("keeps the uploads if the recordings are kept, and they can be deleted later", async () => {
    await uploading.received();

    await app.services.consents.revoke(ada, AfterRevoking.Keep);
    const kept = await uploading.rows();
    await app.services.consents.revoke(ada, AfterRevoking.Delete);

    expect(kept).toHaveLength(1);
    expect(await uploading.rows()).toEqual([]);
  });
});
