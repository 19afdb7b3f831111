import fc from "fast-check";
import { writeWebVtt } from "../../../../src/audio/files/captions.js";
import { TIMINGS_VERSION, type TimedSegment } from "../../../../src/audio/files/timings.js";
import {
  findSpokenEdits,
  shownEdits,
  spokenText,
  writtenWords,
} from "../../../../src/instances/rendering/plan/spoken-edits.js";
import { analyseText } from "../../../../src/reference/index.js";
import { clearPart } from "../../../../src/reference/reading/clear-part.js";
import { readText } from "../../../../src/reference/reading/reading.js";
import "../../../support/same-texts.js";

const WORD_MS = 100;

/** The words that a voice says, one after the other from `at`. */
const heardFrom = (spoken: string, at: number) =>
  [...spoken.matchAll(/\S+/g)].map(({ 0: text, index: start }, place) => ({
    ...{ text, start, end: start + text.length },
    ...{ startMs: at + place * WORD_MS, endMs: at + (place + 1) * WORD_MS },
  }));

/** Returns the captions of a narration of the whole text. */
function captionsOf(text: string): string {
  const { segments, apparatus } = analyseText(text);
  let at = 0;
  const timed = segments.map((segment, index): TimedSegment => {
    const { original, edits } = clearPart(text, segment, apparatus);
    const line = { text: original, apparatus: edits };
    const spokenEdits = findSpokenEdits(line, { language: "en", keep: [] });
    const heard = heardFrom(spokenText(original, spokenEdits), at);
    const startMs = at;
    at += heard.length * WORD_MS;
    return {
      ...{ id: String(index), text: original, speaker: null, story: null, startMs, endMs: at },
      words: writtenWords(original, spokenEdits, heard),
      apparatus: shownEdits(original, spokenEdits),
    };
  });
  return writeWebVtt({
    ...{ version: TIMINGS_VERSION, durationMs: at, chapters: [] },
    segments: timed,
  });
}

const wordsIn = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

const shownIn = (vtt: string): string =>
  vtt
    .split("\n\n")
    .slice(1)
    .map((cue) => cue.trim().split("\n").slice(1).join(" "))
    .join(" ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");

const SENTENCES = [
  "Capt. Vane rang the bell.",
  "“Who is there?” asked Lt. Hale at 10.15 a.m.",
  "It cost £3m in 1914–18, or so they said.",
  "She planted a gar-\nden of roses[4] by the wall.",
  "He read <i>The Times</i> &amp; slept.",
  "The wind rose some\u00ADwhat.",
  "Ahhh! No. 7 had 3½ windows of 10 ft. each.",
  "* * *",
  "[Illustration: a bell]",
];

test("the words of any text are in its captions once and in order, and no apparatus is", () => {
  const paragraph = fc
    .array(fc.constantFrom(...SENTENCES), { minLength: 1, maxLength: 4 })
    .map((sentences) => sentences.join(" "));
  fc.assert(
    fc.property(fc.array(paragraph, { minLength: 1, maxLength: 6 }), (paragraphs) => {
      const text = paragraphs.join("\n\n");

      const captions = captionsOf(text);

      expect(wordsIn(shownIn(captions))).toEqual(wordsIn(readText(text).clear.text));
    }),
  );
});
