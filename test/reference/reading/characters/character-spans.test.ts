import { findCharacterSpans } from "../../../../src/reference/reading/characters/character-spans.js";
import { readsAs } from "./reads-as.js";

test.each([
  ["soft hyphens", "um\u00ADbrel\u00ADla", "umbrella"],
  ["a soft hyphen at a line's end", "umbrel\u00AD\n  la", "umbrella"],
  ["zero-width characters", "um\u200Bbre\u200Cl\u200Dla\u2060\uFEFF", "umbrella"],
  ["marks of direction", "\u200Eum\u202Abrella\u202C\u2066!\u2069", "umbrella!"],
  ["control characters", "umb\u0007rella\u0090", "umbrella"],
  ["spaces of all widths", "Mr.\u00A0Hale\u2009—\u202Fthe\u3000grocer", "Mr. Hale — the grocer"],
  ["ends of lines and paragraphs", "one\u2028two\u2029three\u0085four", "one\ntwo\n\nthree\nfour"],
  ["ligatures", "ﬁne ﬂoor, oﬃcer, ﬆill, ﬀ", "fine floor, officer, still, ff"],
  ["old and wide letters", "loſt Ｌａｍｐ１ 𝓛amp", "lost Lamp1 Lamp"],
])("%s", (_, text, read) => {
  expect(readsAs(text, findCharacterSpans)).toBe(read);
});

test.each([
  "👩\u200D🚒 and ❤\uFE0F\u200D🔥 and 👍🏽 and 1\uFE0F\u20E3",
  "می\u200Cخواهم",
  "क्\u200Dष",
  "cafe\u0301 and tabs\tand\flines\n",
])("%s stays", (text) => {
  expect(findCharacterSpans(text)).toEqual([]);
});
