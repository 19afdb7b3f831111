import { pairedDifference, wilson } from "../../bench/quotes/intervals.js";

test("the interval of a share is Wilson's", () => {
  // Brown, Cai and DasGupta (2001), table of Wilson intervals.
  const { share, low, high } = wilson(8, 10);

  expect([share, low, high].map((value) => value.toFixed(3))).toEqual(["0.800", "0.490", "0.943"]);
  expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  expect(wilson(10, 10).high).toBeCloseTo(1, 10);
});

test("the difference of two judges has the same interval every time, and holds the mean", () => {
  const pairs = Array.from({ length: 200 }, (_, index) => [index % 4 > 0, index % 5 > 0] as const);

  const { share, low, high } = pairedDifference(pairs);

  expect(share).toBeCloseTo(0.05, 10);
  expect(low).toBeLessThan(share);
  expect(high).toBeGreaterThan(share);
  expect(pairedDifference(pairs)).toEqual({ share, low, high });
});

test("judges that agree have no difference, and no items no interval", () => {
  expect(
    pairedDifference([
      [true, true],
      [false, false],
    ]),
  ).toEqual({ share: 0, low: 0, high: 0 });
  expect(pairedDifference([])).toEqual({ share: 0, low: 0, high: 0 });
});
