import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { MediaAccess, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "../harness/documents.js";

const TEXT = `The bell rang.\n\n“Who is there?” asked Lena.`;
const READ = `query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { audio { url(format: MP3) }
  segments { edges { node { audio { url } } } } } } }`;

let app: ApiApp;
let id: string;
let rawId: string;
let nowMs = 0;
beforeAll(async () => {
  const clock = { now: () => new Date(nowMs) };
  app = await apiApp({
    worker: true,
    mediaAccess: (database) => new MediaAccess({ database, clock }),
  });
});
beforeEach(async () => {
  // The grants of an earlier test are no longer known.
  nowMs += 3_600_000;
  const story = await app.given.story({ text: TEXT, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  rawId = narration.id;
  id = toGlobalId("UserStoryNarration", rawId);
  await app.services.narrations.updateSegments(owner(), narration, [
    { index: 0, text: "My bell." },
  ]);
  const { version } = await app.given.reread(narration);
  await app.as("ada").query(RENDER_NARRATION, { input: { id, version } });
  await app.as("ada").follow(NARRATION_PROGRESS, { id });
  await app.services.publishing.publish(owner(), await rereadAdas(), "public");
});
afterEach(() => app.clean());
afterAll(() => app.close());

const owner = () => ownerOf(subjectOf("ada"));
const rereadAdas = () => app.given.reread({ userId: subjectOf("ada"), id: rawId });

/** The URLs of the whole sound, of a segment in Ada's words, and of a shared segment. */
async function urlsFor(reader: string): Promise<readonly string[]> {
  const answer = await app.as(reader).query(READ, { id });
  const segments = answer.list("node.segments.edges.*.node.audio.url") as string[];
  return [answer.text("node.audio.url"), segments[0] ?? "", segments.at(-1) ?? ""];
}

const statusesOf = (urls: readonly string[], init: RequestInit = {}): Promise<number[]> =>
  Promise.all(urls.map(async (url) => (await fetch(new URL(url, app.url), init)).status));

test("the URLs of an unpublished narration end, and its owner gets new ones", async () => {
  const before = [...(await urlsFor("ben")), ...(await urlsFor("ada"))];

  await app.services.publishing.unpublish(owner(), await rereadAdas());

  const ended = [410, 410, 200, 410, 410, 200];
  expect(await statusesOf(before)).toEqual(ended);
  expect(await statusesOf(before, { method: "HEAD" })).toEqual(ended);
  expect(await statusesOf(before, { headers: { "if-none-match": "*" } })).toEqual(
    ended.map((status) => (status === 200 ? 304 : status)),
  );
  expect(await statusesOf(await urlsFor("ada"))).toEqual([200, 200, 200]);
  expect(await statusesOf(before)).toEqual(ended);
});

const RANGE = { headers: { range: "bytes=0-9" } };

test.each(["unpublish", "delete"] as const)(
  "sound that is being played ends within thirty seconds after %s",
  async (end) => {
    const urls = await urlsFor("ben");
    expect(await statusesOf(urls, RANGE)).toEqual([206, 206, 206]);
    const { publishing, narrations } = app.services;
    const narration = await rereadAdas();
    if (end === "unpublish") await publishing.unpublish(owner(), narration);
    else await narrations.delete(owner(), narration);

    nowMs += 29_999;
    expect(await statusesOf(urls, RANGE)).toEqual([206, 206, 206]);
    nowMs += 1;

    expect(await statusesOf(urls, RANGE)).toEqual([410, 410, 206]);
    expect(await statusesOf(urls)).toEqual([410, 410, 200]);
  },
);

test("URLs do not change when the narration is published again", async () => {
  const before = await urlsFor("ben");

  await app.services.publishing.publish(owner(), await rereadAdas(), "public");

  expect(await urlsFor("ben")).toEqual(before);
  expect(await statusesOf(before)).toEqual([200, 200, 200]);
});

test("URLs from before an unpublish stay ended when the narration is published again", async () => {
  const before = await urlsFor("ben");
  const { publishing } = app.services;

  await publishing.unpublish(owner(), await rereadAdas());
  await publishing.publish(owner(), await rereadAdas(), "public");

  expect(await statusesOf(before)).toEqual([410, 410, 200]);
  expect(await statusesOf(await urlsFor("ben"))).toEqual([200, 200, 200]);
});

test("the URLs of a deleted narration end for everyone", async () => {
  const urls = [...(await urlsFor("ben")), ...(await urlsFor("ada"))];

  await app.services.narrations.delete(owner(), await rereadAdas());

  expect(await statusesOf(urls)).toEqual([410, 410, 200, 410, 410, 200]);
});

test("caches keep what can be revoked for thirty seconds, and shared sound until its URL expires", async () => {
  const urls = await urlsFor("ben");
  const cached = await Promise.all(
    urls.map(async (url) => (await fetch(new URL(url, app.url))).headers.get("cache-control")),
  );

  expect(cached.slice(0, 2)).toEqual(["private, max-age=30", "private, max-age=30"]);
  expect(cached[2]).toMatch(/^private, max-age=\d{4}, immutable$/);
});

test("a grant in a URL cannot be changed or left out", async () => {
  const [url = ""] = await urlsFor("ben");
  const forged = [
    url.replace(/for=[^&]*/, "for=own"),
    url.replace(/&for=[^&]*/, ""),
    `${url}&for=own`,
  ];

  // The grant is sealed, so the URL does not tell how many narrations there are.
  expect(url).toMatch(/for=[\w-]{40,}&/);
  expect(url).not.toContain(`narration.${rawId}`);
  expect(await statusesOf(forged)).toEqual([403, 403, 403]);
});

test("every viewer gets the same URL", async () => {
  expect(await urlsFor("ben")).toEqual(await urlsFor("ben"));
  expect(await urlsFor("ada")).toEqual(await urlsFor("ben"));
});
