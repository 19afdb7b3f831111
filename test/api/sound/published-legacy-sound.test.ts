import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import {
  AfterRevoking,
  CONSENT_STATEMENT,
  MediaAccess,
  OwnedBlobs,
  type Owner,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { givenPersonalVoice } from "../../support/personal-voice.js";
import { OLD_SOUND, givenLegacyFile, givenMigrated } from "../../support/migrated.js";

const NARRATION = `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { status durationMs
  audio { url(format: MP3) originalUrl contentType sizeBytes durationMs expiresAt captionsUrl }
  segments(first: 10) { edges { node { text isStale audio { url contentType durationMs words { text } } } } } } } }`;
const WEB = "https://old.example/a.mp3";

let app: ApiApp;
let userId: string;
let ada: Owner;
let nowMs = 0;
beforeAll(async () => {
  const clock = { now: () => new Date(nowMs) };
  app = await apiApp({
    legacyMediaUrl: "https://media.example",
    mediaAccess: (database) => new MediaAccess({ database, clock }),
  });
});
beforeEach(async () => {
  nowMs += 3_600_000;
  userId = (await app.given.user("ada")).id;
  ada = ownerOf(userId);
});
afterEach(() => app.clean());
afterAll(() => app.close());

const given = async (about: Partial<Parameters<typeof givenMigrated>[1]>): Promise<string> => {
  const story = await app.given.story({ author: "cleo", publish: true });
  return givenMigrated(app, { userId, story, ...about });
};

const versionOf = async (id: string): Promise<number> =>
  (await app.given.reread({ userId, id })).version;

const publish = async (id: string) =>
  app.services.publishing.publish(ada, { id, version: await versionOf(id) }, "public");

const unpublish = async (id: string) =>
  app.services.publishing.unpublish(ada, { id, version: await versionOf(id) });

const read = async (rawId: string, reader = "ben") => {
  const answer = await app
    .as(reader)
    .query(NARRATION, { id: toGlobalId("UserStoryNarration", rawId) });
  expect(answer.errors).toEqual([]);
  return answer;
};

const get = (url: string) => fetch(new URL(url, app.url));

describe("an edition of a migrated narration", () => {
  test("plays the file for others, until it is unpublished", async () => {
    await givenLegacyFile(app, { userId });
    const id = await given({ link: "audio://1", links: ["audio://1", WEB] });
    await publish(id);

    const seen = await read(id);
    const urls = [
      seen.text("node.audio.url"),
      ...(seen.list("node.segments.edges.*.node.audio.url").slice(0, 1) as string[]),
    ];
    const played = await Promise.all(urls.map(get));
    await unpublish(id);
    nowMs += 30_000;
    const ended = await Promise.all(urls.map(get));

    expect(seen.at("node")).toMatchObject({
      ...{ status: "READY", durationMs: 4000 },
      audio: { contentType: "audio/mpeg", sizeBytes: OLD_SOUND.length, captionsUrl: null },
    });
    expect(seen.at("node.segments.edges.*.node")).toMatchObject([
      { isStale: false, audio: { contentType: "audio/mpeg", durationMs: 3900, words: [] } },
      { isStale: false, audio: { url: WEB, contentType: null, durationMs: null } },
    ]);
    expect(await played[0]?.text()).toBe(new TextDecoder().decode(OLD_SOUND));
    expect(played.map(({ status }) => status)).toEqual([200, 200]);
    expect(ended.map(({ status }) => status)).toEqual([410, 410]);
    expect((await read(id)).at("node")).toBeNull();
  });

  test("gives others what its owner gets", async () => {
    await givenLegacyFile(app, { userId });
    const id = await given({
      link: "audio://1",
      links: ["a.mp3", " data:audio/wav;base64,UklGRg=="],
    });
    await publish(id);

    expect((await read(id)).data).toEqual((await read(id, "ada")).data);
  });

  test.each([WEB, "/a/b.mp3", "data:audio/mpeg;base64,AAAA"])("has the link %j", async (link) => {
    const id = await given({ link });
    await publish(id);

    const seen = await read(id);

    expect(seen.at("node.audio")).toEqual((await read(id, "ada")).at("node.audio"));
    expect(seen.at("node.audio.originalUrl")).not.toBeNull();
  });

  test.each(["javascript:alert(1)", "file:///a.mp3", "audio://404", "\n"])(
    "has nothing of the link %j",
    async (link) => {
      const id = await given({ link, links: [link, link] });
      await publish(id);

      const seen = await read(id);

      expect(seen.at("node.audio")).toBeNull();
      expect(seen.at("node.segments.edges.*.node.audio")).toEqual([null, null]);
      expect(
        await app.superuser(
          `SELECT audio FROM reference.published_narrations UNION ALL
           SELECT audio FROM reference.published_narration_segments`,
        ),
      ).toEqual([{ audio: null }, { audio: null }, { audio: null }]);
    },
  );

  test("is ready if each of its segments has sound", async () => {
    const [whole, part] = [await given({ links: [WEB, WEB] }), await given({ links: [WEB] })];
    await app.superuser("UPDATE instances.user_story_narrations SET status = 'cancelled'");

    await publish(whole);
    await publish(part);

    expect((await read(whole)).at("node")).toMatchObject({ status: "READY", audio: null });
    expect((await read(part)).at("node")).toMatchObject({ status: "DRAFT", audio: null });
  });

  test("keeps the blob, also after the row of the file is gone", async () => {
    const key = await givenLegacyFile(app, { userId });
    const other = await givenLegacyFile(app, { userId, id: 2, bytes: Buffer.from("Another.") });
    await publish(await given({ link: "audio://1", links: ["audio://2"] }));
    await app.superuser("DELETE FROM instances.user_legacy_sounds");

    await new OwnedBlobs(app).deleteUnused(ada, [key, other]);

    expect(await app.storage.stat(key)).not.toBeNull();
    expect(await app.storage.stat(other)).not.toBeNull();
  });

  test("in a personal voice is named when the consent ends", async () => {
    await app.services.consents.grant(ada, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
    const narratorVoice = await givenPersonalVoice(app, userId);
    const link = "audio://1";
    await givenLegacyFile(app, { userId });
    const ids = [
      await given({ narratorVoice, link }),
      await given({ narratorVoice, links: [WEB, null] }),
      await given({ narratorVoice }),
    ];
    for (const id of ids) await publish(id);

    const { publishedNarrations } = await app.services.consents.revoke(ada, AfterRevoking.Keep);

    expect([...publishedNarrations].sort()).toEqual(ids.slice(0, 2).sort());
  });
});

describe("a migrated narration that was changed here", () => {
  const edits = {
    "an edited segment": async (id: string) =>
      app.services.narrations.updateSegments(ada, { id, version: 1 }, [
        { index: 1, text: "Somebody answered." },
      ]),
    "another narrator": async (id: string) =>
      app.services.narrations.update(ada, { id, version: 1 }, { narratorVoice: "flite:rms" }),
    "another delivery": async (id: string) =>
      app.services.narrations.update(
        ...([ada, { id, version: 1 }, { voiceModifications: { rate: 1.2 } }] as const),
      ),
  };

  test.each(Object.entries(edits))(
    "is rendered before it is published: %s",
    async (_what, edit) => {
      for (const about of [{ link: WEB }, { links: [WEB, WEB] }]) {
        const id = await given(about);
        await edit(id);

        await expect(publish(id)).rejects.toMatchObject({
          code: "CONFLICT",
          message: expect.stringContaining("render it again, then publish"),
        });
        expect((await read(id)).at("node")).toBeNull();
      }
    },
  );

  test("is published as text if it has no sound", async () => {
    const id = await given({});
    await edits["an edited segment"](id);

    await publish(id);

    expect((await read(id)).at("node")).toMatchObject({ status: "DRAFT", audio: null });
  });

  test("is published with its sound if only the title changed", async () => {
    const id = await given({ link: WEB });
    await app.services.narrations.update(ada, { id, version: 1 }, { title: "Mine" });
    await app.services.narrations.update(ada, { id, version: 2 }, { narratorVoice: "flite:slt" });

    await publish(id);

    expect((await read(id)).at("node.audio.originalUrl")).toBe(WEB);
  });

  test("keeps its earlier edition unchanged", async () => {
    const id = await given({ link: WEB });
    await publish(id);
    const before = (await read(id)).data;

    await app.services.narrations.updateSegments(ada, { id, version: await versionOf(id) }, [
      { index: 0, text: "Another bell." },
    ]);

    expect((await read(id)).data).toEqual(before);
  });
});
