import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { MediaAccess, ownerOf } from "../../../src/instances/index.js";
import { collect } from "../../support/collect.js";
import { givenLegacyFile } from "../../support/migrated.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { LONG_LINE, SHORT_LINE, recordingOf } from "../../support/spoken-recording.js";
import { neutral, recorder } from "../harness/recording.flow.js";

let app: ApiApp;
let nowMs = Date.now();
let ada: ReturnType<typeof recorder>;
let ben: ReturnType<typeof recorder>;
beforeAll(async () => {
  const clock = { now: () => new Date(nowMs) };
  app = await apiApp({
    worker: true,
    mediaAccess: (database) => new MediaAccess({ database, clock }),
  });
  ada = recorder(app, "ada");
  ben = recorder(app, "ben");
});
beforeEach(async () => {
  nowMs = Date.now();
  await ada.agree();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const TEXT_FILE = new TextEncoder().encode("This is no sound at all, whatever its name says.");
const speechOf = async (key = "neutral") => {
  const id = toGlobalId("VoiceModulationTemplate", await templateId(key));
  const document = `query ($id: ID!) { node(id: $id) { ... on VoiceModulationTemplate {
    viewerSpeech { speechSeconds requiredSeconds missing { speechSeconds neutralSample } } } } }`;
  return (await app.as("ada").query(document, { id })).at("node.viewerSpeech");
};
const templateId = async (key: string): Promise<number> => {
  const [row] = await app.superuser<{ id: number }>(
    `SELECT id FROM reference.voice_modulation_templates WHERE modulation_key = $1`,
    [key],
  );
  if (row) return row.id;
  const [made] = await app.superuser<{ id: number }>(
    `INSERT INTO reference.voice_modulation_templates
       (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES (CASE WHEN $1 = 'thunder' THEN 'sound' ELSE 'emotion' END, $1, initcap($1), 'Of a test.', 'Oh!')
     RETURNING id`,
    [key],
  );
  return made?.id ?? 0;
};
/** Resolves when no recording is in processing. A job deletes the uploaded file after it has committed the row. */
const untilProcessed = async (): Promise<void> => {
  for (;;) {
    const [waiting] = await app.superuser<{ count: number }>(
      "SELECT count(*)::int AS count FROM jobs.job WHERE name = 'process-voice-sample' AND state < 'completed'",
    );
    if (waiting?.count === 0) return;
  }
};
const blobsOf = async (name: string): Promise<string[]> => {
  await untilProcessed();
  const { publicId } = await app.given.user(name);
  return collect(app.storage.list(publicId));
};
const statusOf = async (url: string | null): Promise<number> =>
  (await fetch(new URL(url ?? "", app.url))).status;

test("a person records a line, and it becomes an accepted voice sample", async () => {
  const sample = await ada.record(await recordingOf(LONG_LINE), { transcript: ` ${LONG_LINE} ` });

  expect(sample).toMatchObject({
    sampleStatus: "ACCEPTED",
    state: "USABLE",
    transcript: LONG_LINE,
    isPreferred: false,
    template: { key: "neutral" },
  });
  expect(sample.quality?.speechSeconds).toBeGreaterThan(6);
  expect(sample.quality?.score).toBeGreaterThan(0.5);
  expect(sample.durationMs).toBeGreaterThan(8_000);
  const sound = await fetch(new URL(sample.audioUrl ?? "", app.url));
  expect(sound.headers.get("content-type")).toBe("audio/wav");
  // Only the normalised recording is kept.
  expect(await blobsOf("ada")).toHaveLength(1);
});

test("a file without sound is rejected with advice, and nothing of the file is kept", async () => {
  const sample = await ada.record(TEXT_FILE);

  expect(sample).toMatchObject({ sampleStatus: "REJECTED", audioUrl: null, durationMs: null });
  expect(sample.quality).toMatchObject({ score: 0, speechSeconds: null });
  expect(sample.quality?.issues).toEqual([
    { code: "UNKNOWN_FORMAT", advice: expect.stringMatching(/\w+\.$/) },
  ]);
  expect(await blobsOf("ada")).toEqual([]);
});

test("the speech of all accepted takes is added up, and what lacks is said", async () => {
  const joy = toGlobalId("VoiceModulationTemplate", await templateId("joy"));
  const before = await speechOf("joy");
  await ada.record(await recordingOf(LONG_LINE), { templateId: joy, transcript: LONG_LINE });
  await ada.record(TEXT_FILE, { templateId: joy });

  expect(before).toEqual({
    speechSeconds: 0,
    requiredSeconds: 8,
    missing: { speechSeconds: 8, neutralSample: true },
  });
  const speech = (await speechOf("joy")) as { speechSeconds: number; missing: object };
  expect(speech.speechSeconds).toBeGreaterThan(6);
  expect(speech.missing).toEqual({
    speechSeconds: Math.max(0, 8 - speech.speechSeconds),
    neutralSample: true,
  });
  expect(await speechOf("neutral")).toMatchObject({
    requiredSeconds: 30,
    missing: { speechSeconds: 30 },
  });
  expect(await speechOf("thunder")).toBeNull();
});

test("one take of a template is preferred, and only an accepted one", async () => {
  const first = await ada.record(await recordingOf(LONG_LINE));
  const second = await ada.record(await recordingOf(SHORT_LINE));
  const rejected = await ada.record(TEXT_FILE);

  await ada.prefer(first.id);
  const preferred = await ada.prefer(second.id);
  const refused = await ada.prefer(rejected.id);

  expect(preferred.voiceSample).toMatchObject({ id: second.id, isPreferred: true });
  expect(await ada.read(first.id)).toMatchObject({ isPreferred: false });
  expect(refused).toMatchObject({
    voiceSample: { id: rejected.id },
    userErrors: [{ code: "CONFLICT", message: expect.stringContaining("was rejected") }],
  });
});

test("a deleted take is gone: its row, its sound and its URL", async () => {
  const sample = await ada.record(await recordingOf(LONG_LINE));
  expect(await statusOf(sample.audioUrl)).toBe(200);

  const deleted = await ada.remove(sample.id);
  const again = await ada.remove(sample.id);

  expect(deleted).toMatchObject({ deletedId: sample.id, userErrors: [] });
  expect(deleted).toMatchObject({ template: { viewerSamples: { totalCount: 0 } } });
  expect(again.userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
  expect(await ada.read(sample.id)).toBeNull();
  expect(await blobsOf("ada")).toEqual([]);
  expect(await statusOf(sample.audioUrl)).toBe(410);
});

test("equal recordings share a file until the last of them is deleted", async () => {
  const first = await ada.record(await recordingOf(LONG_LINE));
  const second = await ada.record(await recordingOf(LONG_LINE));
  expect(await blobsOf("ada")).toHaveLength(1);

  await ada.remove(first.id);
  expect(await statusOf(second.audioUrl)).toBe(200);
  await ada.remove(second.id);

  expect(await blobsOf("ada")).toEqual([]);
});

test("a recording stops within a minute after revoking, and plays again after a new consent", async () => {
  const { id, audioUrl } = await ada.record(await recordingOf(LONG_LINE));
  expect(await statusOf(audioUrl)).toBe(200);

  await ada.revoke("KEEP");
  nowMs += 60_000;
  expect(await statusOf(audioUrl)).toBe(410);
  expect(await ada.read(id)).toMatchObject({ state: "SUSPENDED", audioUrl: null });
  expect(await speechOf()).toMatchObject({ speechSeconds: 0 });
  expect((await ada.prefer(id)).userErrors).toMatchObject([{ code: "CONFLICT" }]);
  await ada.agree();

  expect(await statusOf((await ada.read(id))?.audioUrl ?? null)).toBe(200);
});

test("an expired consent stops everything before any job has suspended the recordings", async () => {
  const { id, audioUrl } = await ada.record(await recordingOf(LONG_LINE));
  const upload = await ada.upload(await recordingOf(SHORT_LINE));
  await app.superuser("UPDATE instances.voice_consents SET expires_at = now()");

  const added = await ada.add({ templateId: await neutral(app), uploadId: upload });

  expect(added.userErrors).toMatchObject([
    { code: "CONFLICT", message: expect.stringContaining("expired") },
  ]);
  expect((await ada.prefer(id)).userErrors).toMatchObject([{ code: "CONFLICT" }]);
  expect(await ada.read(id)).toMatchObject({ audioUrl: null });
  expect(await speechOf()).toMatchObject({ speechSeconds: 0 });
  nowMs += 60_000;
  expect(await statusOf(audioUrl)).toBe(410);
});

test("an upload becomes one voice sample, however often it is sent", async () => {
  const uploadId = await ada.upload(await recordingOf(LONG_LINE));
  const input = { templateId: await neutral(app), uploadId };
  const joy = toGlobalId("VoiceModulationTemplate", await templateId("joy"));

  const added = await Promise.all(Array.from({ length: 5 }, () => ada.add(input)));
  const elsewhere = await ada.add({ ...input, templateId: joy });

  expect(new Set(added.map((payload) => payload.voiceSample?.id)).size).toBe(1);
  expect(elsewhere.userErrors).toMatchObject([
    { code: "CONFLICT", message: expect.stringContaining("used already") },
  ]);
  await ada.follow(added[0]?.voiceSample?.id ?? "");
});

test.each([
  ["a transcript of signs", { transcript: "\u200b?! 😀" }, "BAD_USER_INPUT", ["transcript"]],
  ["a blank transcript", { transcript: " \n" }, "BAD_USER_INPUT", ["transcript"]],
  ["half a character", { transcript: "Hello \ud83d" }, "BAD_USER_INPUT", ["transcript"]],
  ["a control character", { transcript: "Hello\u0007" }, "BAD_USER_INPUT", ["transcript"]],
  ["2,001 characters", { transcript: "a".repeat(2_001) }, "BAD_USER_INPUT", ["transcript"]],
  ["no id", { templateId: "joy" }, "BAD_USER_INPUT", ["templateId"]],
  ["an id of another type", { uploadId: "template" }, "BAD_USER_INPUT", ["uploadId"]],
  ["an unknown template", { templateId: 999_999 }, "NOT_FOUND", ["templateId"]],
  ["an inactive template", { templateId: "inactive" }, "NOT_FOUND", ["templateId"]],
  ["a sound", { templateId: "thunder" }, "BAD_USER_INPUT", ["templateId"]],
  ["an upload without a file", { uploadId: "empty" }, "CONFLICT", ["uploadId"]],
  ["an unknown upload", { uploadId: 999_999 }, "NOT_FOUND", ["uploadId"]],
  ["another's upload", { uploadId: "ben" }, "NOT_FOUND", ["uploadId"]],
])("a voice sample with %s is refused", async (_name, fault, code, path) => {
  const input = await withIds({
    templateId: await neutral(app),
    uploadId: await ada.upload(await recordingOf(SHORT_LINE)),
    ...fault,
  });

  const { userErrors, voiceSample } = await ada.add(input);

  expect({ voiceSample, userErrors }).toMatchObject({
    voiceSample: null,
    userErrors: [{ code, path }],
  });
});

/** Replaces the names of the cases above by real ids. */
async function withIds(input: Record<string, unknown>): Promise<object> {
  const template = (id: number) => toGlobalId("VoiceModulationTemplate", id);
  const upload = (id: string) => toGlobalId("Upload", id);
  const owner = ownerOf(subjectOf("ada"));
  const { templateId: asked, uploadId } = input;
  if (asked === 999_999) return { ...input, templateId: template(asked) };
  if (asked === "thunder") return { ...input, templateId: template(await templateId("thunder")) };
  if (asked === "inactive") {
    const id = await templateId("glee");
    await app.superuser(
      "UPDATE reference.voice_modulation_templates SET is_active = false WHERE id = $1",
      [id],
    );
    return { ...input, templateId: template(id) };
  }
  if (uploadId === 999_999) return { ...input, uploadId: upload("999999") };
  if (uploadId === "template") return { ...input, uploadId: await neutral(app) };
  if (uploadId === "ben") {
    return { ...input, uploadId: await ben.upload(await recordingOf(SHORT_LINE)) };
  }
  if (uploadId === "empty") {
    const declared = { purpose: "voice_sample", sizeBytes: 10, contentType: "audio/wav" } as const;
    return { ...input, uploadId: upload((await app.services.uploads.create(owner, declared)).id) };
  }
  return input;
}

test("a voice sample without a consent, or under another's consent, is refused", async () => {
  const added = await ben.add({
    templateId: await neutral(app),
    uploadId: await ben.upload(await recordingOf(SHORT_LINE)),
  });

  expect(added.userErrors).toMatchObject([
    { code: "CONFLICT", message: expect.stringContaining("You have not agreed") },
  ]);
});

test("a recording of the earlier platform is adopted through the same gate", async () => {
  const { id: userId } = await app.given.user("ada");
  const { id } = await app.given.voiceSample({ owner: "ada" });
  await app.superuser("UPDATE instances.user_voice_samples SET quality = NULL");
  const legacy = toGlobalId("UserVoiceSample", id);
  const early = await ada.adopt(legacy);
  const bytes = await recordingOf(LONG_LINE);
  const fileKey = await givenLegacyFile(app, { userId, bytes, contentType: "audio/wav" });
  const hidden = await ada.read(legacy);

  const adopted = await ada.adopt(legacy);
  const accepted = await ada.follow(legacy);

  expect(early.userErrors).toMatchObject([
    { code: "CONFLICT", message: expect.stringContaining("is missing on the earlier platform") },
  ]);
  expect(hidden).toMatchObject({ state: "AWAITING_CONSENT", audioUrl: null, quality: null });
  expect(adopted.voiceSample).toMatchObject({ state: "USABLE", sampleStatus: "PROCESSING" });
  expect(accepted).toMatchObject({ state: "USABLE", sampleStatus: "ACCEPTED" });
  expect((await ada.adopt(legacy)).voiceSample).toMatchObject({ sampleStatus: "ACCEPTED" });
  expect(await app.storage.stat(fileKey)).toBeNull();
});

test("a locked recording stays while its voice lives", async () => {
  const sample = await ada.record(await recordingOf(LONG_LINE));
  const voice = await app.given.emotionVoice({ owner: "ada" });
  await app.superuser("UPDATE instances.user_voice_samples SET is_locked = true");
  await app.superuser("UPDATE instances.user_emotion_voices SET training_status = 'ready'");

  const refused = await ada.remove(sample.id);
  await app.superuser("DELETE FROM instances.user_emotion_voices WHERE id = $1", [voice.id]);
  const deleted = await ada.remove(sample.id);

  expect(refused.userErrors).toMatchObject([
    { code: "CONFLICT", message: expect.stringContaining("A voice is trained from this") },
  ]);
  expect(deleted.userErrors).toEqual([]);
});
