import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { OLD_SOUND, givenLegacyFile, givenMigrated } from "../../support/migrated.js";

const AUDIO = `audio { url(format: MP3) wav: url(format: WAV) opus: url(format: OPUS) originalUrl contentType
  durationMs loudnessLufs sizeBytes captionsUrl timingsUrl expiresAt chapters { title } }`;
const SEGMENT = `index isStale degraded { feature } audio { url contentType startMs durationMs words { text } }`;
const NARRATION = `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { status durationMs ${AUDIO}
  progress { totalSegments } segments(first: 10) { edges { node { ${SEGMENT} } } } } } }`;
const WAV = "data:audio/wav;base64,UklGRg==";
const WEB = "https://old.example/a.mp3";

let app: ApiApp;
let userId: string;
beforeAll(async () => {
  app = await apiApp({ legacyMediaUrl: "https://media.example" });
});
beforeEach(async () => {
  userId = (await app.given.user("ada")).id;
});
afterEach(() => app.clean());
afterAll(() => app.close());

const given = async (about: Partial<Parameters<typeof givenMigrated>[1]>): Promise<string> => {
  const story = await app.given.story({ author: "cleo", publish: true });
  return givenMigrated(app, { userId, story, ...about });
};

const read = async (rawId: string, reader = "ada") => {
  const answer = await app
    .as(reader)
    .query(NARRATION, { id: toGlobalId("UserStoryNarration", rawId) });
  expect(answer.errors).toEqual([]);
  return answer;
};

const get = (url: string, init: RequestInit = {}) => fetch(new URL(url, app.url), init);

/** The members that sound of the legacy platform never has. */
const ONLY_RENDERED = {
  ...{ opus: null, loudnessLufs: null, captionsUrl: null, timingsUrl: null, chapters: [] },
};

describe("a narration with a file of the legacy platform", () => {
  test("plays the file in its own format, also a part of the file", async () => {
    await givenLegacyFile(app, { userId, id: 12 });
    const answer = await read(await given({ link: " audio://12\n" }));

    expect(answer.at("node")).toMatchObject({
      ...{ status: "READY", durationMs: 4000, progress: null },
      audio: {
        ...ONLY_RENDERED,
        ...{ durationMs: 4000, sizeBytes: OLD_SOUND.length, contentType: "audio/mpeg", wav: null },
        url: answer.text("node.audio.originalUrl"),
        expiresAt: expect.stringMatching(/^\d{4}-/),
      },
    });
    const whole = await get(answer.text("node.audio.url"));
    const part = await get(answer.text("node.audio.url"), { headers: { range: "bytes=4-8" } });
    expect(whole.headers.get("content-type")).toBe("audio/mpeg");
    expect(whole.headers.get("content-disposition")).toContain("narration.mp3");
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(OLD_SOUND);
    expect([part.status, await part.text()]).toEqual([206, "sound"]);
  });

  test.each([
    ["audio/X-WAV; rate=8000", "audio/wav", "wav"],
    ["audio/mp3", "audio/mpeg", "url"],
    ["audio/webm", "audio/webm", null],
    ["text/html", "application/octet-stream", null],
    ["", "application/octet-stream", null],
  ])("of the type %j has the type %j", async (contentType, named, format) => {
    await givenLegacyFile(app, { userId, contentType });
    const answer = await read(await given({ link: "audio://1" }));

    const response = await get(answer.text("node.audio.originalUrl"));

    expect(answer.at("node.audio.contentType")).toBe(named);
    expect(response.headers.get("content-type")).toBe(named);
    for (const field of ["url", "wav"]) {
      const url = field === format ? answer.at("node.audio.originalUrl") : null;
      expect(answer.at(`node.audio.${field}`)).toBe(url);
    }
  });

  test("has no audio if the file is missing", async () => {
    const answer = await read(await given({ link: "audio://1" }));

    expect(answer.at("node")).toMatchObject({ status: "READY", audio: null });
  });

  test("has no audio for a file of another user", async () => {
    await givenLegacyFile(app, { userId: (await app.given.user("ben")).id });
    const answer = await read(await given({ link: "audio://1" }));

    expect(answer.at("node.audio")).toBeNull();
  });

  test("is private, and the URL ends when the narration is deleted", async () => {
    await givenLegacyFile(app, { userId });
    const id = await given({ link: "audio://1" });
    const url = (await read(id)).text("node.audio.url");

    const others = [await read(id, "ben")];
    await app.services.narrations.delete(ownerOf(userId), { id, version: 1 });

    expect(others.map((answer) => answer.at("node"))).toEqual([null]);
    expect((await get(url)).status).toBe(410);
    expect((await get(url.replace(/&for=[^&]*/, ""))).status).toBe(403);
  });
});

test.each([
  [WEB, { url: null, wav: null, originalUrl: WEB, contentType: null }],
  ["a/b.mp3", { originalUrl: "https://media.example/a/b.mp3", contentType: null }],
  [WAV, { url: null, wav: WAV, originalUrl: WAV, contentType: "audio/wav" }],
])("a narration with the link %j gives the link itself", async (link, audio) => {
  const answer = await read(await given({ link }));

  expect(answer.at("node.audio")).toMatchObject({
    ...{ ...ONLY_RENDERED, durationMs: 4000, sizeBytes: null, expiresAt: null },
    ...audio,
  });
});

test.each(["javascript:alert(1)", "file:///a.mp3", "data:text/html,a", " "])(
  "a narration with the link %j has no audio, and keeps the link",
  async (link) => {
    const answer = await read(await given({ link, links: [link, link] }));

    expect(answer.at("node.audio")).toBeNull();
    expect(answer.at("node.segments.edges.*.node.audio")).toEqual([null, null]);
    expect(
      await app.superuser(
        "SELECT legacy_original ->> 'audioFileUrl' AS link FROM instances.user_story_narrations",
      ),
    ).toEqual([{ link }]);
  },
);

describe("a segment of the legacy platform", () => {
  test("has its own sound until the owner changes the segment", async () => {
    await givenLegacyFile(app, { userId, contentType: "audio/ogg" });
    const id = await given({ links: ["audio://1", WEB] });

    const before = await read(id);
    await app.services.narrations.updateSegments(ownerOf(userId), { id, version: 1 }, [
      { index: 1, text: "Somebody answered." },
    ]);
    const after = await read(id);

    const unknown = { startMs: null, words: [] };
    const [first, second] = before.list("node.segments.edges.*.node");
    expect(before.at("node.audio")).toBeNull();
    expect(first).toMatchObject({
      ...{ isStale: false, degraded: [] },
      audio: { ...unknown, contentType: "audio/ogg", durationMs: 3900 },
    });
    expect(second).toMatchObject({
      audio: { ...unknown, url: WEB, contentType: null, durationMs: null },
    });
    const urls = before.list("node.segments.edges.*.node.audio.url") as string[];
    const response = await get(urls[0] ?? "");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "audio/ogg"]);
    expect(after.list("node.segments.edges.*.node")).toEqual([
      first,
      expect.objectContaining({ isStale: true, audio: null }),
    ]);
  });

  test("has none after Fabula rendered the narration", async () => {
    await givenLegacyFile(app, { userId });
    const id = await given({ link: "audio://1", links: ["audio://1", "audio://1"] });
    await app.superuser(
      "UPDATE instances.user_narration_segments SET recipe_key = 'x' WHERE position = 0",
    );
    const answer = await read(id);

    expect(answer.at("node.segments.edges.*.node.audio")).toEqual([
      null,
      expect.objectContaining({ contentType: "audio/mpeg" }),
    ]);
  });

  test("is stale after a change if only the whole narration has sound", async () => {
    const id = await given({ link: WEB });
    await app.services.narrations.updateSegments(ownerOf(userId), { id, version: 1 }, [
      { index: 0, text: "Another bell rang." },
    ]);

    const answer = await read(id);

    expect(answer.at("node.segments.edges.*.node.isStale")).toEqual([true, false]);
    expect(answer.at("node.audio.originalUrl")).toBe(WEB);
  });

  test("without any sound is never stale", async () => {
    const id = await given({});
    await app.services.narrations.updateSegments(ownerOf(userId), { id, version: 1 }, [
      { index: 0, text: "Another bell rang." },
    ]);

    expect((await read(id)).at("node.segments.edges.*.node.isStale")).toEqual([false, false]);
  });
});

describe("the number of statements", () => {
  const LIST = `query ($first: Int!) { viewer { list: narrations(first: $first) { edges { node { ${AUDIO} } } } } }`;
  const SCRIPT = `query ($id: ID!, $after: String) { node(id: $id) { ... on UserStoryNarration {
    segments(first: 100, after: $after) { edges { cursor node { audio { url durationMs } } } } } } }`;

  test("is the same for one narration as for several", async () => {
    await givenLegacyFile(app, { userId });
    for (const link of ["audio://1", null, WEB, WAV]) await given({ link });
    const pathsFor = async (first: number) => {
      const answer = await app.as("ada").query(LIST, { first });
      expect(answer.list("viewer.list.edges.*.node")).toHaveLength(first);
      return answer.sql.statements.map(({ path }) => path).sort();
    };

    const one = await pathsFor(1);

    expect(await pathsFor(4)).toEqual(one);
    // The sound of ours, and the sound of the legacy platform.
    expect(one.filter((path) => path.endsWith("audio"))).toHaveLength(2);
  });

  test("is the same for a script with 200 files as for one with one file", async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
    for (const id of numbers) await givenLegacyFile(app, { userId, id });
    const links = numbers.map((id) => `audio://${id}`);
    /** Reads a page of a script. Returns the cursor of its end, and the paths of the statements. */
    const readPage = async (rawId: string, length: number, after: string | null = null) => {
      const id = toGlobalId("UserStoryNarration", rawId);
      const answer = await app.as("ada").query(SCRIPT, { id, after });
      const edges = answer.list("node.segments.edges") as readonly { readonly cursor: string }[];
      expect(edges).toEqual(
        Array(length).fill(
          expect.objectContaining({
            node: { audio: expect.objectContaining({ durationMs: 3900 }) },
          }),
        ),
      );
      return {
        end: edges.at(-1)?.cursor ?? null,
        paths: answer.sql.statements.map(({ path }) => path).sort(),
      };
    };
    const short = await given({ texts: links.slice(0, 1), links });
    const long = await given({ texts: links, links });

    const one = await readPage(short, 1);
    const first = await readPage(long, 100);
    const second = await readPage(long, 100, first.end);

    expect([first.paths, second.paths]).toEqual([one.paths, one.paths]);
    expect(one.paths.filter((path) => path.endsWith("audio"))).toHaveLength(1);
  });
});
