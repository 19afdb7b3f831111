import { filteredLanguage, languageTag } from "../../../src/platform/text/language-tag.js";

test.each([
  ["en", "en"],
  ["EN-gb", "en-GB"],
  ["pt_BR", "pt-BR"],
  [" de ", "de"],
  ["zh-hans-cn", "zh-Hans-CN"],
  ["eng", "en"],
  ["iw", "he"],
  ["en-UK", "en-GB"],
])("the canonical tag of %j is %s", (text, tag) => {
  expect(languageTag(text)).toBe(tag);
});

test.each(["", "english", "e", "en-", "en--GB", "en GB", "und", "mul-Latn", "12", "en-a-a-a"])(
  "%j is no language tag",
  (text) => {
    expect(languageTag(text)).toBeNull();
  },
);

test("a filter keeps the language alone, and refuses other words with an example", () => {
  expect(filteredLanguage("EN_us", ["filter", "language"])).toBe("en");
  expect(() => filteredLanguage("English", ["filter", "language"])).toThrow(
    "filter.language is not a language tag such as en or pt-BR.",
  );
});
