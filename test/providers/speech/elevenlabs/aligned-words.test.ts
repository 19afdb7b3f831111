import { alignWords, fitWords } from "../../../../src/providers/speech/elevenlabs/aligned-words.js";
import { applyLexicon } from "../../../../src/providers/speech/remote/lexicon.js";

/** Each character takes a tenth of a second. */
const evenly = (characters: readonly string[]) => ({
  characters: [...characters],
  character_start_times_seconds: characters.map((_, index) => index / 10),
  character_end_times_seconds: characters.map((_, index) => (index + 1) / 10),
});

test("a character of two UTF-16 units counts as one character of the vendor", () => {
  const text = "😀 Well 𝒳 then";

  const words = alignWords(text, applyLexicon(text), evenly(Array.from(text)));

  expect(words?.map(({ text: word, startMs, endMs }) => [word, startMs, endMs])).toEqual([
    ["Well", 200, expect.closeTo(600)],
    ["𝒳", expect.closeTo(700), 800],
    ["then", 900, 1300],
  ]);
});

test("spaces that the vendor changed do not matter", () => {
  const text = "One\n\n two";

  const words = alignWords(text, applyLexicon(text), evenly(Array.from("One two ")));

  expect(words?.map(({ start, startMs }) => [start, startMs])).toEqual([
    [0, 0],
    [6, 400],
  ]);
});

test("characters of another text give no times", () => {
  const text = "On 12 May.";

  expect(alignWords(text, applyLexicon(text), evenly(Array.from("On twelve May.")))).toBeNull();
  expect(alignWords(text, applyLexicon(text), evenly(Array.from("On 12 May")))).toBeNull();
  expect(alignWords(text, applyLexicon(text), evenly(Array.from("On 12 May.!")))).toBeNull();
});

test("words after a word of the lexicon keep their own times", () => {
  const text = "Ann, Zoë and Ann.";
  const lexical = applyLexicon(text, [{ word: "ann", saidAs: "a nurse" }]);

  const words = alignWords(text, lexical, evenly(Array.from(lexical.input)));

  expect(lexical.input).toBe("a nurse, Zoë and a nurse.");
  expect(words?.map(({ text: word, startMs }) => [word, Math.round(startMs)])).toEqual([
    ["Ann", 0],
    ["Zoë", 900],
    ["and", 1300],
    ["Ann", 1700],
  ]);
});

test("words stay in order and inside the sound, whatever the times are", () => {
  const word = { text: "a", start: 0, end: 1 };
  const words = [
    { ...word, startMs: -50, endMs: -20 },
    { ...word, startMs: 400, endMs: 300 },
    { ...word, startMs: 100, endMs: 900 },
    { ...word, startMs: 900, endMs: 900 },
  ];

  const fitted = fitWords(words, { trimmedMs: 20, durationMs: 500 });

  expect(fitted.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 10],
    [380, 390],
    [390, 490],
    [490, 500],
  ]);
});
