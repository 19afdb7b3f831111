import { type OwnedBlobs, VoiceSampleService } from "../../../src/instances/index.js";
import { ProviderError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { Recordings, ada, orderOf } from "./recordings.js";

const MOST_TAKES = 100;

let app: TestApp;
let recordings: Recordings;
let neutral: number;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  recordings = await Recordings.begin(app);
  neutral = await app.given.neutralTemplateId();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const add = (uploadId: string, templateId = neutral) =>
  app.services.voiceSamples.add(ada, { templateId, uploadId });

/** Inserts accepted takes of Ada for the neutral template. */
const givenTakes = (count: number) =>
  app.superuser(
    `INSERT INTO instances.user_voice_samples (user_id, template_id, state, consent_id, consent_live)
     SELECT 'ada', $1, 'usable', c.id, true
     FROM instances.voice_consents c, generate_series(1, $2) WHERE c.is_live`,
    [neutral, count],
  );

const jobs = (name: string) =>
  app.superuser<{ data: object }>("SELECT data FROM jobs.job WHERE name = $1", [name]);

describe("the takes of one template", () => {
  test("are at most a hundred, also if two are added at once", async () => {
    await givenTakes(MOST_TAKES - 1);
    const uploads = [await recordings.upload(), await recordings.upload()];

    const added = await Promise.allSettled(uploads.map((id) => add(id)));

    expect(added.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(added.find(({ status }) => status === "rejected")).toMatchObject({
      reason: {
        code: "CONFLICT",
        message: expect.stringContaining("You have 100 voice samples for Neutral"),
      },
    });
  });

  test("leave room for another template, and a deleted take makes room", async () => {
    await givenTakes(MOST_TAKES);
    const uploadId = await recordings.upload();
    const [take] = await app.superuser<{ id: string }>(
      "SELECT id FROM instances.user_voice_samples LIMIT 1",
    );

    await expect(add(uploadId)).rejects.toThrow("delete one first");
    await recordings.add(await joyTemplate());
    await app.services.voiceSamples.remove(ada, take?.id ?? "");

    expect(await add(uploadId)).toMatchObject({ processingStatus: "processing" });
  });
});

async function joyTemplate(): Promise<number> {
  const [row] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = 'joy'",
  );
  return row?.id ?? 0;
}

describe("a transcript", () => {
  test("may have 2,000 characters", async () => {
    const [uploadId, transcript] = [await recordings.upload(), "é".repeat(2_000)];

    const sample = await app.services.voiceSamples.add(ada, {
      ...{ templateId: neutral, uploadId, transcript },
    });

    expect(sample.transcript).toBe(transcript);
  });

  test("is stored in one form, however the keyboard composes its letters", async () => {
    const uploadId = await recordings.upload();

    const { transcript } = await app.services.voiceSamples.add(ada, {
      ...{ templateId: neutral, uploadId, transcript: " Cafe\u0301 " },
    });

    expect(transcript).toBe("Caf\u00e9");
  });
});

test("two takes that are preferred at once leave one preferred take", async () => {
  const takes = [await recordings.add(), await recordings.add()];
  for (const id of takes) await recordings.processing().run(orderOf(id));

  const consent = await holdRow(
    app.testDatabase,
    "SELECT FROM instances.voice_consents WHERE is_live FOR UPDATE",
  );
  const preferring = takes.map((id) => app.services.voiceSamples.prefer(ada, id));
  await untilBlocked(app.testDatabase, takes.length);
  await consent.release();
  await Promise.all(preferring);

  const preferred = await Promise.all(takes.map((id) => recordings.entity(id)));
  expect(preferred.filter((sample) => sample?.isPreferred)).toHaveLength(1);
});

test("a recording of the earlier platform is adopted before it is preferred", async () => {
  const { id } = await app.given.voiceSample({ owner: "ada" });

  await expect(app.services.voiceSamples.prefer(ada, id)).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("adopt it with adoptVoiceSample first"),
  });
});

test("the recordings of owners take turns", async () => {
  const id = await recordings.add();

  expect(
    await app.superuser(
      "SELECT group_id AS owner, data FROM jobs.job WHERE name = 'process-voice-sample'",
    ),
  ).toEqual([{ owner: "ada", data: orderOf(id) }]);
});

test("a voice keeps only the recordings that it was trained from", async () => {
  const [trained, other] = [await recordings.add(), await recordings.add()];
  await app.given.emotionVoice({ owner: "ada" });
  await app.superuser("UPDATE instances.user_emotion_voices SET training_status = 'ready'");
  await app.superuser("UPDATE instances.user_voice_samples SET is_locked = true WHERE id = $1", [
    trained,
  ]);

  await app.services.voiceSamples.remove(ada, other);

  await expect(app.services.voiceSamples.remove(ada, trained)).rejects.toThrow(
    "A voice is trained from this voice sample",
  );
  expect(await recordings.entity(trained)).not.toBeNull();
});

describe("deleting", () => {
  const deletingWith = (deleteUnused: OwnedBlobs["deleteUnused"]) =>
    new VoiceSampleService({
      ...{ database: app.database, clock: app.services.clock, notifier: app.services.notifier },
      enqueue: () => Promise.resolve(),
      blobs: { deleteUnused } as OwnedBlobs,
      sweepSoon: () => Promise.resolve(),
      isTrained: () => Promise.resolve(false),
    });

  test("succeeds if the storage does not answer, because the sweep deletes the file", async () => {
    const id = await recordings.add();
    const failing = deletingWith(() => Promise.reject(new ProviderError("No answer.", true)));

    await failing.remove(ada, id);

    expect(await recordings.entity(id)).toBeNull();
  });

  test("queues a sweep in its transaction", async () => {
    const id = await recordings.add();
    await app.superuser("DELETE FROM jobs.job WHERE name = 'sweep-sound'");

    await app.services.voiceSamples.remove(ada, id);

    expect(await jobs("sweep-sound")).toEqual([{ data: { userId: "ada", isAfterDeletion: true } }]);
  });

  test("is possible without a consent", async () => {
    const id = await recordings.add();
    await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");

    await app.services.voiceSamples.remove(ada, id);

    expect(await recordings.entity(id)).toBeNull();
    expect(await recordings.blobs()).toBe(0);
  });
});
