import fc from "fast-check";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  OwnedBlobs,
  SampleProcessing,
  SoundSweep,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { ConflictError, NotFoundError } from "../../../src/platform/errors.js";
import { collect } from "../../support/collect.js";
import { type TestApp, testApp } from "../../support/app.js";

const ada = ownerOf("ada");
const FILES = 3;
const DAY_MS = 24 * 3_600_000;

/** The state that the rows must have, told in the simplest way. */
interface Model {
  /** null before the first consent and after a revocation. */
  consent: "in force" | "expired" | null;
  readonly uploads: { readonly id: string; readonly file: number; isUsed: boolean }[];
  samples: ModelSample[];
}
interface ModelSample {
  readonly id: string;
  readonly template: number;
  readonly file: number;
  state: "usable" | "suspended";
  status: "processing" | "accepted" | "rejected";
  isPreferred: boolean;
}

let app: TestApp;
let templates: number[];
let publicId: string;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** File 2 is rejected. Files 0 and 1 are accepted. All takes of one file are equal bytes. */
const bytesOf = (file: number, kind = "file"): Uint8Array =>
  new TextEncoder().encode(`The ${kind} number ${file}.`);

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const store = async (bytes: Uint8Array): Promise<string> =>
  (await app.storage.put(bytes, { contentType: "audio/wav", owner: publicId })).key;

const read = async (key: string): Promise<string> => {
  const { stream } = await app.storage.open(key);
  return Buffer.concat(await collect(stream as AsyncIterable<Uint8Array>)).toString("utf8");
};

/** The job, with a decoder that takes the number in the file for its sound. */
function processing(): SampleProcessing {
  const { jobDatabase: database, services, storage } = app;
  return new SampleProcessing({
    ...{ database, clock: services.clock, notifier: services.notifier },
    sweepSoon: () => Promise.resolve(),
    blobs: new OwnedBlobs({ database, storage }),
    prepare: async ({ blobKey }) => {
      const file = Number(/\d/.exec(await read(blobKey))?.[0]);
      const measures = { snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -22 };
      return {
        kind: "decoded",
        masterKey: await store(bytesOf(file, "recording")),
        durationMs: 9_000,
        measures: { ...measures, speechSeconds: file === 2 ? 0.5 : 9 },
      };
    },
  });
}

type Step = (model: Model) => Promise<void>;
const index = fc.nat({ max: 7 });

const steps: Readonly<Record<string, fc.Arbitrary<Step>>> = {
  grant: fc.constant(async (model) => {
    await app.services.consents.grant(ada, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
    if (model.consent === "in force") return;
    model.consent = "in force";
    for (const sample of model.samples) sample.state = "usable";
  }),
  expire: fc.constant(async (model) => {
    await app.superuser("UPDATE instances.voice_consents SET expires_at = now() WHERE is_live");
    await app.superuser("UPDATE platform.expiring_consents SET expires_at = now()");
    if (model.consent !== null) model.consent = "expired";
  }),
  revoke: fc
    .constantFrom(AfterRevoking.Keep, AfterRevoking.Delete)
    .map((after) => async (model) => {
      const isNothing =
        model.consent === null &&
        (after === AfterRevoking.Keep || model.samples.length + model.uploads.length === 0);
      await refusedIf(isNothing, NotFoundError, () => app.services.consents.revoke(ada, after));
      model.consent = null;
      if (after === AfterRevoking.Delete) {
        // The files that were sent are deleted, too.
        model.samples = [];
        model.uploads.length = 0;
      }
      for (const sample of model.samples) sample.state = "suspended";
    }),
  upload: fc.nat({ max: FILES - 1 }).map((file) => async (model) => {
    const { uploads } = app.services;
    const bytes = bytesOf(file);
    const declared = { purpose: "voice_sample", contentType: "audio/wav" } as const;
    const { id } = await uploads.create(ada, { ...declared, sizeBytes: bytes.length });
    await uploads.receive(publicId, id, { contentType: "audio/wav", body: streamOf(bytes) });
    model.uploads.push({ id, file, isUsed: false });
  }),
  add: fc.tuple(index, fc.nat({ max: 1 })).map(([at, which]) => async (model) => {
    const upload = model.uploads[at % Math.max(1, model.uploads.length)];
    const template = templates[which] ?? 0;
    if (!upload) return;
    const adding = () =>
      app.services.voiceSamples.add(ada, { templateId: template, uploadId: upload.id });
    const known = model.samples.find(({ id }) => id === usedBy.get(upload.id));
    const isRepeated = known?.template === template;
    const isRefused = model.consent !== "in force" || (upload.isUsed && !isRepeated);
    const sample = await refusedIf(isRefused, ConflictError, adding);
    if (!sample || isRepeated) return;
    upload.isUsed = true;
    usedBy.set(upload.id, sample.id);
    const made = { id: sample.id, template, file: upload.file, isPreferred: false };
    model.samples.push({ ...made, state: "usable", status: "processing" });
  }),
  process: fc.constant(async (model) => {
    for (const sample of model.samples) {
      await processing().run({ userId: "ada", sampleId: sample.id });
      const isRun = model.consent === "in force" && sample.state === "usable";
      if (!isRun || sample.status !== "processing") continue;
      sample.status = sample.file === 2 ? "rejected" : "accepted";
    }
  }),
  prefer: index.map((at) => async (model) => {
    const sample = model.samples[at % Math.max(1, model.samples.length)];
    if (!sample) return;
    const isRefused = model.consent !== "in force" || sample.status !== "accepted";
    await refusedIf(isRefused, ConflictError, () =>
      app.services.voiceSamples.prefer(ada, sample.id),
    );
    if (isRefused) return;
    for (const each of model.samples) {
      if (each.template === sample.template) each.isPreferred = each === sample;
    }
  }),
  remove: index.map((at) => async (model) => {
    const sample = model.samples[at % Math.max(1, model.samples.length)];
    if (!sample) return;
    await app.services.voiceSamples.remove(ada, sample.id);
    model.samples = model.samples.filter((each) => each !== sample);
  }),
};

/** Gives a step the name that the report of a failed sequence prints. */
const named =
  (name: string) =>
  (step: Step): Step =>
    Object.assign(step, { [fc.toStringMethod]: () => name });

/** The voice sample that each upload became. */
const usedBy = new Map<string, string>();

async function refusedIf<T>(
  isRefused: boolean,
  error: new (...args: never[]) => Error,
  work: () => Promise<T>,
): Promise<T | null> {
  if (!isRefused) return work();
  await expect(work()).rejects.toThrow(error);
  return null;
}

async function expectAgreement({ samples, consent }: Model): Promise<void> {
  const rows = await app.superuser(
    `SELECT v.id, v.template_id AS template, v.state, v.processing_status AS status, v.is_preferred AS "isPreferred",
       coalesce(v.consent_live, false) AS "isUnderConsent", c.is_live AS "isConsentLive",
       v.blob_key IS NOT NULL AS "hasRecording", v.original_blob_key IS NOT NULL AS "hasFile"
     FROM instances.user_voice_samples v LEFT JOIN instances.voice_consents c ON c.id = v.consent_id ORDER BY v.id`,
  );
  expect(rows).toEqual(
    samples.map(({ id, template, state, status, isPreferred }) => ({
      ...{ id, template, state, status, isPreferred },
      isUnderConsent: state === "usable",
      isConsentLive: state === "usable" && consent !== null,
      hasRecording: status === "accepted",
      hasFile: status === "processing",
    })),
  );
  const stored = new Set(await collect(app.storage.list(publicId)));
  const missing = (await keysInRows()).filter((key) => !stored.has(key));
  expect(missing).toEqual([]);
}

const keysInRows = async (): Promise<string[]> => {
  const rows = await app.superuser<{ key: string }>(
    `SELECT blob_key AS key FROM instances.user_voice_samples WHERE blob_key IS NOT NULL
     UNION SELECT original_blob_key FROM instances.user_voice_samples WHERE original_blob_key IS NOT NULL
     UNION SELECT blob_key FROM instances.user_uploads WHERE blob_key IS NOT NULL ORDER BY key`,
  );
  return rows.map(({ key }) => key);
};

/** Runs the sweep two days later, when every file is old and every upload has expired. */
async function sweepLater(): Promise<void> {
  const { jobDatabase: database, storage } = app;
  const clock = { now: () => new Date(Date.now() + 2 * DAY_MS) };
  const nothing = () => Promise.resolve();
  const sweeps = { enqueue: nothing, enqueueAfterDeletion: nothing, enqueueCleanup: nothing };
  await new SoundSweep({ database, clock, storage, ...sweeps }).run("ada", true);
}

test("states, keys and files agree with a simple model after any sequence of requests", async () => {
  const sequence = fc.array(
    fc.oneof(
      ...Object.entries(steps).map(([name, arbitrary]) => ({
        arbitrary: arbitrary.map(named(name)),
        weight: 1,
      })),
      {
        arbitrary: (steps["add"] ?? fc.constant(() => Promise.resolve())).map(named("add")),
        weight: 2,
      },
    ),
    { minLength: 10, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(sequence, async (sent) => {
      await app.clean();
      publicId = (await app.given.user("ada")).publicId;
      templates = [await app.given.neutralTemplateId(), await joyTemplate()];
      const model: Model = { consent: null, uploads: [], samples: [] };
      for (const step of sent) {
        await step(model);
        await expectAgreement(model);
      }
      await sweepLater();

      await expectAgreement(model);
      expect(await collect(app.storage.list(publicId))).toEqual(await keysInRows());
    }),
    { numRuns: 40, seed: 2026 },
  );
});

async function joyTemplate(): Promise<number> {
  const [row] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = 'joy'",
  );
  return row?.id ?? 0;
}
