import type { PreparedRecording } from "../../../src/audio/recordings/recording.js";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  OwnedBlobs,
  SampleProcessing,
  VoiceSubject,
  instanceLoaders,
  ownerOf,
} from "../../../src/instances/index.js";
import { NotFoundError, ProviderError } from "../../../src/platform/errors.js";
import { collect } from "../../support/collect.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";

const ada = ownerOf("ada");
const MEASURES = { speechSeconds: 9, snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -22 };
const ORIGINAL = new TextEncoder().encode("The file as Ada sent it.");
const MASTER = new TextEncoder().encode("The normalised recording.");
const FAILURE = { message: null, errorId: "1f0a4a52-6d5e-4a0e-9e07-1a3c5b2d7f00" };

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  await agree();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const agree = () =>
  app.services.consents.grant(ada, {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });

/** Adds a voice sample as a person does, without the server's HTTP. Returns its id. */
async function addSample(): Promise<string> {
  const { uploads, voiceSamples } = app.services;
  const { publicId } = await app.given.user("ada");
  const contentType = "audio/wav";
  const { id } = await uploads.create(ada, {
    ...{ purpose: "voice_sample", contentType },
    sizeBytes: ORIGINAL.length,
  });
  await uploads.receive(publicId, id, { contentType, body: asStream(ORIGINAL) });
  const templateId = await app.given.neutralTemplateId();
  return (await voiceSamples.add(ada, { templateId, uploadId: id })).id;
}

async function* asStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Prepare = (signal: AbortSignal) => Promise<PreparedRecording>;

/** Stores the normalised recording, like the thread that decodes. */
const decode: Prepare = async () => {
  const { publicId } = await app.given.user("ada");
  const { key } = await app.storage.put(MASTER, { contentType: "audio/wav", owner: publicId });
  return { kind: "decoded", masterKey: key, durationMs: 9_500, measures: MEASURES };
};

/** Returns the job on the database of jobs, with a decoder that the test controls. */
function processing(prepare: Prepare = decode): SampleProcessing {
  const { services, storage, jobDatabase: database } = app;
  const { clock, notifier } = services;
  return new SampleProcessing({
    ...{ database, clock, notifier, sweepSoon: () => Promise.resolve() },
    blobs: new OwnedBlobs({ database, storage }),
    prepare: (_recording, signal) => prepare(signal),
  });
}

const orderOf = (sampleId: string) => ({ userId: "ada", sampleId });
const read = async (id: string) => {
  const loaders = instanceLoaders((work) => app.database.read({ viewer: "ada" }, work), ada);
  const sample = await loaders.voiceSamples.byId.load(id);
  return sample && { status: sample.processingStatus, state: sample.state };
};
const blobs = async (): Promise<number> => {
  const { publicId } = await app.given.user("ada");
  return (await collect(app.storage.list(publicId))).length;
};
const jobs = async (): Promise<number> => {
  const [row] = await app.superuser<{ count: number }>(
    "SELECT count(*)::int AS count FROM jobs.job WHERE name = 'process-voice-sample'",
  );
  return row?.count ?? 0;
};

test("an accepted recording replaces the uploaded file, and a second run changes nothing", async () => {
  const id = await addSample();

  const first = await processing().run(orderOf(id));
  const second = await processing().run(orderOf(id));

  expect([first, second]).toEqual([
    `Accepted voice sample ${id}`,
    `Voice sample ${id} needs no processing now`,
  ]);
  expect(await read(id)).toEqual({ status: "accepted", state: "usable" });
  expect(await blobs()).toBe(1);
});

test("two workers that process one recording at the same time write one result", async () => {
  const id = await addSample();
  const both = gate();
  let arrived = 0;
  const together: Prepare = async (signal) => {
    arrived += 1;
    if (arrived === 2) both.open();
    await both.opened;
    return decode(signal);
  };

  const said = await Promise.all([1, 2].map(() => processing(together).run(orderOf(id))));

  expect([...said].sort()).toEqual([
    `Accepted voice sample ${id}`,
    `Voice sample ${id} changed during its processing`,
  ]);
  expect(await read(id)).toEqual({ status: "accepted", state: "usable" });
  expect(await blobs()).toBe(1);
});

test("a rejected recording keeps no file", async () => {
  const id = await addSample();

  await processing(async (signal) => {
    const decoded = await decode(signal);
    return decoded.kind === "decoded"
      ? { ...decoded, measures: { ...MEASURES, speechSeconds: 1 } }
      : decoded;
  }).run(orderOf(id));

  expect(await read(id)).toEqual({ status: "rejected", state: "usable" });
  expect(await blobs()).toBe(0);
});

test("a recording whose consent is revoked during the processing is not used, and a new consent queues it again", async () => {
  const id = await addSample();

  const said = await processing(async (signal) => {
    await app.services.consents.revoke(ada, AfterRevoking.Keep);
    return decode(signal);
  }).run(orderOf(id));
  const suspended = await read(id);
  const kept = await blobs();
  const waiting = await processing().run(orderOf(id));
  const queued = await jobs();
  await agree();
  await processing().run(orderOf(id));

  expect(said).toBe(`Voice sample ${id} changed during its processing`);
  expect(suspended).toEqual({ status: "processing", state: "suspended" });
  expect(kept).toBe(1);
  expect(waiting).toBe(`Voice sample ${id} needs no processing now`);
  expect(await jobs()).toBe(queued + 1);
  expect(await read(id)).toEqual({ status: "accepted", state: "usable" });
});

test("a recording is not processed under an expired consent", async () => {
  const id = await addSample();
  await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");
  let decoded = 0;

  await processing((signal) => {
    decoded += 1;
    return decode(signal);
  }).run(orderOf(id));

  expect(decoded).toBe(0);
  expect(await read(id)).toEqual({ status: "processing", state: "usable" });
});

test("a recording that is deleted during the processing leaves no file", async () => {
  const id = await addSample();

  await processing(async (signal) => {
    await app.services.voiceSamples.remove(ada, id);
    return decode(signal);
  }).run(orderOf(id));

  expect(await read(id)).toBeNull();
  expect(await blobs()).toBe(0);
});

test("a recording whose job gets no more tries is rejected", async () => {
  const id = await addSample();
  const broken = processing(() => Promise.reject(new ProviderError("The disk is full.", true)));

  await expect(broken.run(orderOf(id))).rejects.toThrow("The disk is full.");
  expect(await read(id)).toEqual({ status: "processing", state: "usable" });
  await broken.giveUp(orderOf(id), FAILURE);

  expect(await read(id)).toEqual({ status: "rejected", state: "usable" });
});

test("a recording whose file is lost is rejected at once", async () => {
  const id = await addSample();

  await processing(() => Promise.reject(new NotFoundError("There is no blob."))).run(orderOf(id));

  expect(await read(id)).toEqual({ status: "rejected", state: "usable" });
});

test("a job that the queue takes away writes nothing", async () => {
  const id = await addSample();
  const taken = new AbortController();
  const running = processing((signal) => {
    taken.abort(new Error("The process stops."));
    return Promise.reject(signal.reason as Error);
  }).run(orderOf(id), taken.signal);

  await expect(running).rejects.toThrow("The process stops.");
  expect(await read(id)).toEqual({ status: "processing", state: "usable" });
});
