import {
  AfterRevoking,
  CONSENT_STATEMENT,
  OwnedBlobs,
  VoiceSampleService,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { collect } from "../../support/collect.js";
import { OLD_SOUND, givenLegacyFile } from "../../support/migrated.js";
import { ContestedBlobs } from "../blobs.js";
import { Recordings, ada, orderOf } from "./recordings.js";

const WAV = "data:audio/wav;base64,UklGRg==";

let app: TestApp;
let recordings: Recordings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  recordings = await Recordings.begin(app);
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** Inserts a voice sample that is not adopted. Returns its id. */
async function given(link = "audio://1", owner = "ada"): Promise<string> {
  const { id } = await app.given.voiceSample({ owner });
  await app.superuser("UPDATE instances.user_voice_samples SET legacy_audio = $1 WHERE id = $2", [
    ...[link, id],
  ]);
  return id;
}

const adopt = (id: string, owner = ada) => app.services.voiceSamples.adopt(owner, id);

const serviceWith = (blobs: OwnedBlobs) =>
  new VoiceSampleService({
    ...{ database: app.database, clock: app.services.clock, notifier: app.services.notifier },
    enqueue: () => Promise.resolve(),
    sweepSoon: () => Promise.resolve(),
    isTrained: () => Promise.resolve(false),
    blobs,
  });

const jobs = () =>
  app.superuser<{ data: object }>("SELECT data FROM jobs.job WHERE name = 'process-voice-sample'");

const blobs = () => collect(app.storage.list(recordings.publicId));

async function textOf(key: string | null | undefined): Promise<string> {
  const { stream } = await app.storage.open(key ?? "");
  return Buffer.concat(await stream.toArray()).toString();
}

describe("adopting a recording with a file of the earlier platform", () => {
  test("queues the file, and keeps only the normalised recording", async () => {
    const key = await givenLegacyFile(app, { userId: "ada" });
    const id = await given(" audio://1");

    const adopted = await adopt(id);
    const order = await jobs();
    await recordings.processing().run(orderOf(id));

    expect(adopted).toMatchObject({
      ...{ state: "usable", processingStatus: "processing", originalBlobKey: key, blobKey: null },
    });
    expect(order).toEqual([{ data: orderOf(id) }]);
    expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
    expect(await blobs()).toEqual([(await recordings.entity(id))?.blobKey]);
    expect(await app.superuser("SELECT FROM instances.user_legacy_sounds")).toEqual([]);
  });

  test("keeps a file that another recording has", async () => {
    const key = await givenLegacyFile(app, { userId: "ada" });
    const [first, second] = [await given(), await given()];

    await adopt(first);
    await recordings.processing().run(orderOf(first));
    const between = await app.storage.stat(key);
    await adopt(second);
    await recordings.processing().run(orderOf(second));

    expect(between).not.toBeNull();
    expect(await app.storage.stat(key)).toBeNull();
    expect(await recordings.read(second)).toEqual({ status: "accepted", state: "usable" });
  });

  test("keeps a file that a recording in processing has", async () => {
    const key = await givenLegacyFile(app, { userId: "ada" });
    const [first, second] = [await given(), await given()];

    await Promise.all([adopt(first), adopt(second)]);
    await recordings.processing().run(orderOf(first));
    const between = await app.storage.stat(key);
    await recordings.processing().run(orderOf(second));

    expect(between).not.toBeNull();
    expect(await app.storage.stat(key)).toBeNull();
  });

  test("twice at once queues one job", async () => {
    await givenLegacyFile(app, { userId: "ada" });
    const id = await given();

    const adopted = await Promise.all([1, 2, 3].map(() => adopt(id)));

    expect(adopted.map(({ processingStatus }) => processingStatus)).toEqual(
      Array(3).fill("processing"),
    );
    expect(await jobs()).toEqual([{ data: orderOf(id) }]);
  });

  test("again after the processing changes nothing", async () => {
    await givenLegacyFile(app, { userId: "ada" });
    const id = await given();
    await adopt(id);
    await recordings.processing().run(orderOf(id));
    const before = await recordings.entity(id);

    expect(await adopt(id)).toEqual(before);
    expect(await recordings.entity(id)).toEqual(before);
  });

  test("waits without its consent, and goes on with the next consent", async () => {
    const key = await givenLegacyFile(app, { userId: "ada" });
    const id = await given();
    await adopt(id);
    await app.services.consents.revoke(ada, AfterRevoking.Keep);

    await recordings.processing().run(orderOf(id));
    const waiting = await app.storage.stat(key);
    await recordings.agree();
    await recordings.processing().run(orderOf(id));

    expect(waiting).not.toBeNull();
    expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
    expect(await app.storage.stat(key)).toBeNull();
  });
});

describe("adopting a data link", () => {
  test("stores the sound in the link", async () => {
    const adopted = await adopt(await given(` ${WAV}\n`));

    expect(await textOf(adopted.originalBlobKey)).toBe("RIFF");
    expect(adopted).toMatchObject({ processingStatus: "processing" });
  });

  test.each([
    ["data:audio/wav;codecs=1;base64,UklG\nRg==", "RIFF"],
    ["data:audio/wav;base64,UklGRg%3D%3D", "RIFF"],
    ["data:audio/wav,RI%46F%0A", "RIFF\n"],
    ["data:video/webm;base64,", ""],
  ])("reads %j", async (link, text) => {
    const adopted = await adopt(await given(link));

    expect(await textOf(adopted.originalBlobKey)).toBe(text);
  });

  test("several times at once stores one blob and queues one job", async () => {
    const id = await given(WAV);

    await Promise.all([1, 2, 3].map(() => adopt(id)));
    const during = await blobs();
    await recordings.processing().run(orderOf(id));

    expect(during).toHaveLength(1);
    expect(await jobs()).toEqual([{ data: orderOf(id) }]);
    expect(await blobs()).toEqual([(await recordings.entity(id))?.blobKey]);
  });

  test("leaves no blob if another request has adopted the recording meanwhile", async () => {
    const id = await given(WAV);
    const late = serviceWith(
      new (class extends OwnedBlobs {
        override async put(...about: Parameters<OwnedBlobs["put"]>): Promise<string> {
          await adopt(id);
          await recordings.processing().run(orderOf(id));
          return super.put(...about);
        }
      })(app),
    );

    const adopted = await late.adopt(ada, id);

    expect(adopted.processingStatus).toBe("accepted");
    expect(await blobs()).toEqual([adopted.blobKey]);
  });

  test("keeps a blob that another request tries to delete at the same time", async () => {
    const contested = new ContestedBlobs(app);

    const { originalBlobKey } = await serviceWith(contested).adopt(ada, await given(WAV));

    expect(await contested.untilDeleted()).toBe(1);
    expect(await blobs()).toEqual([originalBlobKey]);
  });

  test("of more than 50 megabytes is refused, and of 50 megabytes is taken", async () => {
    const most = await given(`data:audio/wav;base64,${"A".repeat((50_000_000 / 3) * 4)}`);
    const [longer, escaped] = [
      await given(`data:audio/wav;base64,${"A".repeat(70_000_000)}`),
      await given(`data:audio/wav,${"a".repeat(50_000_001)}`),
    ];

    expect(await adopt(most)).toMatchObject({ processingStatus: "processing" });
    for (const id of [longer, escaped]) {
      await expect(adopt(id)).rejects.toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining("has more than 50000000 bytes"),
      });
    }
    expect(await blobs()).toHaveLength(1);
  });
});

describe("adopting is refused with advice", () => {
  test.each([
    ["https://old.example/a.wav", "is at https://old.example/a.wav, and Fabula does not fetch it"],
    ["/a/b.wav", "is at /a/b.wav, and Fabula does not fetch it. Download it and add it with"],
    [`a${"b".repeat(1_000)}`, `is at a${"b".repeat(299)}, and`],
    ["javascript:alert(1)", "came without a recording"],
    ["data:text/html,a", "came without a recording"],
    [" ", "came without a recording"],
    ["audio://404", "is missing on the earlier platform; record it again"],
  ])("for the link %j", async (link, message) => {
    const id = await given(link);

    await expect(adopt(id)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining(message),
      current: { id, state: "awaiting_consent" },
    });
    expect(await recordings.read(id)).toEqual({ status: "accepted", state: "awaiting_consent" });
    expect(await jobs()).toEqual([]);
  });

  test("if the storage has lost the file", async () => {
    const id = await given();
    await app.storage.delete(await givenLegacyFile(app, { userId: "ada" }));

    await expect(adopt(id)).rejects.toThrow("is missing on the earlier platform");
  });

  test("for a file of another user", async () => {
    await app.given.user("ben");
    await givenLegacyFile(app, { userId: "ben", bytes: OLD_SOUND });
    const id = await given();

    await expect(adopt(id)).rejects.toThrow("is missing on the earlier platform");
  });

  test("for another user's recording, as for an unknown one", async () => {
    await givenLegacyFile(app, { userId: "ada" });
    const id = await given();
    const ben = ownerOf("ben");
    await app.given.user("ben");
    await app.services.consents.grant(ben, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });

    const [foreign, unknown] = await Promise.allSettled([adopt(id, ben), adopt("999", ben)]);

    expect(foreign).toEqual(unknown);
    expect(foreign).toMatchObject({ reason: { code: "NOT_FOUND" } });
  });

  test("under a consent that has expired, before anything is stored", async () => {
    const id = await given(WAV);
    await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");

    await expect(adopt(id)).rejects.toThrow("expired on");

    expect(await recordings.read(id)).toEqual({ status: "accepted", state: "awaiting_consent" });
    expect(await blobs()).toEqual([]);
  });
});
