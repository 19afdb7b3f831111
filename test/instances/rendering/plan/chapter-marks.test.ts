import { chapterMarks } from "../../../../src/instances/rendering/plan/chapter-marks.js";

const lines = (...starts: readonly (number | null)[]) =>
  starts.map((storyStart) => ({ storyStart }));

test("chapters with equal titles stay, and a chapter without a line is left out", () => {
  const headings = [
    { title: "Letter", start: 10 },
    { title: "Letter", start: 20 },
    { title: "Picture", start: 25 },
    { title: "Letter", start: 30 },
    { title: "After the end", start: 99 },
  ];

  expect(chapterMarks(lines(0, 10, null, 20, 30), headings, "Book")).toEqual([
    { title: "Book", segment: 0 },
    { title: "Letter", segment: 1 },
    { title: "Letter", segment: 3 },
    { title: "Letter", segment: 4 },
  ]);
});

test("a chapter at the first line replaces the narration's title", () => {
  expect(chapterMarks(lines(5, 8), [{ title: "One", start: 5 }], "Book")).toEqual([
    { title: "One", segment: 0 },
  ]);
});

test("a hundred thousand chapters are found in one pass", () => {
  const starts = Array.from({ length: 100_000 }, (_, index) => index * 10);
  const headings = starts.map((start) => ({ title: "I", start }));

  expect(chapterMarks(lines(...starts), headings, "Book")).toHaveLength(100_000);
});
