import fc from "fast-check";
import { findEmphasis } from "../../../../src/reference/reading/characters/emphasis.js";
import { readsAs } from "./reads-as.js";
import "../../../support/same-texts.js";

test.each([
  ["He read _The Heron_ and slept.", "He read The Heron and slept."],
  ["_Never_, he *thought*. **Never** ***again***.", "Never, he thought. Never again."],
  ["the _Heron_'s mast, the *Heron*’s mast", "the Heron's mast, the Heron’s mast"],
  ['"_Why?_" he said. (_Aside._) _"Why?"_', '"Why?" he said. (Aside.) "Why?"'],
  ["--_no_--_I_--", "--no--I--"],
  ["_several words over\ntwo lines_ here", "several words over\ntwo lines here"],
  ["**_both_** and _a *b* c_", "both and a b c"],
  ["so _un_happy, so over_joyed_.", "so unhappy, so overjoyed."],
  [
    "_A letter.\n\nIts second paragraph.\n\nIts end._\n\nThen",
    "A letter.\n\nIts second paragraph.\n\nIts end.\n\nThen",
  ],
  ["The =Heron= and +The Gull+ and ^Ferry Inn^.", "The Heron and The Gull and Ferry Inn."],
  ["~~He went.~~ =“Why?”= he said. (=Aside.=)", "He went. “Why?” he said. (Aside.)"],
  ["=_both_= and _+both+_ =over\ntwo lines=", "both and both over\ntwo lines"],
  [String.raw`\*not so\* 1\. \_`, "*not so* 1. _"],
])("%s", (text, read) => {
  expect(readsAs(text, findEmphasis)).toBe(read);
});

test.each([
  "snake_case and my_snake_case_name",
  "2 * 3 * 4 and 2*3*4",
  "* * *",
  "***",
  "a _ b _ c",
  "a = b = c, a=b=c, x =y z",
  "1 + 1 + 1, C++ and D++, vitamin A+ and B+, 2 +3+ 4",
  "=one paragraph\n\nand another=",
  "/find?a=b&c=d and ?q=r=",
  "so~~ and so~~, ^_^ and ^^, x^2^ and 10^th^",
  "====\nA box\n====",
  "+-----+\n+ Box +\n+-----+",
  "____________",
  "one word* has a note\n\n* the note",
  "a lone *mark and a lone _mark",
  "f***, d**n",
  "*END*THE SMALL PART!*END*",
  "**START**ONE**START**",
])("%s stays", (text) => {
  expect(readsAs(text, findEmphasis)).toBe(text);
});

test("only marks and backslashes become silent, whatever the text is", () => {
  const piece = fc.constantFrom(
    "_",
    "*",
    "**",
    "=",
    "+",
    "~~",
    "^",
    " ",
    "\n",
    "\n\n",
    "word",
    "\\",
    "'s",
    "2",
    ".",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");

      for (const { start, end } of findEmphasis(text)) {
        expect(text.slice(start, end)).toMatch(/^(?:_+|\*+|\\|=|\+|~~|\^)$/u);
      }
      expect(readsAs(text, findEmphasis).replace(/[_*\\=+~^]/gu, "")).toBe(
        text.replace(/[_*\\=+~^]/gu, ""),
      );
    }),
  );
});
