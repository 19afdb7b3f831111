import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { TimedWord, TimingsDocument } from "../../../src/audio/files/timings.js";
import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import type { Answer } from "../harness/answer.js";
import {
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PUBLISH_NARRATION,
  READ_AUDIO,
  RENDER_NARRATION,
  UNPUBLISH_NARRATION,
} from "../harness/documents.js";

const TEXT = `Chapter 1\n\nThe bell rang.\n\n“Who is there?” asked Lena softly.\n\nChapter 2\n\n“Only the wind,” said Otto.`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface Segment {
  readonly text: string;
  readonly degraded: readonly object[];
  readonly audio: {
    readonly url: string;
    readonly startMs: number;
    readonly durationMs: number;
    readonly words: readonly TimedWord[];
  } | null;
}

const idOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);
const segmentsIn = (answer: Answer): readonly Segment[] =>
  answer.list("narration.segments.edges.*.node") as Segment[];
const read = (narration: NarrationEntity, reader = "ada"): Promise<Answer> =>
  app.as(reader).query(READ_AUDIO, { id: idOf(narration) });

/** Changes Ada's narration at its current version. */
async function change(narration: NarrationEntity, document: string, more: object = {}) {
  const { version } = await app.given.reread(narration);
  const input = { id: idOf(narration), version, ...more };
  const answer = await app.as("ada").query(document, { input });
  expect(answer.body).toContain('"userErrors":[]');
  return answer;
}

async function render(narration: NarrationEntity): Promise<void> {
  await change(narration, RENDER_NARRATION);
  await app.as("ada").follow(NARRATION_PROGRESS, { id: idOf(narration) });
}

/**
 * Renders a narration with one sentence in Ada's own words. The rendition of this sentence belongs to
 * Ada.
 */
async function rendered(): Promise<NarrationEntity> {
  const story = await app.given.story({ text: TEXT, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await change(narration, EDIT_SEGMENTS, { edits: [{ index: 1, text: "The bell rang twice." }] });
  await render(narration);
  return narration;
}

const timingsOf = async (answer: Answer): Promise<TimingsDocument> => {
  const url = new URL(answer.text("narration.audio.timingsUrl"), app.url);
  return (await (await fetch(url)).json()) as TimingsDocument;
};

const shifted = ({ startMs, endMs, ...word }: TimedWord, byMs: number) => ({
  ...word,
  startMs: startMs + byMs,
  endMs: endMs + byMs,
});

test("words are written words, for the owner and in the edition", async () => {
  const text = "Capt. Vane rang some\u00ADwhere.\n\nIt cost £3m.";
  const story = await app.given.story({ text, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await render(narration);
  await change(narration, PUBLISH_NARRATION, { visibility: "PUBLIC" });

  const answers = [await read(narration), await read(narration, "ben")];

  for (const answer of answers) {
    const words = segmentsIn(answer).flatMap(({ audio }) => audio?.words ?? []);
    expect(words.map((word) => word.text.replace(/\.$/, ""))).toEqual([
      "Capt",
      "Vane",
      "rang",
      "somewhere",
      "It",
      "cost",
      "£3m",
    ]);
  }
});

test("segments and chapters have the same times as the timings file and the captions", async () => {
  const narration = await rendered();

  const answer = await read(narration);
  const { segments, chapters } = await timingsOf(answer);

  const heard = segmentsIn(answer).map(({ text, audio }) => ({
    text,
    startMs: audio?.startMs,
    words: audio?.words.map((word) => shifted(word, audio.startMs)),
  }));
  expect(heard).toEqual(segments.map(({ text, startMs, words }) => ({ text, startMs, words })));
  for (const [index, { startMs, endMs }] of segments.entries()) {
    const durationMs = segmentsIn(answer)[index]?.audio?.durationMs ?? 0;
    expect(Math.abs(durationMs - (endMs - startMs))).toBeLessThanOrEqual(1);
  }
  expect(answer.at("narration.audio.chapters")).toEqual(chapters);
  expect(chapters.map(({ title }) => title)).toEqual(["Chapter 1", "Chapter 2"]);
  const captions = await fetch(new URL(answer.text("narration.audio.captionsUrl"), app.url));
  const cues = [...(await captions.text()).matchAll(/00:00:(\d\d)\.(\d{3}) -->/g)];
  const starts = segments.flatMap(({ words }) => words.map((word) => word.startMs));
  expect(cues.map(([, s, ms]) => Number(s) * 1000 + Number(ms))).toEqual(
    segments.map(({ words }) => words[0]?.startMs),
  );
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
});

test("an edited segment has no sound until the next render, and the other segments keep their sound", async () => {
  const narration = await rendered();
  const before = segmentsIn(await read(narration));

  await change(narration, EDIT_SEGMENTS, { edits: [{ index: 2, text: "“Is anyone there?”" }] });
  const edited = segmentsIn(await read(narration));
  await render(narration);
  const after = segmentsIn(await read(narration));

  expect(edited.map(({ audio }) => audio?.startMs ?? null)).toEqual(
    before.map(({ audio }, index) => (index === 2 ? null : audio?.startMs)),
  );
  expect(after[2]?.audio?.words.map(({ text }) => text)).toEqual(["Is", "anyone", "there"]);
});

test("others hear the segments of a published narration as they were at publication", async () => {
  const narration = await rendered();
  const adas = segmentsIn(await read(narration));
  await change(narration, PUBLISH_NARRATION, { visibility: "PUBLIC" });

  const bens = await read(narration, "ben");
  await change(narration, EDIT_SEGMENTS, { edits: [{ index: 1, text: "Silence." }] });
  await render(narration);
  const later = await read(narration, "ben");

  expect(segmentsIn(bens).map(({ audio, degraded }) => ({ audio, degraded }))).toEqual(
    adas.map(({ audio, degraded }) => ({ audio, degraded })),
  );
  expect(later.data).toEqual(bens.data);
  for (const { audio } of segmentsIn(later)) {
    const { status } = await fetch(new URL(audio?.url ?? "", app.url));
    expect(status).toBe(200);
  }
  expect(bens.list("narration.segments.edges.*.node.isStale")).not.toContain(true);

  await change(narration, UNPUBLISH_NARRATION);

  expect((await read(narration, "ben")).data).toEqual({ narration: null });
  expect(await app.superuser("SELECT FROM reference.published_narration_segments")).toEqual([]);
});

test("a segment reports a gain that its peaks reduced, also after publishing", async () => {
  const narration = await rendered();
  const [first] = segmentsIn(await read(narration));
  await change(narration, EDIT_SEGMENTS, {
    edits: [
      { index: 1, text: "Now!", prosody: { gain: 12 } },
      { index: 2, prosody: { gain: 3 } },
    ],
  });
  await render(narration);
  const reported = segmentsIn(await read(narration)).map(({ degraded }) => degraded);
  await change(narration, PUBLISH_NARRATION, { visibility: "PUBLIC" });

  const bens = segmentsIn(await read(narration, "ben")).map(({ degraded }) => degraded);

  const reason = expect.stringMatching(/^The gain is \d+\.\d dB instead of 12\.0 dB/);
  expect(first?.degraded).toEqual([]);
  expect(reported[1]).toEqual([{ feature: "GAIN", reason }]);
  expect(reported.flat()).toHaveLength(1);
  expect(bens).toEqual(reported);
});

test("the share link of an unlisted narration opens the sound of its segments", async () => {
  const narration = await rendered();
  await change(narration, PUBLISH_NARRATION, { visibility: "UNLISTED" });
  const { shareToken } = await app.given.reread(narration);
  const query = READ_AUDIO.replace("$id: ID!", "$id: String!").replace(
    "id: $id",
    "shareToken: $id",
  );

  const heard = await app.anonymous().query(query, { id: shareToken });

  expect(segmentsIn(heard)).toEqual(segmentsIn(await read(narration)));
});

test("a narration published before it was rendered has segments without sound", async () => {
  const narration = await app.given.narration({ owner: "ada", publish: "public" });

  const answer = await read(narration, "ben");

  expect(answer.errors).toEqual([]);
  expect(new Set(answer.list("narration.segments.edges.*.node.audio"))).toEqual(new Set([null]));
});

test("the sound of the segments of several narrations costs as many statements as of one narration", async () => {
  const story = await app.given.story({ text: TEXT, analyse: true });
  const adas = await app.given.narration({ owner: "ada", story });
  await render(adas);
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on UserStoryNarration {
    segments(first: 3) { edges { node { audio { startMs words { text } } degraded { reason } } } } } } }`;
  const narrations = [adas];
  while (narrations.length < 3) {
    const narration = await app.given.narration({ owner: "ada", story });
    await render(narration);
    await change(narration, PUBLISH_NARRATION, { visibility: "PUBLIC" });
    narrations.push(narration);
  }
  const cost = async (reader: string, count: number): Promise<number> => {
    const ids = narrations.slice(-count).map(idOf);
    return (await app.as(reader).query(query, { ids })).sql.count;
  };

  expect(await cost("ada", 3)).toBe(await cost("ada", 1));
  expect(await cost("ben", 2)).toBe(await cost("ben", 1));
});
