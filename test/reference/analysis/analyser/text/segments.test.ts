import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";
import { splitSentences } from "../../../../../src/reference/analysis/analyser/text/sentences.js";

function sentencesOf(text: string): readonly string[] {
  return splitSentences(text, { start: 0, end: text.length }, "en").map(({ start, end }) =>
    text.slice(start, end).trim(),
  );
}

function segmentsOf(text: string): readonly string[] {
  return analyseText(text).segments.map(({ start, end }) => text.slice(start, end).trim());
}

test.each([
  "Capt. Vane met Lt. Hale at St. Mark's.",
  "He lived at No. 7 Elm Road, and read p. 44 of vol. II twice.",
  "Martin Hale, Jr. Esq. came with J. R. Pell.",
  "They sailed on Jan. 5 with Gov. Reed.",
  "“Wait… I think so,” she said.",
])("an abbreviation does not end a sentence: %s", (sentence) => {
  expect(sentencesOf(`${sentence} It rained.`)).toEqual([sentence, "It rained."]);
});

test("words that are abbreviations only before numbers end a sentence", () => {
  expect(sentencesOf("He said no. It rained in March.")).toEqual([
    "He said no.",
    "It rained in March.",
  ]);
});

test("closing marks belong to their sentence", () => {
  expect(sentencesOf("‘Go.’ He left. “Stop!” (She ran.) It rained…")).toEqual([
    "‘Go.’",
    "He left.",
    "“Stop!”",
    "(She ran.)",
    "It rained…",
  ]);
});

test("a sentence of 2,100 characters is complete", () => {
  const sentence = `The river ran ${"under the bridge and past the mill ".repeat(60)}home.`;

  const segments = analyseText(sentence).segments;

  expect(sentence.length).toBeGreaterThan(2100);
  expect(segments.map(({ start, end }) => sentence.slice(start, end)).join("")).toBe(sentence);
  expect(segments.slice(1).every(({ start }) => sentence.charAt(start - 1) === " ")).toBe(true);
});

test("a sentence in another script is a segment of its own", () => {
  expect(segmentsOf("A sign hung there. Добро пожаловать. Nobody could read it.")).toEqual([
    "A sign hung there.",
    "Добро пожаловать.",
    "Nobody could read it.",
  ]);
  expect(segmentsOf("Пришла зима. Стало холодно.")).toEqual(["Пришла зима. Стало холодно."]);
});
