import { alignTexts } from "../../../../src/instances/narration/rebasing/align-texts.js";
import { Dice } from "../../../graphql/execution/dice.js";

const align = (before: string, after: string): string =>
  [...alignTexts([...before], [...after])]
    .map((at) => (at < 0 ? "." : ([...after][at] ?? "?")))
    .join("");
const places = (before: string, after: string) => [...alignTexts([...before], [...after])];

test("equal lists match line by line", () => {
  expect(places("abcabc", "abcabc")).toEqual([0, 1, 2, 3, 4, 5]);
});

test("inserted, removed and changed lines leave the other matches alone", () => {
  expect(places("abcdef", "abXcef")).toEqual([0, 1, 3, -1, 4, 5]);
  expect(places("", "abc")).toEqual([]);
  expect(places("abc", "")).toEqual([-1, -1, -1]);
  expect(align("abcdef", "aXcdYf")).toBe("a.cd.f");
});

test("lines that occur often are matched by their neighbours", () => {
  // "y" stands for a line such as “Yes.” after different questions.
  expect(places("aybycydy", "ayXybycydy")).toEqual([0, 1, 4, 5, 6, 7, 8, 9]);
  expect(places("aybycydy", "aycydy")).toEqual([0, 1, -1, -1, 2, 3, 4, 5]);
});

test("a passage that moved is matched with its repeated lines", () => {
  expect(places("abyyc12345", "12345abyyc")).toEqual([5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
});

test("every match is a pair of equal texts, and no line is matched twice", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const dice = new Dice(`align ${seed}`);
    const before = Array.from({ length: dice.roll(40) }, () => `line ${dice.roll(12)}`);
    const after = before.flatMap((text) => {
      if (dice.chance(15)) return [];
      return dice.chance(15) ? [text, `new ${dice.roll(5)}`] : [text];
    });

    const matches = alignTexts(before, after);

    const matched = [...matches.entries()].filter(([, at]) => at >= 0);
    expect(matched.map(([at]) => before[at])).toEqual(matched.map(([, at]) => after[at]));
    expect(new Set(matched.map(([, at]) => at)).size).toBe(matched.length);
  }
});

test.each([
  ["an edited novel", (n: number) => `line ${n}`],
  ["only repeated lines", (n: number) => `line ${(n * n) % 17}`],
  ["one line again and again", () => "Yes."],
])("%s of 20,000 lines keeps what did not change", (_name, textOf) => {
  const before = Array.from({ length: 20_000 }, (_, n) => textOf(n));
  const after = before.flatMap((text, n) => {
    if (n % 7 === 0) return [];
    return n % 11 === 0 ? [text, `${n}`] : [text];
  });

  const matches = alignTexts(before, after);

  expect(matches.filter((at) => at >= 0).length).toBeGreaterThan(10_000);
});
