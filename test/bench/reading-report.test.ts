import { reportReading } from "../../bench/reading-report.js";

test("a report counts the words that are heard, and shows what is not", () => {
  const text = "Clara wrote Привет and laughed.\n\n* * *\n\n“Здравствуйте!”\n\nThe bell rang.";

  const report = reportReading(text, "en");

  expect(report).toMatchObject({ wordsIn: 9, wordsSpoken: 7, unsaid: ["Привет"], lost: [] });
  expect(report.unspoken).toEqual(["“Здравствуйте!”"]);
  expect(report.skipped.get("scene_break")).toEqual({ words: 0, spans: 1, examples: ["* * *"] });
});

test("a report lists the chapters", () => {
  const text = "CHAPTER I\n\nThe bell rang.\n\nCHAPTER II\n\nNobody came.";

  expect(reportReading(text, "en").chapters).toEqual(["CHAPTER I", "CHAPTER II"]);
});
