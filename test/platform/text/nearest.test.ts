import { nearestTo } from "../../../src/platform/text/nearest.js";

const CHOICES = ["Sally", "Robert", "Karl", "Kit", "Konrad", "language", "list"];

test.each([
  ["Saly", ["Sally"]],
  ["SALLLY", ["Sally"]],
  ["Sall", ["Sally"]],
  ["Rbo", []],
  ["Kral", ["Karl"]],
  ["lang", ["language"]],
  ["xyz", []],
])("nearest to %s is %j", (word, nearest) => {
  expect(nearestTo(word, CHOICES)).toEqual(nearest);
});
