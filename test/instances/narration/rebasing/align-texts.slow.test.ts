import { alignTexts } from "../../../../src/instances/narration/rebasing/align-texts.js";
import { expectLinearWork } from "../../../support/cpu-growth.js";

test.each([
  ["an edited novel", (n: number) => `line ${n}`],
  ["repeated lines", (n: number) => `line ${(n * n) % 17}`],
  ["one line again and again", () => "Yes."],
])("the alignment of %s takes linear work", (_name, textOf) => {
  expectLinearWork(2_500, (lines) => {
    const before = Array.from({ length: lines }, (_, n) => textOf(n));
    return alignTexts(
      before,
      before.flatMap((text, n) => (n % 7 === 0 ? [] : n % 11 === 0 ? [text, `${n}`] : [text])),
    );
  });
});
