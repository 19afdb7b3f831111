import { OwnedBlobs, ownerOf } from "../../../src/instances/index.js";
import { ProviderError } from "../../../src/platform/errors.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";
import { type TestApp, testApp } from "../../support/app.js";
import { ContestedBlobs } from "../blobs.js";
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

describe("a declaration", () => {
  test("is kept with its expiry, and queues a sweep", async () => {
    const swept: string[] = [];
    uploading.nowMs = Date.UTC(2030, 0, 1) + 999;
    const uploads = uploading.serviceWith({
      sweepSoon: async (_tx, { userId }) => void swept.push(userId),
    });

    const upload = await uploads.create(ada, { ...WAV, contentType: "Audio/WebM; codecs=opus" });

    expect(upload).toMatchObject({ sizeBytes: 4, contentType: "audio/webm" });
    // The URL has the expiry in seconds.
    expect(upload.expiresAt.getMilliseconds()).toBe(0);
    expect(upload.expiresAt.getTime() - upload.createdAt.getTime()).toBe(15 * MINUTE_MS);
    expect(swept).toEqual(["ada"]);
  });

  test.each([
    ["audio/x-anything", "audio/x-anything"],
    ["audio/mp4;codecs=mp4a.40.2", "audio/mp4"],
    ['audio/webm; codecs="opus"', "audio/webm"],
    ["video/webm;codecs=vp8,opus", "video/webm"],
    ["video/mp4", "video/mp4"],
    ["application/ogg", "application/ogg"],
    ["application/octet-stream", "application/octet-stream"],
  ])("may say %s", async (contentType, kept) => {
    const upload = await uploading.serviceWith().create(ada, { ...WAV, contentType });

    expect(upload.contentType).toBe(kept);
  });

  test.each([
    "image/png",
    "text/html",
    "video/quicktime",
    "audio",
    "audio/",
    "audio/*",
    "a b/c",
    "",
  ])("may not say %j", async (contentType) => {
    const creating = uploading.serviceWith().create(ada, { ...WAV, contentType });

    await expect(creating).rejects.toMatchObject({
      message: expect.stringContaining("choose one of audio/*, video/webm"),
      inputPath: ["contentType"],
    });
  });

  test.each([0, 50_000_000])("may be of %d bytes", async (sizeBytes) => {
    expect((await uploading.serviceWith().create(ada, { ...WAV, sizeBytes })).sizeBytes).toBe(
      sizeBytes,
    );
  });

  test.each([-1, 50_000_001, 1.5, Number.NaN])("may not be of %d bytes", async (sizeBytes) => {
    await expect(uploading.serviceWith().create(ada, { ...WAV, sizeBytes })).rejects.toMatchObject({
      message: expect.stringContaining("0 to 50000000 bytes"),
      inputPath: ["sizeBytes"],
    });
  });

  test("is refused if twenty uploads have no file yet, also at once", async () => {
    const uploads = uploading.serviceWith();

    const creating = Array.from({ length: 22 }, () => uploads.create(ada, WAV));
    const created = await Promise.allSettled(creating);
    const refused = created.filter(({ status }) => status === "rejected");
    await uploads.create(ownerOf("ben"), WAV);
    uploading.nowMs += 15 * MINUTE_MS;
    await uploads.create(ada, WAV);

    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({
      reason: { code: "CONFLICT", message: expect.stringContaining("Send their files, or wait") },
    });
  });

  test("is not refused for the uploads whose files have arrived", async () => {
    for (let count = 0; count < 20; count += 1) await uploading.received();

    await uploading.serviceWith().create(ada, WAV);

    expect(await uploading.rows()).toHaveLength(21);
  });

  test("counts against the bytes of the day, also if the file never comes", async () => {
    const uploads = uploading.serviceWith({ quotas: { uploadBytesPerDay: 9 } });
    await uploads.create(ada, WAV);
    await uploads.create(ada, WAV);

    const refused = uploads.create(ada, { ...WAV, sizeBytes: 2 });

    await expect(refused).rejects.toMatchObject({
      code: "QUOTA_EXCEEDED",
      message: expect.stringContaining("9 bytes of uploads a day"),
    });
    await uploads.create(ada, { ...WAV, sizeBytes: 1 });
    expect(await uploading.rows()).toHaveLength(3);
  });
});

test("the quota of the app limits its uploads", async () => {
  const limited = await testApp({ quotas: { uploadBytesPerDay: 3 } });
  await limited.given.user("ada");

  await expect(limited.services.uploads.create(ada, WAV)).rejects.toThrow(
    "3 bytes of uploads a day",
  );
  await limited.close();
});

describe("a file", () => {
  test("is stored once", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);

    await uploads.receive(uploading.publicId, id, fileOf());
    const again = uploads.receive(uploading.publicId, id, fileOf());

    await expect(again).rejects.toMatchObject({ code: "CONFLICT" });
    const [row] = await uploading.rows();
    expect(row?.received).toBe(true);
    expect(await uploading.blobs()).toEqual([row?.blobKey]);
  });

  test.each([
    ["shorter", BYTES.subarray(1), "ended after 3 of the 4 bytes"],
    ["longer", new TextEncoder().encode("RIFFF"), "more than the 4 bytes"],
  ])("that is %s than declared is not stored, and can be sent again", async (_what, bytes, why) => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);

    const wrong = uploads.receive(uploading.publicId, id, fileOf(bytes));

    await expect(wrong).rejects.toThrow(why);
    expect(await uploading.blobs()).toEqual([]);
    await uploads.receive(uploading.publicId, id, fileOf());
    expect(await uploading.blobs()).toHaveLength(1);
  });

  test("may have parameters in its type", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);

    await uploads.receive(uploading.publicId, id, fileOf(BYTES, "Audio/WAV; codecs=1"));

    expect(await uploading.blobs()).toHaveLength(1);
  });

  test("of another type is refused before it is read", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    const file = fileOf(BYTES, "audio/mpeg");

    await expect(uploads.receive(uploading.publicId, id, file)).rejects.toThrow(
      "send this Content-Type",
    );

    expect(file.body.readableDidRead).toBe(false);
  });

  test.each([
    ["an unknown upload", async () => [uploading.publicId, "999"]],
    [
      "an upload of another user",
      async () => [
        uploading.publicId,
        (await uploading.serviceWith().create(ownerOf("ben"), WAV)).id,
      ],
    ],
    ["an unknown user", async () => ["00000000-0000-4000-8000-000000000000", "1"]],
  ] as const)("for %s is refused", async (_what, of) => {
    const [name, id] = await of();

    await expect(
      uploading.serviceWith().receive(name ?? "", id ?? "", fileOf()),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("that begins to arrive too late is refused", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    uploading.nowMs += 15 * MINUTE_MS;

    await expect(uploads.receive(uploading.publicId, id, fileOf())).rejects.toThrow("has expired");
  });

  test.each(["is_active = false", "erased_at = now()"])(
    "of an owner with %s is refused, also if it is arriving",
    async (change) => {
      const uploads = uploading.serviceWith();
      const [first, second] = [await uploads.create(ada, WAV), await uploads.create(ada, WAV)];
      const body = arriving(async () => {
        await app.superuser(`UPDATE platform.users SET ${change} WHERE id = 'ada'`);
      });

      const receiving = uploads.receive(uploading.publicId, first.id, {
        contentType: "audio/wav",
        body,
      });

      await expect(receiving).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
      await expect(uploads.receive(uploading.publicId, second.id, fileOf())).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
      });
      expect(await uploading.blobs()).toEqual([]);
    },
  );

  test("whose upload is deleted while it arrives is not kept", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    const body = arriving(async () => {
      await app.superuser("DELETE FROM instances.user_uploads");
    });

    const receiving = uploads.receive(uploading.publicId, id, { contentType: "audio/wav", body });

    await expect(receiving).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await uploading.blobs()).toEqual([]);
  });

  test("is not deleted while its row is written", async () => {
    const blobs = new ContestedBlobs(app);
    const uploads = uploading.serviceWith({ blobs });
    const { id } = await uploads.create(ada, WAV);

    await uploads.receive(uploading.publicId, id, fileOf());

    expect(await blobs.untilDeleted()).toBe(1);
    expect(await uploading.blobs()).toHaveLength(1);
  });

  test("is refused for the reason that came first if its bytes cannot be deleted", async () => {
    const { id } = await uploading.serviceWith().create(ada, WAV);
    const blobs = Object.assign(new OwnedBlobs(app), {
      deleteUnused: () => Promise.reject(new ProviderError("The storage does not answer.", true)),
    });
    const body = arriving(async () => {
      await app.superuser("DELETE FROM instances.user_uploads");
    });

    const receiving = uploading
      .serviceWith({ blobs })
      .receive(uploading.publicId, id, { contentType: "audio/wav", body });

    await expect(receiving).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test.each([
    ["equal", BYTES, BYTES],
    ["different", BYTES, new TextEncoder().encode("RIFX")],
  ])("is kept once if two arrive at once with %s bytes", async (_what, one, other) => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    const both = Promise.withResolvers<undefined>();
    let arrivingCount = 0;
    const waitForBoth = async (): Promise<void> => {
      arrivingCount += 1;
      if (arrivingCount === 2) both.resolve(undefined);
      await both.promise;
    };
    const send = (bytes: Uint8Array) =>
      uploads.receive(uploading.publicId, id, {
        contentType: "audio/wav",
        body: arriving(waitForBoth, bytes),
      });

    const sent = await Promise.allSettled([send(one), send(other)]);

    expect(sent.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [row] = await uploading.rows();
    expect(await uploading.blobs()).toEqual([row?.blobKey]);
  });

  test("is not kept if its blob was deleted before its row was written", async () => {
    const uploads = uploading.serviceWith();
    const { id } = await uploads.create(ada, WAV);
    const deleting: BlobStorage = Object.assign(Object.create(app.storage) as BlobStorage, {
      put: async (...put: Parameters<BlobStorage["put"]>) => {
        const stored = await app.storage.put(...put);
        await new OwnedBlobs(app).deleteUnused(ada, [stored.key]);
        return stored;
      },
    });

    const receiving = uploading
      .serviceWith({ storage: deleting })
      .receive(uploading.publicId, id, fileOf());

    await expect(receiving).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect((await uploading.rows())[0]?.received).toBe(false);
    await uploads.receive(uploading.publicId, id, fileOf());
    expect(await uploading.blobs()).toHaveLength(1);
  });
});

/** A body that waits before its last byte. */
async function* arriving(
  before: () => Promise<void>,
  bytes: Uint8Array = BYTES,
): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 1);
  await before();
  yield bytes.subarray(1);
}
