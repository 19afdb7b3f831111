import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

function summaryOf(text: string): string {
  return analyseText(text).summary;
}

test("the summary is the first whole sentences of narration", () => {
  const text =
    "The Two Hats\n\nClara had two hats and one head. “Take one,” said Edmund, who had none. It rained on both of them.";

  expect(summaryOf(text)).toBe("Clara had two hats and one head. It rained on both of them.");
});

test("the summary of a story of speech is the first sentence with its quote", () => {
  const text =
    "A Wolf met a Lamb by the brook and said, “Last year you insulted me.” “I was not born then,” bleated the Lamb.";

  expect(summaryOf(text)).toBe(
    "A Wolf met a Lamb by the brook and said, “Last year you insulted me.”",
  );
  expect(summaryOf("“Yes,” said Clara.")).toBe("“Yes,” said Clara.");
});

test("a sentence that is too long is cut at a word", () => {
  const summary = summaryOf(`The road went ${"over the hill and ".repeat(30)}home.`);

  expect(summary.length).toBeLessThanOrEqual(320);
  expect(summary).toMatch(/(?:over|the|hill|and)…$/u);
});

test("an empty text has an empty summary", () => {
  expect(summaryOf("")).toBe("");
});
