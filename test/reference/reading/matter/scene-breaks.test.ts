import { readText } from "../../../../src/reference/reading/reading.js";

const [BEFORE, AFTER] = ["The ferry left at dawn.", "Nobody waved."];
const breaksIn = (text: string): readonly string[] =>
  readText(text)
    .spans.filter(({ kind }) => kind === "scene_break")
    .map(({ start, end }) => text.slice(start, end));

test.each([
  ...[
    "* * *",
    "***",
    "*",
    "#",
    "~",
    "~~~",
    "---",
    "-----",
    "=====",
    "_____",
    "• • •",
    "⁂",
    "❦",
    "§",
  ],
  ...[
    "o0o",
    "-oOo-",
    "--o0o--",
    "o o o",
    "x x x",
    "xxx",
    "~ xXx ~",
    "-ooo-",
    "* * * * *",
    "<><><>",
  ],
])("the line %j is a scene break", (sign) => {
  const text = `${BEFORE}\n\n    ${sign}\n\n${AFTER}`;

  expect(breaksIn(text)).toEqual([sign]);
  expect(readText(text).paragraphs.map(({ isAfterSceneBreak }) => isAfterSceneBreak)).toEqual([
    false,
    true,
  ]);
});

test.each(["* * *", "***", "---", "• • •", "⁂", "======="])(
  "the line %j is a scene break between lines of a wrapped text",
  (sign) => {
    expect(breaksIn(`${BEFORE}\n\n${sign}\n${AFTER}`)).toEqual([sign]);
  },
);

test.each([...["…", "...", "“…”", "?!", "XXX", "xx", "Ooo", "o", "X", "No."]])(
  "the paragraph %j is no scene break",
  (words) => {
    expect(breaksIn(`${BEFORE}\n\n${words}\n\n${AFTER}`)).toEqual([]);
  },
);

test("a line under a title is no scene break", () => {
  expect(breaksIn(`The Ferry\n=========\n\n${BEFORE}`)).toEqual([]);
});

test("wide gaps between paragraphs are scene breaks if most gaps are narrow", () => {
  const paragraph = `${BEFORE} All the people on the quay looked after it. ${AFTER}`;
  const scene = Array.from({ length: 4 }, () => paragraph).join("\n\n");
  const { clear, paragraphs } = readText(`${scene}\n\n\n\n\n${scene}`);

  expect(breaksIn(`${scene}\n\n\n\n\n${scene}`)).toEqual(["\n\n\n"]);
  expect(clear.text).toBe(`${scene}\n\n${scene}`);
  expect(paragraphs.filter(({ isAfterSceneBreak }) => isAfterSceneBreak)).toHaveLength(1);
  expect(breaksIn(scene.replaceAll("\n\n", "\n\n\n\n"))).toEqual([]);
  expect(breaksIn(`${scene}\n\n\n\n\nCHAPTER II\n\n\n\n\n${scene}`)).toEqual([]);
});
