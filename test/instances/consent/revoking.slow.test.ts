import {
  AfterRevoking,
  CONSENT_STATEMENT,
  type NarrationEntity,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { createConsents } from "../../../src/app/parts.js";
import { requireConsent } from "../../../src/instances/consent/require-consent.js";
import { NotFoundError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { narrated } from "../rendering/narrated.js";
import { Studio } from "../rendering/studio.js";

const ada = ownerOf("ada");
const AGREED = { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self };

let app: TestApp;
let voice: string;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  voice = await givenPersonalVoice(app, "ada", { consentId: (await grant()).id });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const grant = () => app.services.consents.grant(ada, AGREED);
const revoke = (options?: { readonly unpublish: boolean }) =>
  app.services.consents.revoke(ada, AfterRevoking.Keep, options);
const expire = async () => {
  for (const table of ["instances.voice_consents", "platform.expiring_consents"]) {
    await app.superuser(`UPDATE ${table} SET expires_at = '2026-01-02'`);
  }
};
const reread = (narration: NarrationEntity) => app.given.reread(narration);

async function requested(narration: NarrationEntity): Promise<NarrationEntity> {
  return app.services.rendering.request(ada, await reread(narration));
}

/** Publishes a narration as if it was rendered. */
async function published(
  narration: NarrationEntity,
  visibility: "public" | "unlisted" = "public",
): Promise<NarrationEntity> {
  await app.superuser(
    "UPDATE instances.user_story_narrations SET audio_blob_key = 'shared/1' WHERE id = $1",
    [narration.id],
  );
  return app.services.publishing.publish(ada, await reread(narration), visibility);
}

describe("renders under way", () => {
  test("in a personal voice are cancelled with the reason, and other renders go on", async () => {
    const personal = await requested(await narrated(app, "ada", { narratorVoice: voice }));
    const other = await requested(await narrated(app));

    const { cancelledRenders } = await revoke();

    expect(cancelledRenders).toBe(1);
    expect(await reread(personal)).toMatchObject({
      status: "cancelled",
      failure: {
        code: "CONSENT_ENDED",
        message: expect.stringContaining("agree again with grantVoiceConsent"),
        position: null,
      },
    });
    expect(await reread(other)).toMatchObject({ status: "queued", failure: null });
    const [underWay] = await app.superuser("SELECT narration_id FROM platform.renders_under_way");
    expect(underWay).toEqual({ narration_id: other.id });
  });

  test("are found by the voice of a character and of a segment", async () => {
    const cast = await narrated(app);
    const [member] = cast.voiceCast;
    const characterId = member?.characterId ?? "";
    const { narrations } = app.services;
    await narrations.update(ada, cast, { cast: [{ characterId, voice }] });
    const edited = await narrated(app);
    await narrations.updateSegments(ada, edited, [{ index: 1, voice }]);
    // A voice that no segment has is not spoken.
    const silent = await narrated(app, "ada", { narratorVoice: voice });
    const script = await app.given.script(silent);
    await narrations.updateSegments(
      ada,
      silent,
      script.map((_, index) => ({ index, voice: "flite:slt" })),
    );
    for (const each of [cast, edited, silent]) await requested(each);

    const { cancelledRenders } = await revoke();

    expect(cancelledRenders).toBe(2);
    const statuses = await Promise.all([cast, edited, silent].map(reread));
    expect(statuses.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "queued"]);
  });

  test("are cancelled when the consent expires, and the reason names the day", async () => {
    const narration = await requested(await narrated(app, "ada", { narratorVoice: voice }));
    await expire();

    const ended = await consentsOf(app.services.rendering).endExpired();

    expect(ended).toBe(1);
    expect(await reread(narration)).toMatchObject({
      status: "cancelled",
      failure: { message: expect.stringContaining("expired on 2026-01-02; agree again") },
    });
  });

  test("go on when a newer consent replaces the consent", async () => {
    const narration = await requested(await narrated(app, "ada", { narratorVoice: voice }));
    await app.superuser("UPDATE instances.voice_consents SET granted_at = '2026-01-02'");

    await grant();

    expect((await reread(narration)).status).toBe("queued");
  });

  test("give their paid characters back", async () => {
    const quotas = { paidCharactersPerDay: 1_000 };
    const studio = await Studio.open(app, { isPaid: true, quotas });
    const narration = await narrated(app, "ada", { narratorVoice: voice });
    await studio.request(narration);
    const before = await usedCharacters();

    await consentsOf(studio.rendering).revoke(ada, AfterRevoking.Keep);

    expect(before).toBeGreaterThan(0);
    expect(await usedCharacters()).toBe(0);
    await studio.close();
  });

  test("are cancelled if their request has begun before the revocation", async () => {
    const narration = await narrated(app, "ada", { narratorVoice: voice });
    const row = await holdRow(
      app.testDatabase,
      "SELECT FROM instances.user_story_narrations FOR UPDATE",
    );
    const requesting = requested(narration);
    await untilBlocked(app.testDatabase, 1);
    const revoking = revoke();
    await untilBlocked(app.testDatabase, 2);

    await row.release();

    expect((await requesting).status).toBe("queued");
    expect((await revoking).cancelledRenders).toBe(1);
    expect((await reread(narration)).status).toBe("cancelled");
  });
});

describe("narrations that others hear in a personal voice", () => {
  test("are named by each revocation, and stay published", async () => {
    const first = await published(await narrated(app, "ada", { narratorVoice: voice }));
    const second = await published(
      await narrated(app, "ada", { narratorVoice: voice }),
      "unlisted",
    );
    await published(await narrated(app));
    const text = await narrated(app, "ada", { narratorVoice: voice });
    await app.services.publishing.publish(ada, text, "public");

    const named = [await revoke()];
    await grant();
    named.push(await revoke());

    for (const { publishedNarrations, unpublishedNarrations } of named) {
      expect({ publishedNarrations, unpublishedNarrations }).toEqual({
        publishedNarrations: [second.id, first.id],
        unpublishedNarrations: 0,
      });
    }
    expect((await reread(first)).visibility).toBe("public");
  });

  test("are unpublished with the revocation, also those of an earlier revocation", async () => {
    const first = await published(await narrated(app, "ada", { narratorVoice: voice }), "unlisted");
    const other = await published(await narrated(app));
    await revoke();

    const { publishedNarrations, unpublishedNarrations } = await revoke({ unpublish: true });

    expect([publishedNarrations, unpublishedNarrations]).toEqual([[first.id], 1]);
    expect(await reread(first)).toMatchObject({
      ...{ visibility: "private", shareToken: null, publishedAt: null },
      ...{ unpublishedCount: first.unpublishedCount + 1, version: first.version },
    });
    expect((await reread(other)).visibility).toBe("public");
    expect(await app.superuser("SELECT narration_id FROM reference.published_narrations")).toEqual([
      { narration_id: other.id },
    ]);
    const sweeps = await app.superuser("SELECT FROM jobs.job WHERE name = 'sweep-sound'");
    expect(sweeps).toHaveLength(1);
    await expect(revoke({ unpublish: true })).rejects.toThrow(NotFoundError);
  });

  test("are not named if every segment has another voice", async () => {
    const narration = await narrated(app, "ada", { narratorVoice: voice });
    const script = await app.given.script(narration);
    await app.services.narrations.updateSegments(
      ada,
      narration,
      script.map((_, index) => ({ index, voice: "flite:slt" })),
    );
    await published(narration);

    const revoked = await revoke({ unpublish: true });

    expect(revoked).toMatchObject({ publishedNarrations: [], unpublishedNarrations: 0 });
    expect((await reread(narration)).visibility).toBe("public");
  });

  test("are left alone if their owner unpublishes them during the revocation", async () => {
    const narration = await published(await narrated(app, "ada", { narratorVoice: voice }));
    const unpublishing = await holdRow(
      app.testDatabase,
      `UPDATE instances.user_story_narrations SET visibility = 'private', published_at = NULL;
       DELETE FROM reference.published_narration_segments;
       DELETE FROM reference.published_narrations`,
    );
    const revoking = revoke({ unpublish: true });
    await untilBlocked(app.testDatabase, 1);

    await unpublishing.release();

    expect((await revoking).unpublishedNarrations).toBe(0);
    expect((await reread(narration)).version).toBe(narration.version);
  });

  test("are unpublished if publishing has begun before the revocation", async () => {
    const narration = await narrated(app, "ada", { narratorVoice: voice });
    await app.superuser("UPDATE instances.user_story_narrations SET audio_blob_key = 'shared/1'");
    const row = await holdRow(
      app.testDatabase,
      "SELECT FROM instances.user_story_narrations FOR UPDATE",
    );
    const publishing = app.services.publishing.publish(ada, narration, "public");
    await untilBlocked(app.testDatabase, 1);
    const revoking = revoke({ unpublish: true });
    await untilBlocked(app.testDatabase, 2);

    await row.release();

    expect((await publishing).visibility).toBe("public");
    expect((await revoking).unpublishedNarrations).toBe(1);
    expect((await reread(narration)).visibility).toBe("private");
  });
});

test("a use of the voice that waited for a newer consent finds the newer consent", async () => {
  const renewing = await holdRow(
    app.testDatabase,
    `UPDATE instances.user_emotion_voices SET state = 'suspended', consent_live = NULL;
     UPDATE instances.voice_consents SET is_live = false;
     INSERT INTO instances.voice_consents
       (user_id, statement_version, text_hash, purpose, subject, granted_by, granted_at)
     VALUES ('ada', '2', '2', 'own_voices', 'self', 'ada', now())`,
  );

  const using = app.database.write("ada", (tx) => requireConsent(tx, ada, new Date()));
  await untilBlocked(app.testDatabase, 1);
  await renewing.release();

  expect((await using).statementVersion).toBe("2");
});

const usedCharacters = async (): Promise<number> => {
  const [row] = await app.superuser<{ used: number }>(
    "SELECT coalesce(sum(amount), 0)::int AS used FROM platform.user_usage WHERE kind = 'paid_characters'",
  );
  return row?.used ?? 0;
};

const consentsOf = (rendering: TestApp["services"]["rendering"]) =>
  createConsents(
    {
      database: app.jobDatabase,
      clock: app.services.clock,
      notifier: app.services.notifier,
      sweepSoon: () => Promise.resolve(),
      rendering,
    },
    { enqueue: () => Promise.resolve(), findWithoutJob: () => Promise.resolve([]) },
  );
