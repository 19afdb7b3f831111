import {
  AfterRevoking,
  CONSENT_STATEMENT,
  MediaAccess,
  PREVIEW_GRANT,
  VoiceSubject,
  mediaGrantOf,
  ownerOf,
  personalPreviewGrantOf,
  sampleGrantOf,
} from "../../src/instances/index.js";
import { type TestApp, testApp } from "../support/app.js";
import { givenPersonalVoice } from "../support/personal-voice.js";

let app: TestApp;
let nowMs: number;
let access: MediaAccess;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => {
  nowMs = 0;
  access = accessNow();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const accessNow = (): MediaAccess =>
  new MediaAccess({ database: app.database, clock: { now: () => new Date(nowMs) } });

const blobOf = async (name: string): Promise<string> =>
  `owned/${(await app.given.user(name)).publicId}/${"b".repeat(64)}`;

test("a shared blob needs no grant, and the grant of an owner's blob does not reveal the owner", async () => {
  const view = { id: "12", unpublishedCount: 3 };

  expect(mediaGrantOf(view, `shared/${"a".repeat(64)}`)).toBeNull();
  expect(mediaGrantOf(view, await blobOf("ada"))).toBe("narration.12.3");
});

test.each(["public", "unlisted"] as const)(
  "a grant ends when the %s narration is unpublished, the next grant when the narration is deleted",
  async (visibility) => {
    const blob = await blobOf("ada");
    const narration = await app.given.narration({ owner: "ada" });
    const grants = [0, 1].map((unpublishedCount) =>
      mediaGrantOf({ id: narration.id, unpublishedCount }, blob),
    );
    const holds = () =>
      Promise.all(grants.map((grant) => accessNow().isGranted(blob, grant ?? "")));
    const { publishing, narrations } = app.services;
    const before = await holds();

    const published = await publishing.publish(ownerOf("ada"), narration, visibility);
    const meanwhile = await holds();
    const unpublished = await publishing.unpublish(ownerOf("ada"), published);
    const between = await holds();
    const again = await publishing.unpublish(ownerOf("ada"), unpublished);
    const unchanged = await holds();
    await narrations.delete(ownerOf("ada"), again);

    expect([before, meanwhile, between, unchanged, await holds()]).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, false],
    ]);
  },
);

test("the grant of a voice sample ends with its consent, its row and its owner's account", async () => {
  const blob = await blobOf("ada");
  nowMs = Date.now();
  const agree = () =>
    app.services.consents.grant(ownerOf("ada"), {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  const { id: consentId } = await agree();
  const sample = await app.given.voiceSample({ owner: "ada", consentId });
  await app.superuser("UPDATE instances.user_voice_samples SET blob_key = $1", [blob]);
  const holds = () => accessNow().isGranted(blob, sampleGrantOf(sample));
  const hours = (count: number) => count * 3_600_000;
  const seen = [await holds()];

  await app.services.consents.revoke(ownerOf("ada"), AfterRevoking.Keep);
  seen.push(await holds());
  await agree();
  seen.push(await holds());
  nowMs += hours(366 * 24);
  seen.push(await holds());
  nowMs -= hours(366 * 24);
  await app.superuser("UPDATE platform.users SET is_active = false");
  seen.push(await holds());
  await app.superuser("UPDATE platform.users SET is_active = true");
  seen.push(await holds());
  await app.services.voiceSamples.remove(ownerOf("ada"), sample.id);
  seen.push(await holds());

  expect(seen).toEqual([true, false, true, false, false, true, false]);
});

test("the grant of a preview in a personal voice ends with the consent and with the voice", async () => {
  const blob = await blobOf("ada");
  nowMs = Date.now();
  const agree = () =>
    app.services.consents.grant(ownerOf("ada"), {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  await givenPersonalVoice(app, "ada", { consentId: (await agree()).id });
  const [row] = await app.superuser<{ id: string }>("SELECT id FROM instances.user_voices");
  const holds = () => accessNow().isGranted(blob, personalPreviewGrantOf(row?.id ?? ""));
  const seen = [await holds()];

  await app.services.consents.revoke(ownerOf("ada"), AfterRevoking.Keep);
  seen.push(await holds());
  await agree();
  seen.push(await holds());
  nowMs += 366 * 24 * 3_600_000;
  seen.push(await holds());
  nowMs -= 366 * 24 * 3_600_000;
  await app.superuser("UPDATE platform.users SET is_active = false");
  seen.push(await holds());
  await app.superuser("UPDATE platform.users SET is_active = true");
  seen.push(
    await holds(),
    await accessNow().isGranted(await blobOf("ben"), `voice.${row?.id ?? ""}`),
  );
  await app.superuser("DELETE FROM instances.user_emotion_voices");
  await app.superuser("DELETE FROM instances.user_voices");
  seen.push(await holds());

  expect(seen).toEqual([true, false, true, false, false, true, false, false]);
});

test("a grant that is known for one owner's blob is no grant for another's", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });
  const grant = `narration.${narration.id}.0`;

  const own = await access.isGranted(await blobOf("ada"), grant);
  const other = await access.isGranted(await blobOf("ben"), grant);

  expect([own, other]).toEqual([true, false]);
});

test("a grant is known for thirty seconds, a refusal is not", async () => {
  const blob = await blobOf("ada");
  const narration = await app.given.narration({ owner: "ada", publish: "public" });
  const holds = () => access.isGranted(blob, `narration.${narration.id}.0`);
  const change = (active: boolean) =>
    app.superuser(`UPDATE platform.users SET erased_at = ${active ? "NULL" : "now()"}`);
  expect(await holds()).toBe(true);
  await change(false);

  nowMs = 29_999;
  expect(await holds()).toBe(true);
  nowMs = 30_000;
  expect(await holds()).toBe(false);
  await change(true);

  expect(await holds()).toBe(true);
});

test("a deactivated owner's private sound ends and editions stay; of an erased owner nothing stays", async () => {
  const blob = await blobOf("ada");
  const draft = await app.given.narration({ owner: "ada" });
  const published = await app.given.narration({ owner: "ada", publish: "unlisted" });
  const grants = [`narration.${draft.id}.0`, `narration.${published.id}.0`, PREVIEW_GRANT];
  const holds = () => Promise.all(grants.map((grant) => accessNow().isGranted(blob, grant)));
  const change = (set: string) =>
    app.superuser(`UPDATE platform.users SET ${set} WHERE id = 'ada'`);
  expect(await holds()).toEqual([true, true, true]);

  await change("is_active = false");
  expect(await holds()).toEqual([false, true, false]);
  await change("erased_at = now()");
  expect(await holds()).toEqual([false, false, false]);
});

test("the narration of one owner grants nothing of another's", async () => {
  const { id } = await app.given.narration({ owner: "ada", publish: "public" });
  const blob = await blobOf("ben");

  for (const grant of [`narration.${id}.0`, `narration.${id}`, "narration", "own.0", "other.1", ""])
    expect({ grant, holds: await access.isGranted(blob, grant) }).toEqual({ grant, holds: false });
  for (const key of ["owned/nobody/b", `shared/${"a".repeat(64)}`, ""])
    expect(await access.isGranted(key, `narration.${id}.0`)).toBe(false);
});
