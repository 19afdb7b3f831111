import {
  AfterRevoking,
  CONSENT_STATEMENT,
  SoundSweep,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { collect } from "../../support/collect.js";
import { givenLegacyFile, givenMigrated } from "../../support/migrated.js";

const ada = ownerOf("ada");

let app: TestApp;
let keys: readonly string[];
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  await app.given.user("ben");
  keys = [await file(1), await file(2), await file(3)];
});
afterEach(() => app.clean());
afterAll(() => app.close());

const file = (id: number, userId = "ada") =>
  givenLegacyFile(app, { userId, id, bytes: Buffer.from(`File ${id}`) });

const given = async (about: Partial<Parameters<typeof givenMigrated>[1]>): Promise<string> =>
  givenMigrated(app, {
    ...{ userId: "ada", story: await app.given.story({ publish: true }) },
    ...about,
  });

const remove = (id: string) => app.services.narrations.delete(ada, { id, version: 1 });

async function fileIds(userId = "ada"): Promise<number[]> {
  const rows = await app.superuser<{ id: string }>(
    "SELECT id FROM instances.user_legacy_sounds WHERE user_id = $1 ORDER BY id",
    [userId],
  );
  return rows.map(({ id }) => Number(id));
}

async function blobs(): Promise<string[]> {
  const { publicId } = await app.given.user("ada");
  return (await collect(app.storage.list(publicId))).sort();
}

test("deleting a narration deletes the files that only this narration has", async () => {
  await given({ link: "audio://2" });
  const id = await given({ link: "audio://1", links: [" audio://2", "audio://3"] });
  await file(1, "ben");

  await remove(id);
  const sweep = new SoundSweep({
    ...{ database: app.jobDatabase, storage: app.storage },
    clock: { now: () => new Date(Date.now() + 13 * 3_600_000) },
    enqueue: () => Promise.resolve(),
    enqueueAfterDeletion: () => Promise.resolve(),
    enqueueCleanup: () => Promise.resolve(),
  });
  await sweep.run("ada", true);

  expect(await fileIds()).toEqual([2]);
  expect(await fileIds("ben")).toEqual([1]);
  expect(await blobs()).toEqual([keys[1]]);
});

test.each([
  ["a segment", () => given({ links: ["audio://1", "audio://2"], link: "audio://3" })],
  [
    "an item without a text",
    async () => {
      const id = await given({ links: ["audio://2"], link: "audio://3" });
      await app.superuser(
        `UPDATE instances.user_narration_segments SET extra = '[{"audioUrl": "audio://1"}]'
         WHERE narration_id = $1 AND position = 1`,
        [id],
      );
    },
  ],
  [
    "a voice sample that waits for its owner",
    async () => {
      await app.given.voiceSample({ owner: "ada" });
      await given({ links: ["audio://2", "audio://3"] });
    },
  ],
  [
    "a story",
    async () => {
      const { id } = await app.given.story({ author: "ada" });
      await app.superuser(
        `UPDATE reference.stories SET source = '{"legacy": {"originalAudioUrl": "audio://1",
           "voiceSampleUrl": "audio://2"}}' WHERE id = $1`,
        [id],
      );
      await given({ links: ["audio://3"] });
    },
  ],
])("a file stays while %s has it", async (_what, refer) => {
  await refer();
  const id = await given({ link: "audio://1", links: ["audio://2", "audio://3"] });

  await remove(id);

  expect(await fileIds()).toEqual([1, 2, 3]);
});

test("two narrations that are deleted at once leave no file", async () => {
  const links = ["audio://1", "audio://2"];
  const ids = [await given({ links, link: "audio://3" }), await given({ links })];

  await Promise.all(ids.map(remove));

  expect(await fileIds()).toEqual([]);
});

test("deleting a voice sample deletes its file at once", async () => {
  await given({ links: ["audio://2", "audio://3"] });
  const { id } = await app.given.voiceSample({ owner: "ada" });

  await app.services.voiceSamples.remove(ada, id);

  expect(await fileIds()).toEqual([2, 3]);
  expect(await blobs()).toEqual(keys.slice(1).sort());
});

test("revoking the consent deletes the files of the recordings if they are deleted", async () => {
  await given({ links: ["audio://2"] });
  await app.services.consents.grant(ada, {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  await app.given.voiceSample({ owner: "ada" });

  await app.services.consents.revoke(ada, AfterRevoking.Delete);

  expect(await fileIds()).toEqual([2]);
});
