import NodeId3 from "node-id3";
import type { TimingsDocument } from "../../../../src/audio/files/timings.js";
import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import { chapterMarks } from "../../../../src/instances/rendering/plan/chapter-marks.js";
import { speakerNames } from "../../../../src/instances/rendering/plan/speaker-names.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { Studio } from "../studio.js";

const BOOK = `Told by the fire.

PART ONE

Chapter 1. The Bell

The bell rang.

“Who is there?” asked Lena.

Chapter 2. The Wind

“Only the wind,” said Otto.`;

let app: TestApp;
let studio: Studio;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  studio = await Studio.open(app, { joins: true });
});
afterEach(async () => {
  await studio.close();
  await app.clean();
});
afterAll(() => app.close());

async function narration(text: string): Promise<NarrationEntity> {
  const story = await app.given.story({ text, analyse: true, title: "By the Fire" });
  return app.given.narration({ owner: "ada", story });
}

async function readFiles({ audio, durationMs }: NarrationEntity) {
  const timings = JSON.parse(await studio.text(audio?.timings ?? "")) as TimingsDocument;
  const { stream } = await studio.storage.open(audio?.mp3 ?? "");
  const { chapter = [] } = NodeId3.read(Buffer.concat(await stream.toArray()));
  return { timings, durationMs, mp3: chapter };
}

/** Returns the time at which the segment with this text starts. */
const startOf = ({ segments }: TimingsDocument, text: string): number | undefined =>
  segments.find((segment) => segment.text.includes(text))?.startMs;

test("the story's headings become chapters of the mp3, the narration and the timings", async () => {
  const rendered = await studio.render(await narration(BOOK));

  const { timings, mp3, durationMs } = await readFiles(rendered);
  const [before, first, second] = timings.chapters;
  expect(timings.chapters.map(({ title }) => title)).toEqual([
    "By the Fire",
    "PART ONE: Chapter 1. The Bell",
    "Chapter 2. The Wind",
  ]);
  expect(before).toMatchObject({ startMs: 0, endMs: first?.startMs });
  expect(first).toMatchObject({ startMs: startOf(timings, "PART ONE"), endMs: second?.startMs });
  expect(second).toMatchObject({ startMs: startOf(timings, "Chapter 2"), endMs: durationMs });
  expect(rendered.audio?.chapters).toEqual(
    timings.chapters.map(({ title, startMs }) => ({ title, startMs })),
  );
  const read = mp3.map(({ tags, startTimeMs, endTimeMs }) => [tags?.title, startTimeMs, endTimeMs]);
  expect(read).toEqual(
    timings.chapters.map(({ title, startMs, endMs }) => [title, startMs, endMs]),
  );
});

test("a text without headings has one chapter with the narration's title", async () => {
  const rendered = await studio.render(await narration("The bell rang.\n\nNobody came."));

  const { timings, durationMs } = await readFiles(rendered);
  expect(timings.chapters).toEqual([{ title: "By the Fire", startMs: 0, endMs: durationMs }]);
});

test("editing the script does not move its chapters", async () => {
  const made = await narration(BOOK);
  const lines = await app.given.script(made);
  const heading = lines.findIndex(({ text }) => text.includes("Chapter 2"));
  await app.services.narrations.updateSegments(ownerOf("ada"), made, [
    { index: 0, text: "Listen." },
    { index: heading, text: "And then." },
  ]);

  const { timings } = await readFiles(await studio.render(made));

  expect(timings.chapters.map(({ title }) => title)).toHaveLength(3);
  expect(timings.chapters[2]).toMatchObject({
    title: "Chapter 2. The Wind",
    startMs: startOf(timings, "And then."),
  });
});

test("a chapter comes after its long pause, whatever line the owner lets stand before it", async () => {
  const pauseBefore = async (made: NarrationEntity, heading: string) => {
    const { timings } = await readFiles(await studio.render(made));
    const at = timings.segments.findIndex(({ text }) => text.startsWith(heading));
    const [before, after] = [timings.segments[at - 1], timings.segments[at]];
    return (after?.startMs ?? 0) - (before?.endMs ?? 0);
  };
  const made = await narration(BOOK);
  const { scriptShaping } = app.services;
  const reread = () => app.given.reread(made);
  const last = (await app.given.script(made)).findIndex(({ text }) => text.startsWith("asked"));
  const ada = ownerOf("ada");

  const plain = await pauseBefore(made, "Chapter 2");
  await scriptShaping.change(ada, await reread(), { join: { index: last - 1 } });
  const joined = await pauseBefore(await reread(), "Chapter 2");
  const segments = [{ text: "So the chapter ends." }];
  await scriptShaping.insert(ada, await reread(), { after: last - 1, segments });
  const inserted = await pauseBefore(await reread(), "Chapter 2");
  await scriptShaping.change(ada, await reread(), { remove: { indexes: [last - 1, last] } });
  const deleted = await pauseBefore(await reread(), "Chapter 2");

  expect(plain).toBeGreaterThan(1_900);
  for (const pause of [joined, inserted, deleted]) expect(pause).toBeGreaterThan(1_900);
});

test("a chapter begins at the first line after its heading; the owner's own lines move no chapter", () => {
  const lines = [null, 0, 40, null, 90, 130].map((storyStart) => ({ storyStart }));
  const headings = [30, 90, 95, 500].map((start) => ({ title: `At ${start}`, start }));

  expect(chapterMarks(lines, headings, "Title")).toEqual([
    { title: "Title", segment: 0 },
    { title: "At 30", segment: 2 },
    { title: "At 90", segment: 4 },
    { title: "At 95", segment: 5 },
  ]);
  expect(chapterMarks(lines.slice(1), [{ title: "One", start: 0 }], "Title")).toEqual([
    { title: "One", segment: 0 },
  ]);
});

test("captions and timings use the story's names for speakers", async () => {
  const rendered = await studio.render(await narration(BOOK));

  const { timings } = await readFiles(rendered);
  const captions = await studio.text(rendered.audio?.captions ?? "");
  const speakers = timings.segments.flatMap(({ speaker }) => (speaker ? [speaker.name] : []));
  expect(speakers).toEqual(["Lena", "Otto"]);
  expect(captions.match(/<v [^>]*>/g)).toEqual(["<v Lena>", "<v Otto>"]);
});

test("characters with the same name get a number", () => {
  const characters = ["Lena", "Otto", "Lena", "Lena (2)", "Lena"].map((canonicalName, index) => ({
    id: `c${index}`,
    canonicalName,
  }));

  expect([...speakerNames(characters).values()]).toEqual([
    ...["Lena", "Otto", "Lena (2)", "Lena (2) (2)", "Lena (3)"],
  ]);
});

test("each segment has its start in the joined sound, even after an edit", async () => {
  const rendered = await studio.render(await narration(BOOK));
  const { timings } = await readFiles(rendered);
  const startsOf = async () => (await app.given.script(rendered)).map(({ startMs }) => startMs);
  const joined = await startsOf();

  await app.services.narrations.updateSegments(ownerOf("ada"), rendered, [
    { index: 1, text: "Other words." },
    { index: 2, pauseAfterMs: 900 },
  ]);

  expect(joined).toEqual(timings.segments.map(({ startMs }) => startMs));
  expect(await startsOf()).toEqual(joined);
});
