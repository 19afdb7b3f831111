import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../../src/instances/index.js";
import { createConsents } from "../../../src/app/parts.js";
import { requireConsent } from "../../../src/instances/consent/require-consent.js";
import type { Logger } from "../../../src/platform/process/logging.js";
import { type TestApp, silent, testApp } from "../../support/app.js";
import { gate } from "../../support/blocked.js";
import { consentRows } from "./consent-rows.js";

const ada = ownerOf("ada");
const AGREED = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };

let app: TestApp;
let rows: ReturnType<typeof consentRows>;
beforeAll(async () => {
  app = await testApp();
  rows = consentRows(app);
});
beforeEach(async () => {
  await app.given.user("ada");
  const { id: consentId } = await grant();
  await app.given.voiceSample({ owner: "ada", consentId });
  await app.given.emotionVoice({ owner: "ada", consentId });
  await expire();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const grant = () => app.services.consents.grant(ada, AGREED);

const NO_QUEUE = {
  enqueue: () => Promise.resolve(),
  findWithoutJob: () => Promise.resolve([]),
};

/** Returns the service with the database of jobs, which has other rights. */
const createUpkeep = (database = app.jobDatabase) =>
  createConsents(
    {
      database,
      clock: app.services.clock,
      notifier: app.services.notifier,
      sweepSoon: () => Promise.resolve(),
      rendering: app.services.rendering,
    },
    NO_QUEUE,
  );

const expire = async ({ superuser }: Pick<TestApp, "superuser"> = app) => {
  for (const table of ["instances.voice_consents", "platform.expiring_consents"]) {
    await superuser(`UPDATE ${table} SET expires_at = now() - interval '1 second'`);
  }
};

test("an expired consent allows no use before the regular upkeep ends the consent", async () => {
  const use = app.database.write("ada", (tx) => requireConsent(tx, ada, app.services.clock.now()));

  await expect(use).rejects.toThrow("expired on");
});

test("the upkeep suspends the recordings of expired consents only", async () => {
  const ben = await app.given.user("ben");
  const kept = await app.services.consents.grant(ownerOf(ben.id), AGREED);
  const upkeep = createUpkeep();

  const ended = [await upkeep.endExpired(), await upkeep.endExpired()];

  expect(ended).toEqual([1, 0]);
  expect(await rows.samples()).toMatchObject([{ state: "suspended" }]);
  expect(await rows.voices()).toMatchObject([{ state: "suspended" }]);
  expect(await rows.consents()).toEqual([
    { isLive: false, revoked: false },
    { isLive: true, revoked: false },
  ]);
  expect(kept.isLive).toBe(true);
});

test("the upkeep leaves a consent alone that replaced the expired one meanwhile", async () => {
  const { jobDatabase } = app;
  const read = async (...about: Parameters<typeof jobDatabase.read>): Promise<unknown> => {
    const found = await jobDatabase.read(...about);
    await grant();
    return found;
  };
  const renewing = Object.create(jobDatabase, { read: { value: read } }) as typeof jobDatabase;

  expect(await createUpkeep(renewing).endExpired()).toBe(0);
  expect(await rows.consents()).toEqual([
    { isLive: false, revoked: false },
    { isLive: true, revoked: false },
  ]);
  expect(await rows.samples()).toMatchObject([{ state: "usable" }]);
  expect(await rows.voices()).toMatchObject([{ state: "usable" }]);
});

test("a worker ends expired consents at its start", async () => {
  const ended = gate<unknown>();
  const logger: Logger = {
    ...silent,
    info: (about: unknown, message?: string) => {
      if (message === "Ended voice consents that expired") ended.open(about);
    },
  };
  const own = await testApp({ logger });
  await own.given.user("ada");
  await own.services.consents.grant(ada, AGREED);
  await expire(own);

  await own.startWorker();

  expect(await ended.opened).toEqual({ consents: 1 });
  await own.close();
});

test("the upkeep ends the expired consent of a deactivated owner too", async () => {
  await app.superuser("UPDATE platform.users SET is_active = false WHERE id = 'ada'");

  expect(await createUpkeep().endExpired()).toBe(1);
  expect(await rows.samples()).toMatchObject([{ state: "suspended" }]);
});
