import { findDropCaps } from "../../../src/reference/reading/characters/drop-caps.js";
import { findEmphasis } from "../../../src/reference/reading/characters/emphasis.js";
import { findEntities } from "../../../src/reference/reading/characters/entities.js";
import { findTags } from "../../../src/reference/reading/characters/tags.js";
import { splitParagraphs } from "../../../src/reference/reading/layout/paragraphs.js";
import { findPageMarks } from "../../../src/reference/reading/pages/page-marks.js";
import { readText } from "../../../src/reference/reading/reading.js";
import { expectLinearWork } from "../../support/cpu-growth.js";
import { spokenForm } from "../../../src/spoken-form/index.js";

/** The characters of the shorter text. */
const SHORT = 40_000;

const HOSTILE: readonly [
  name: string,
  pass: (text: string) => unknown,
  parts: readonly string[],
][] = [
  ["entities", findEntities, ["&", "&amp;", "&#", "&a"]],
  ["tags", findTags, ["<", "<p ", '<a x="', "<!--", "<script>", "<br>", "</i>", "<b \n", "</"]],
  ["emphasis", findEmphasis, ["_", "*", "_a", "a_", " _a_", "a_b", "\\", "_a\n\n", "\n"]],
  [
    "drop caps",
    findDropCaps,
    ["A B", "T HE ", "T\n\n", "[T]", "\n\n   ", "T HE\n\n", " ", "\t", "\u00a0", "\n", " \n"],
  ],
  [
    "paragraphs",
    splitParagraphs,
    ["a\n", "\n", " ", "A.\n", "  A.\n", '"A."\n', "Aa\nbb\n\n", "x", "A,\nB,\nc\n"],
  ],
  ["pages", findPageMarks, ["Page 1\n", "Page 7\nTHE HOUSE\n\f", "1\n\n", "[12]", "{1} a ", "\f"]],
  [
    "a reading",
    readText,
    [
      ...["A\n", "NORA. Yes.\nTOM. No.\n", "NORA.\n\n", "[Nora] a\n[Tom] b\n", "Nora: (", "A: b\n"],
      ...[
        "Chapter I\n\n",
        "I\n\n",
        "1\n\n",
        "[1]",
        "* * *\n",
        '"A." ',
        "’",
        "(",
        "[a",
        "a-\n",
        "€ ",
      ],
    ],
  ],
  [
    "a spoken form",
    (text) => spokenForm(text, { language: "en", keep: [] }),
    "9 1. 1, . a- A. £1 a.b I 1\" a/ 1- x Ha- @a. http://a St. Dr.A 1,000 I, (1) Ab 1s www. ah h é — “ ' 1/2"
      .split(" ")
      .concat(" ", "St. ", "1 ", "No. ", "A. ", "and "),
  ],
];

const cases = HOSTILE.flatMap(([name, pass, parts]) =>
  parts.map((part) => ({ name, part, read: pass })),
);

test.each(cases)("$name of a text of only $part takes linear work", ({ read, part }) => {
  expectLinearWork(SHORT, (length) => read(part.repeat(Math.ceil(length / part.length))));
});
