import { AfterRevoking } from "../../../src/instances/index.js";
import { NotFoundError, ProviderError } from "../../../src/platform/errors.js";
import { givenLegacyFile } from "../../support/migrated.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { ContestedBlobs } from "../blobs.js";
import { type Prepare, Recordings, ada, orderOf } from "./recordings.js";

const FAILURE = { message: null, errorId: "1f0a4a52-6d5e-4a0e-9e07-1a3c5b2d7f00" };

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

const jobs = async (): Promise<number> => {
  const [row] = await app.superuser<{ count: number }>(
    "SELECT count(*)::int AS count FROM jobs.job WHERE name = 'process-voice-sample'",
  );
  return row?.count ?? 0;
};

test("an accepted recording replaces the uploaded file, and a second run changes nothing", async () => {
  const id = await recordings.add();

  const first = await recordings.processing().run(orderOf(id));
  const second = await recordings.processing().run(orderOf(id));

  expect([first, second]).toEqual([
    `Accepted voice sample ${id}`,
    `Voice sample ${id} needs no processing now`,
  ]);
  expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
  expect(await recordings.blobs()).toBe(1);
});

test("two workers that process one recording at the same time write one result", async () => {
  const id = await recordings.add();
  const both = gate();
  let arrived = 0;
  const together: Prepare = async () => {
    arrived += 1;
    if (arrived === 2) both.open();
    await both.opened;
    return recordings.decode();
  };

  const said = await Promise.all(
    [1, 2].map(() => recordings.processing(together).run(orderOf(id))),
  );

  expect([...said].sort()).toEqual([
    `Accepted voice sample ${id}`,
    `Voice sample ${id} changed during its processing`,
  ]);
  expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
  expect(await recordings.blobs()).toBe(1);
});

test("a rejected recording keeps no file", async () => {
  const id = await recordings.add();

  await recordings.processing(() => recordings.decode({ speechSeconds: 1 })).run(orderOf(id));

  expect(await recordings.read(id)).toEqual({ status: "rejected", state: "usable" });
  expect(await recordings.blobs()).toBe(0);
});

test("a recording whose consent is revoked during the processing is not used, and a new consent queues it again", async () => {
  const id = await recordings.add();

  const said = await recordings
    .processing(async () => {
      await app.services.consents.revoke(ada, AfterRevoking.Keep);
      return recordings.decode();
    })
    .run(orderOf(id));
  const suspended = await recordings.read(id);
  const kept = await recordings.blobs();
  const waiting = await recordings.processing().run(orderOf(id));
  const queued = await jobs();
  await recordings.agree();
  await recordings.processing().run(orderOf(id));

  expect(said).toBe(`Voice sample ${id} changed during its processing`);
  expect(suspended).toEqual({ status: "processing", state: "suspended" });
  expect(kept).toBe(1);
  expect(waiting).toBe(`Voice sample ${id} needs no processing now`);
  expect(await jobs()).toBe(queued + 1);
  expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
});

test("a recording is not processed under an expired consent", async () => {
  const id = await recordings.add();
  await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");
  let decoded = 0;

  await recordings
    .processing(() => {
      decoded += 1;
      return recordings.decode();
    })
    .run(orderOf(id));

  expect(decoded).toBe(0);
  expect(await recordings.read(id)).toEqual({ status: "processing", state: "usable" });
});

test("a recording that is deleted during the processing leaves no file", async () => {
  const id = await recordings.add();

  await recordings
    .processing(async () => {
      await app.services.voiceSamples.remove(ada, id);
      return recordings.decode();
    })
    .run(orderOf(id));

  expect(await recordings.read(id)).toBeNull();
  expect(await recordings.blobs()).toBe(0);
});

test("a recording whose job gets no more tries is rejected", async () => {
  const id = await recordings.add();
  const broken = recordings.processing(() =>
    Promise.reject(new ProviderError("The disk is full.", true)),
  );

  await expect(broken.run(orderOf(id))).rejects.toThrow("The disk is full.");
  expect(await recordings.read(id)).toEqual({ status: "processing", state: "usable" });
  await broken.giveUp(orderOf(id), FAILURE);

  expect(await recordings.read(id)).toEqual({ status: "rejected", state: "usable" });
  expect(await recordings.issues(id)).toEqual(["processing_failed"]);
  expect(await recordings.blobs()).toBe(0);
});

test("a recording whose file is lost is rejected at once", async () => {
  const id = await recordings.add();

  await recordings
    .processing(() => Promise.reject(new NotFoundError("There is no blob.")))
    .run(orderOf(id));

  expect(await recordings.read(id)).toEqual({ status: "rejected", state: "usable" });
  expect(await recordings.issues(id)).toEqual(["file_lost"]);
});

test("a job that the queue takes away writes nothing", async () => {
  const id = await recordings.add();
  const taken = new AbortController();
  const running = recordings
    .processing((signal) => {
      taken.abort(new Error("The process stops."));
      return Promise.reject(signal.reason as Error);
    })
    .run(orderOf(id), taken.signal);

  await expect(running).rejects.toThrow("The process stops.");
  expect(await recordings.read(id)).toEqual({ status: "processing", state: "usable" });
});

test("a recording that takes longer than a minute to decode is rejected as damaged", async () => {
  const id = await recordings.add();
  const minute = new AbortController();
  const timers = import.meta.jest.spyOn(AbortSignal, "timeout").mockReturnValue(minute.signal);

  await recordings
    .processing((signal) => {
      minute.abort(new DOMException("A minute is over.", "TimeoutError"));
      return signal.aborted ? Promise.reject(signal.reason as Error) : recordings.decode();
    })
    .run(orderOf(id));
  const asked = timers.mock.calls;
  timers.mockRestore();

  expect(asked).toEqual([[60_000]]);
  expect(await recordings.read(id)).toEqual({ status: "rejected", state: "usable" });
  expect(await recordings.issues(id)).toEqual(["damaged_file"]);
});

test("speech without a voice is accepted for whispering, and only for whispering", async () => {
  const whisper = await recordings.add(await whisperTemplate());
  const neutral = await recordings.add();
  const whispered = recordings.processing(() => recordings.decode({ voicedShare: 0.05 }));

  await whispered.run(orderOf(whisper));
  await whispered.run(orderOf(neutral));

  expect(await recordings.read(whisper)).toMatchObject({ status: "accepted" });
  expect(await recordings.read(neutral)).toMatchObject({ status: "rejected" });
  expect(await recordings.issues(neutral)).toEqual(["unvoiced"]);
});

async function whisperTemplate(): Promise<number> {
  const [row] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = 'whisper'",
  );
  return row?.id ?? 0;
}

test("a result queues a sweep in its transaction, for a process that dies before it deletes the files", async () => {
  const id = await recordings.add();
  const swept: object[] = [];
  const sweepSoon = async (_tx: unknown, owner: object) => void swept.push(owner);
  const job = recordings.processing(undefined, { sweepSoon });

  await job.run(orderOf(id));
  await job.run(orderOf(id));

  expect(swept).toEqual([ada]);
});

test("a recording whose normalised file is deleted before its row is written is processed again", async () => {
  const id = await recordings.add();
  const losing = recordings.processing(async () => {
    const decoded = await recordings.decode();
    await app.storage.delete(decoded.masterKey);
    return decoded;
  });

  await expect(losing.run(orderOf(id))).rejects.toMatchObject({
    code: "UNAVAILABLE",
    retryable: true,
  });
  expect(await recordings.read(id)).toEqual({ status: "processing", state: "usable" });
  await recordings.processing().run(orderOf(id));

  expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
});

test("the normalised recording is not deleted while its row is written", async () => {
  const id = await recordings.add();
  const blobs = new ContestedBlobs(app);

  await recordings.processing(undefined, { blobs }).run(orderOf(id));

  expect(await blobs.untilDeleted()).toBe(1);
  expect(await recordings.read(id)).toEqual({ status: "accepted", state: "usable" });
  expect(await recordings.blobs()).toBe(1);
});

test("a preferred recording of the earlier platform that is rejected is not preferred any more", async () => {
  const { id } = await app.given.voiceSample({ owner: "ada" });
  await givenLegacyFile(app, { userId: "ada" });
  await app.superuser("UPDATE instances.user_voice_samples SET is_preferred = true");
  await app.services.voiceSamples.adopt(ada, id);

  await recordings.processing(() => recordings.decode({ speechSeconds: 1 })).run(orderOf(id));

  expect(await recordings.entity(id)).toMatchObject({
    ...{ processingStatus: "rejected", isPreferred: false, blobKey: null },
  });
  expect(await recordings.blobs()).toBe(0);
});
