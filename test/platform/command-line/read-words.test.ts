import { declareCommand, helpOf } from "../../../src/platform/command-line/command-line.js";
import { answerOf, readWords } from "../../../src/platform/command-line/read-words.js";
import { UsageError } from "../../../src/platform/errors.js";

const BAKE = declareCommand({
  call: "npm run bake --",
  summary: "bakes a cake",
  words: { form: "CAKE", about: "the cake", least: 1, most: 1 },
  options: {
    oven: { value: "NAME", about: "where", default: "left" },
    note: { value: "TEXT", about: "what to write" },
    nut: { value: "KIND", about: "a nut", isRepeatable: true },
    "dry-run": { about: "bakes nothing" },
  },
  examples: ["npm run bake -- apple", "npm run bake -- plum --oven right"],
});

test("words and options are read in any order, and defaults fill what is missing", () => {
  expect(readWords(BAKE, ["--nut", "hazel", "apple", "--nut=wal", "--dry-run"])).toEqual({
    words: ["apple"],
    values: { oven: "left", note: undefined, nut: ["hazel", "wal"], "dry-run": true },
  });
});

test("a single dash is a word, and all after two dashes are words", () => {
  expect(readWords(BAKE, ["-"]).words).toEqual(["-"]);
  expect(readWords(BAKE, ["--", "--oven"]).words).toEqual(["--oven"]);
});

test("a value may begin with a dash after an equals sign", () => {
  expect(readWords(BAKE, ["apple", "--note=-- hello"]).values.note).toBe("-- hello");
});

test.each([
  [
    "an unknown option, with the nearest",
    ["a", "--ovn", "x"],
    "There is no option --ovn; do you mean --oven?",
  ],
  [
    "the beginning of an option",
    ["a", "--dry"],
    "There is no option --dry; do you mean --dry-run?",
  ],
  ["an unknown option that is like no other", ["a", "--zebra"], "There is no option --zebra."],
  ["an unknown letter", ["a", "-x"], "There is no option -x."],
  ["a name that every object has", ["a", "--constructor"], "There is no option --constructor."],
  ["a missing value", ["a", "--oven"], "--oven needs a value: --oven NAME."],
  ["an empty value", ["a", "--oven="], "--oven needs a value: --oven NAME."],
  ["an option for a value", ["a", "--oven", "--dry-run"], '"--dry-run" looks like an option.'],
  [
    "a value for a switch",
    ["a", "--dry-run=yes"],
    "--dry-run takes no value; write only --dry-run.",
  ],
  [
    "an option that stands there twice",
    ["a", "--oven", "l", "--oven", "r"],
    "--oven stands there twice",
  ],
  ["a missing word", [], "The command needs CAKE."],
  ["a word too much", ["a", "b"], 'The word "b" has no meaning here.'],
  [
    "an option without its dashes",
    ["a", "dry-run"],
    'The word "dry-run" has no meaning here; do you mean --dry-run?',
  ],
])("%s is refused in plain words, with the usage", (_name, words, message) => {
  const read = () => readWords(BAKE, words);

  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
  expect(read).toThrow(
    "usage: npm run bake -- CAKE [--oven NAME] [--note TEXT] [--nut KIND …] [--dry-run]\nAll options: npm run bake -- --help",
  );
});

test("help says what each option does, with its default", () => {
  expect(helpOf(BAKE)).toBe(
    [
      "usage: npm run bake -- CAKE [--oven NAME] [--note TEXT] [--nut KIND …] [--dry-run]",
      "",
      "Bakes a cake.",
      "",
      "  CAKE         the cake",
      "  --oven NAME  where; default left",
      "  --note TEXT  what to write",
      "  --nut KIND   a nut",
      "  --dry-run    bakes nothing",
      "  --help, -h   prints this",
      "",
      "Examples:",
      "  npm run bake -- apple",
      "  npm run bake -- plum --oven right",
    ].join("\n"),
  );
});

test.each([[["--help"]], [["-h"]], [["help"]], [["apple", "--ovn", "--help"]]])(
  "%j asks for help, also beside a mistake",
  (words) => {
    expect(answerOf(BAKE, words)).toBe(helpOf(BAKE));
  },
);

test("--version names the program, and other words ask for nothing", () => {
  expect(answerOf(BAKE, ["--version"])).toMatch(/^fabula \d+\.\d+\.\d+$/);
  expect(answerOf(BAKE, ["apple"])).toBeNull();
  expect(answerOf(BAKE, ["--", "--help"])).toBeNull();
});
