import { InvalidInputError } from "../../../src/platform/errors.js";
import { matcherOf, parseSearch } from "../../../src/platform/text/search.js";

const finds = (search: string, text: string): boolean => matcherOf(parseSearch(search) ?? [])(text);

test.each([
  ["wait", "Waiting for the tide"],
  ["WAIT tid", "Waiting for the tide"],
  ["zoe", "Zoë Łukasz"],
  ["lukasz", "Zoë Łukasz"],
  ["strasse", "Die Straße"],
  ["mother-in", "My Mother-in-law"],
  ["it's", "Now it’s late"],
  ['"for the tide"', "Waiting for the tide"],
  ["“for the”", "Waiting for the tide"],
  ["waiting -storm", "Waiting for the tide"],
  ["storm or tide", "Waiting for the tide"],
  ["storm OR tide", "Waiting for the tide"],
  ['"wait" or tide', "Waiting for the tide"],
  ["Привет", "привет, мир"],
])("%j finds %j", (search, text) => {
  expect(finds(search, text)).toBe(true);
});

test.each([
  ["aiting", "Waiting for the tide"],
  ['"wait"', "Waiting for the tide"],
  ['"the for"', "Waiting for the tide"],
  ["waiting -tide", "Waiting for the tide"],
  ['waiting -"for the"', "Waiting for the tide"],
  ["wait storm", "Waiting for the tide"],
  ["!!", "Waiting for the tide"],
  ['""', "Waiting for the tide"],
  ["- or -", "Waiting for the tide"],
])("%j does not find %j", (search, text) => {
  expect(finds(search, text)).toBe(false);
});

test("an excluded word is whole", () => {
  expect(finds("tide -wait", "Waiting for the tide")).toBe(true);
});

test.each(["", "  ", null, undefined])("%j is no search", (text) => {
  expect(parseSearch(text)).toBeUndefined();
});

test("a search of more than 1000 characters is refused", () => {
  expect(() => parseSearch("a ".repeat(501))).toThrow(InvalidInputError);
  expect(parseSearch("a ".repeat(500))?.[0]).toHaveLength(500);
});
