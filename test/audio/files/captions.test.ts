import fc from "fast-check";
import { writeWebVtt } from "../../../src/audio/files/captions.js";
import type { TimedSegment } from "../../../src/audio/files/timings.js";

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
  writeWebVtt({ version: 2, durationMs: 100_000, chapters: [], segments });

test("a segment is a cue with a class span for every word, after the word's timestamp", () => {
  expect(captions(segment("“Come in,” she said."))).toBe(
    [
      "WEBVTT",
      "",
      "00:00:01.000 --> 00:00:02.900",
      "<c>“Come</c> <00:00:01.500><c>in,”</c> <00:00:02.000><c>she</c> <00:00:02.500><c>said.</c>",
      "",
    ].join("\n"),
  );
});

test("a speaker's name and markup signs are escaped", () => {
  const vtt = captions(segment("Salt & pepper <3", { speaker: { id: "c1", name: "Mr <B>" } }));

  expect(vtt).toContain(
    "<v Mr &lt;B&gt;><c>Salt &amp;</c> <00:00:01.500><c>pepper &lt;</c><00:00:02.000><c>3</c>",
  );
});

test("a long segment is split into cues of two lines, after punctuation if possible", () => {
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
  expect(shown.flat().every((line) => line.length <= 42)).toBe(true);
  expect(shown[0]?.at(-1)).toMatch(/,$/);
  expect(shown[1]?.at(-1)).toMatch(/nothing\.$/);
});

test("a segment without words, or with silent words only, has no cue", () => {
  const silent = { start: 0, end: 1, text: "x", startMs: 1000, endMs: 1000 };

  expect(captions(segment("***"), segment("x", { words: [silent] }))).toBe("WEBVTT\n");
});

test("silent words stay with the words around them and have no timestamp", () => {
  const text = "《你好》 she read, 你好 and 再见, aloud.";
  const heard = new Map([
    ["she", 1000],
    ["read", 1500],
    ["and", 2000],
    ["aloud", 2500],
  ]);
  const words = [...text.matchAll(/[\p{L}]+/gu)].map(({ 0: word, index }) => {
    const startMs = heard.get(word) ?? 2000;
    const endMs = heard.has(word) ? startMs + 400 : startMs;
    return { text: word, start: index, end: index + word.length, startMs, endMs };
  });

  const [, cue] = captions(segment(text, { words })).trim().split("\n\n");

  expect(cue).toBe(
    "00:00:01.000 --> 00:00:02.900\n" +
      "<c>《你好》 she</c> <00:00:01.500><c>read, 你好</c> <00:00:02.000><c>and 再见,</c> <00:00:02.500><c>aloud.</c>",
  );
});

test("apparatus is not shown, and a word that apparatus cuts is one word", () => {
  const text = "The gar-\nden[3] slept.";
  const [the, garden, slept] = [
    { text: "The", start: 0, end: 3, startMs: 1000, endMs: 1400 },
    { text: "garden", start: 4, end: 12, startMs: 1500, endMs: 1900 },
    { text: "slept", start: 16, end: 21, startMs: 2000, endMs: 2400 },
  ] as const;
  const apparatus = [
    { start: 7, end: 9, text: "" },
    { start: 12, end: 15, text: "" },
  ];

  const vtt = captions(segment(text, { words: [the, garden, slept], apparatus }));

  expect(vtt).toContain("<c>The</c> <00:00:01.500><c>garden</c> <00:00:02.000><c>slept.</c>");
});

test("a line can end after a dash between two words", () => {
  const text = `${"a".repeat(30)}—${"b".repeat(30)}`;

  const [, cue] = captions(segment(text)).trim().split("\n\n");

  expect(cue?.split("\n").slice(1)).toEqual([
    `<c>${"a".repeat(30)}—</c>`,
    `<00:00:01.500><c>${"b".repeat(30)}</c>`,
  ]);
});

test("any segment becomes valid WebVTT with all of its audible text", () => {
  const word = fc.constantFrom(
    "a",
    "the",
    "“Stop!”",
    "sea-shells,",
    "&c.",
    "x<y",
    "extraordinarily",
  );
  const gap = fc.constantFrom(" ", "—", "\n\n", " — ");
  const spokenWord = fc.tuple(word, gap, fc.nat(3));
  fc.assert(
    fc.property(fc.array(spokenWord, { minLength: 1, maxLength: 60 }), (said) => {
      let [text, ms] = ["", 1000];
      const words = said.map(([written, after, length]) => {
        const [start, startMs] = [text.length, ms];
        text += written + after;
        ms += length * 100;
        return { text: written, start, end: start + written.length, startMs, endMs: ms };
      });

      const cues = parsed(captions(segment(text, { words })));

      const isHeard = said.some(([, , length]) => length > 0);
      const shown = cues.flatMap(({ lines }) => lines).join("");
      expect(shown.replaceAll(/\s/g, "")).toBe(isHeard ? text.replaceAll(/\s/g, "") : "");
      expect(said.filter(([, , length]) => length > 0)).toHaveLength(
        cues.reduce((sum, { stamps }) => sum + stamps.length - 1, 0),
      );
    }),
  );
});

test("timestamps contain hours", () => {
  const word = { start: 0, end: 2, text: "So", startMs: 3_723_004, endMs: 3_724_000 };

  expect(captions(segment("So", { words: [word] }))).toContain("01:02:03.004 --> 01:02:04.000");
});

interface Cue {
  /** The cue's start, the timestamps inside the cue, and its end. */
  readonly stamps: readonly number[];
  readonly lines: readonly string[];
}

/**
 * Parses captions (WebVTT of the W3C). Expects the correct syntax and at most 42 characters per line.
 * Does not expect at most two lines, because words without sound can need more.
 */
function parsed(vtt: string): readonly Cue[] {
  const [header, ...blocks] = vtt.replace(/\n$/, "").split("\n\n");
  expect(header).toBe("WEBVTT");
  let lastStart = 0;
  return blocks.map((block) => {
    const [timing = "", ...written] = block.split("\n");
    const [, from = "", to = ""] = /^(\S+) --> (\S+)$/.exec(timing) ?? [];
    const cue = written.join("\n");
    // Every word is in a class span, and every span but the first follows a timestamp.
    expect(cue).toMatch(/^<c>[^<>]+<\/c>(?:\s*<[\d:.]+><c>[^<>]+<\/c>)*$/);
    const inner = [...cue.matchAll(/<([\d:.]+)>/g)].map(([, stamp = ""]) => stamp);
    const stamps = [from, ...inner, to].map(msOf);
    for (const [index, ms] of stamps.entries()) {
      if (index > 0) expect(ms).toBeGreaterThan(stamps[index - 1] ?? NaN);
    }
    expect(stamps[0]).toBeGreaterThanOrEqual(lastStart);
    lastStart = stamps[0] ?? NaN;
    const lines = written.map((line) => unescaped(line.replace(/<[^>]*>/g, "")));
    for (const line of lines) {
      expect(line).toMatch(/^\S(?:.*\S)?$/);
      expect(line.length).toBeLessThanOrEqual(42);
    }
    return { stamps, lines };
  });
}

function unescaped(text: string): string {
  expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function msOf(stamp: string): number {
  const [, hours, minutes, seconds] = /^(\d{2,}):([0-5]\d):([0-5]\d\.\d{3})$/.exec(stamp) ?? [];
  return Math.round((Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000);
}
