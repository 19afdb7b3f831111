import {
  AfterRevoking,
  CONSENT_STATEMENT,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { requireConsent } from "../../../src/instances/consent/require-consent.js";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { gate, untilBlocked } from "../../support/blocked.js";
import { consentRows } from "./consent-rows.js";

const ada = ownerOf("ada");
const AGREED = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => app.given.user("ada"));
afterEach(() => app.clean());
afterAll(() => app.close());

const grant = () => app.services.consents.grant(ada, AGREED);
const revoke = (after: AfterRevoking) => app.services.consents.revoke(ada, after);
const use = () =>
  app.database.write("ada", (tx) => requireConsent(tx, ada, app.services.clock.now()));

const samples = () => consentRows(app).samples();
const voices = () => consentRows(app).voices();
const consents = () => consentRows(app).consents();
const sweeps = () =>
  app.superuser<{ owner: string }>(
    "SELECT data ->> 'userId' AS owner FROM jobs.job WHERE name = 'sweep-sound'",
  );
const age = () =>
  app.superuser("UPDATE instances.voice_consents SET granted_at = now() - interval '2 days'");

async function recorded() {
  const consent = await grant();
  await app.given.voiceSample({ owner: "ada", consentId: consent.id });
  await app.given.emotionVoice({ owner: "ada", consentId: consent.id });
  return consent;
}

test("a consent records the statement's version and hash, and expires after a year", async () => {
  const consent = await grant();

  expect(consent).toMatchObject({
    statementVersion: CONSENT_STATEMENT.version,
    textHash: CONSENT_STATEMENT.hash,
    subject: "self",
    isLive: true,
    revokedAt: null,
  });
  const days = (Number(consent.expiresAt) - Number(consent.grantedAt)) / 86_400_000;
  expect(days).toBe(365);
  expect(await use()).toMatchObject({ id: consent.id });
});

test("ten grants at once record one consent", async () => {
  const granted = await Promise.all(Array.from({ length: 10 }, grant));

  expect(new Set(granted.map(({ id }) => id)).size).toBe(1);
  expect(await consents()).toEqual([{ isLive: true, revoked: false }]);
});

test("a consent of an earlier day is replaced, and its recordings stay usable", async () => {
  const first = await recorded();
  await age();

  const second = await grant();

  expect(second.id).not.toBe(first.id);
  expect(await consents()).toEqual([
    { isLive: false, revoked: false },
    { isLive: true, revoked: false },
  ]);
  expect(await samples()).toMatchObject([{ state: "usable", consent: second.id }]);
  expect(await voices()).toMatchObject([{ state: "usable", consent: second.id }]);
});

test("ten grants at once replace a consent of an earlier day once", async () => {
  await recorded();
  await age();

  const granted = await Promise.all(Array.from({ length: 10 }, grant));

  expect(new Set(granted.map(({ id }) => id)).size).toBe(1);
  expect(await consents()).toEqual([
    { isLive: false, revoked: false },
    { isLive: true, revoked: false },
  ]);
});

test("grants and revocations at once leave the recordings as the last of them says", async () => {
  await recorded();

  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      index % 2 ? grant() : revoke(AfterRevoking.Keep).catch(() => null),
    ),
  );

  const live = (await consents()).some(({ isLive }) => isLive);
  const state = live ? "usable" : "suspended";
  expect([await samples(), await voices()]).toMatchObject([[{ state }], [{ state }]]);
});

test.each([
  [VoiceSubject.OtherAdult, "ask that person to sign in"],
  [VoiceSubject.Minor, "does not record children"],
])("a consent for the voice of %s is refused with the reason", async (subject, reason) => {
  const granting = app.services.consents.grant(ada, { ...AGREED, subject });

  await expect(granting).rejects.toThrow(InvalidInputError);
  await expect(granting).rejects.toThrow(reason);
  expect(await consents()).toEqual([]);
});

test.each([
  { ...AGREED, statementVersion: "2020-01" },
  { ...AGREED, statementHash: "0".repeat(64) },
])("a consent to another text is refused: %j", async (asked) => {
  const granting = app.services.consents.grant(ada, asked);

  await expect(granting).rejects.toThrow(ConflictError);
  await expect(granting).rejects.toThrow("read voiceConsentStatement again");
});

test("the voice cannot be used without a consent", async () => {
  await expect(use()).rejects.toThrow("agree with grantVoiceConsent first");
});

test("revoking with KEEP suspends recordings and voices, and says how many", async () => {
  const consent = await recorded();

  const result = await revoke(AfterRevoking.Keep);

  expect(result).toMatchObject({
    ...{ keptSamples: 1, keptVoices: 1, deletedSamples: 0, deletedVoices: 0 },
    ...{ cancelledRenders: 0, publishedNarrations: [], unpublishedNarrations: 0 },
  });
  expect(await samples()).toMatchObject([{ state: "suspended", consent: consent.id }]);
  expect(await voices()).toMatchObject([{ state: "suspended", consent: consent.id }]);
  expect(await consents()).toEqual([{ isLive: false, revoked: true }]);
  await expect(use()).rejects.toThrow(ConflictError);
});

test("revoking with DELETE deletes recordings and voices, also what was kept before", async () => {
  await recorded();
  await revoke(AfterRevoking.Keep);
  await expect(revoke(AfterRevoking.Keep)).rejects.toThrow("revoke with DELETE to delete kept");

  const result = await revoke(AfterRevoking.Delete);

  expect(result).toMatchObject({
    ...{ keptSamples: 0, keptVoices: 0, deletedSamples: 1, deletedVoices: 1 },
  });
  expect([await samples(), await voices()]).toEqual([[], []]);
});

test("revoking with DELETE queues the deletion of the sound, and KEEP does not", async () => {
  await recorded();
  await revoke(AfterRevoking.Keep);
  const kept = await sweeps();

  await revoke(AfterRevoking.Delete);

  expect(kept).toEqual([]);
  expect(await sweeps()).toEqual([{ owner: "ada" }]);
});

test("a new consent makes kept recordings usable, and revives no deleted ones", async () => {
  await recorded();
  await revoke(AfterRevoking.Keep);
  const second = await grant();
  expect(await samples()).toMatchObject([{ state: "usable", consent: second.id }]);
  expect(await voices()).toMatchObject([{ state: "usable", consent: second.id }]);

  await revoke(AfterRevoking.Delete);
  await grant();

  expect([await samples(), await voices()]).toEqual([[], []]);
});

test("a recording of the legacy platform waits until its owner adopts the recording", async () => {
  await app.given.voiceSample({ owner: "ada" });

  await grant();
  const granted = await samples();
  await revoke(AfterRevoking.Keep);

  expect(granted).toMatchObject([{ state: "awaiting_consent", consent: null }]);
  expect(await samples()).toEqual(granted);
});

test("revoking without a consent and without recordings finds nothing", async () => {
  await expect(revoke(AfterRevoking.Keep)).rejects.toThrow(NotFoundError);
  await expect(revoke(AfterRevoking.Delete)).rejects.toThrow(NotFoundError);
});

test("a use of the voice that has begun ends before the consent is revoked", async () => {
  const { id } = await recorded();
  const began = gate();
  const end = gate();
  const order: string[] = [];

  const using = app.database.write("ada", async (tx) => {
    await requireConsent(tx, ada, app.services.clock.now());
    began.open();
    await end.opened;
    order.push("used");
  });
  await began.opened;
  const revoking = revoke(AfterRevoking.Keep).then(() => order.push("revoked"));
  await untilBlocked(app.testDatabase, 1);
  end.open();
  await Promise.all([using, revoking]);

  expect(order).toEqual(["used", "revoked"]);
  expect(await samples()).toMatchObject([{ state: "suspended", consent: id }]);
});

describe("the database refuses", () => {
  const owned = (sql: string) => app.database.write("ada", (tx) => tx.query(sql));

  test("to make an ended consent live again", async () => {
    await recorded();
    await revoke(AfterRevoking.Keep);

    const reviving = "UPDATE instances.voice_consents SET is_live = true, revoked_at = NULL";
    await expect(owned(reviving)).rejects.toThrow("cannot become live again");
    await expect(app.superuser(reviving)).rejects.toThrow("cannot become live again");
  });

  test("to change what a person agreed to", async () => {
    await grant();

    for (const change of [
      "statement_version = '1'",
      "expires_at = NULL",
      "subject = 'minor_with_guardian'",
    ]) {
      const changing = owned(`UPDATE instances.voice_consents SET ${change}`);
      await expect(changing).rejects.toThrow("permission denied");
    }
  });

  test("to end a consent before its recordings are suspended", async () => {
    await recorded();

    const ending = owned("UPDATE instances.voice_consents SET is_live = false");
    await expect(ending).rejects.toThrow("user_voice_samples_consent");
  });

  test.each([
    ["a new recording that waits for a consent", "'awaiting_consent', NULL, NULL"],
    ["a suspended recording without a consent", "'suspended', NULL, NULL"],
    ["a suspended recording under an unknown consent", "'suspended', 7999000000, NULL"],
    ["a usable recording without a consent", "'usable', NULL, NULL"],
  ])("%s", async (_name, values) => {
    const template = await app.given.neutralTemplateId();

    const inserting = owned(
      `INSERT INTO instances.user_voice_samples (user_id, template_id, state, consent_id, consent_live)
       VALUES ('ada', ${template}, ${values})`,
    );
    await expect(inserting).rejects.toThrow(/violates (check|foreign key) constraint/);
  });
});
