import { webVtt } from "../../src/audio/captions.js";
import type { TimedSegment } from "../../src/audio/timings.js";

function segment(text: string, more: Partial<TimedSegment> = {}): TimedSegment {
  const words = [...text.matchAll(/[\w']+/g)].map(({ 0: word, index }, at) => ({
    ...{ text: word, start: index, end: index + word.length },
    ...{ startMs: 1000 + at * 500, endMs: 1400 + at * 500 },
  }));
  return {
    id: "1",
    text,
    speaker: null,
    story: null,
    startMs: 1000,
    endMs: 99_000,
    words,
    ...more,
  };
}

const captions = (...segments: readonly TimedSegment[]) =>
  webVtt({ version: 2, durationMs: 100_000, chapters: [], segments });

test("a segment is a cue with a timestamp at every word after the first", () => {
  expect(captions(segment("“Come in,” she said."))).toBe(
    [
      "WEBVTT",
      "",
      "00:00:01.000 --> 00:00:02.900",
      "“Come <00:00:01.500>in,” <00:00:02.000>she <00:00:02.500>said.",
      "",
    ].join("\n"),
  );
});

test("a speaker and signs of markup are written so that they are shown", () => {
  const vtt = captions(segment("Salt & pepper <3", { speaker: { id: "c1", name: "Mr <B>" } }));

  expect(vtt).toContain("<v Mr &lt;B&gt;>Salt &amp; <00:00:01.500>pepper &lt;<00:00:02.000>3");
});

test("a long segment is cut into cues of two lines, after stops where there are any", () => {
  const text =
    "The keeper climbed the stairs before dawn, as he had done for thirty years, and saw nothing. " +
    "Nobody had seen anything for a very long time indeed that anybody could have remembered at all.";

  const cues = captions(segment(text)).split("\n\n").slice(1);

  const shown = cues.map((cue) =>
    cue
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/<[^>]*>/g, "")),
  );
  expect(shown.flat().join(" ")).toBe(text);
  expect(shown.every((lines) => lines.length <= 2)).toBe(true);
  expect(shown.flat().every((line) => line.length <= 60)).toBe(true);
  expect(shown[0]?.at(-1)).toMatch(/,$/);
  expect(shown[1]?.at(-1)).toMatch(/nothing\.$/);
});

test("what has no words, or none that is heard, has no cue", () => {
  const silent = { start: 0, end: 1, text: "x", startMs: 1000, endMs: 1000 };

  expect(captions(segment("***"), segment("x", { words: [silent] }))).toBe("WEBVTT\n");
});

test("hours are counted", () => {
  const word = { start: 0, end: 2, text: "So", startMs: 3_723_004, endMs: 3_724_000 };

  expect(captions(segment("So", { words: [word] }))).toContain("01:02:03.004 --> 01:02:04.000");
});
