import { Cast } from "../../../../src/reference/analysis/model/cast.js";
import { readWholeAnswer } from "../../../../src/reference/analysis/model/whole-answer.js";
import { readWindowAnswer } from "../../../../src/reference/analysis/model/window-answer.js";

const TEXT = "Anna and Tom met the captain, the old sailor, at Mill Bridge.";
const castOf = (text: string) =>
  new Cast(text, [
    { id: "anna", canonicalName: "Anna", aliases: [] },
    { id: "tom", canonicalName: "Tom", aliases: [] },
  ]);

test("a name that an answer gives to two characters belongs to neither", () => {
  const { characters } = readWholeAnswer(
    {
      characters: [
        { id: "anna", name: "captain", aliases: ["old sailor", "Mill Bridge"] },
        { id: "tom", name: "Old Sailor", aliases: ["captain"] },
        { id: "tom", name: "Tom", description: "Described twice." },
      ],
    },
    castOf(TEXT),
  );
  const both = readWholeAnswer(
    {
      characters: [
        { id: "anna", name: "captain", aliases: ["captain", "Mill Bridge"] },
        { id: "tom", name: "captain", aliases: ["old sailor"], gender: "male" },
      ],
    },
    castOf(TEXT),
  );

  expect([...characters.keys()]).toEqual(["anna"]);
  expect([...both.characters]).toEqual([
    ["anna", { aliases: ["Mill Bridge"] }],
    ["tom", { aliases: ["old sailor"], gender: "male" }],
  ]);
});

test.each([null, "", " ", true, false, [], [0], {}, "0x0", "1e0", -0.5, "-0", 1e308])(
  "%j is not the number of a quote",
  (id) => {
    const window = { first: 0, end: 2, quotes: [0, 1] };
    const answer = { quotes: [{ id, speaker: "anna" }] };

    expect(readWindowAnswer(answer, window, castOf(TEXT)).quotes.size).toBe(0);
  },
);

test("a model that names thousands of characters makes nobody read the text thousands of times", () => {
  let reads = 0;
  const exec = RegExp.prototype.exec;
  const spy = import.meta.jest.spyOn(RegExp.prototype, "test").mockImplementation(function (
    this: RegExp,
    text: string,
  ) {
    if (text.length === TEXT.length) reads += 1;
    return exec.call(this, text) !== null;
  });
  const names = Array.from({ length: 20_000 }, (_, index) => `Mallory ${index}`);

  const cast = castOf(TEXT);
  for (const name of names) expect(cast.writtenName(name)).toBeNull();
  const again = reads;
  for (const name of names.slice(0, 100)) cast.writtenName(name);

  spy.mockRestore();
  expect(again).toBeLessThan(3_000);
  expect(reads).toBe(again);
});

test("a known character with another article is not new", () => {
  const cast = new Cast(TEXT, [{ id: "sailor", canonicalName: "the old sailor", aliases: [] }]);
  const said = readWindowAnswer(
    {
      quotes: [{ id: 0, speaker: "new1" }],
      newCharacters: [{ ref: "new1", name: "old sailor" }],
    },
    { first: 0, end: 1, quotes: [0] },
    cast,
  );

  expect(said.quotes.get(0)?.speakerId).toBe("sailor");
  expect(cast.all).toHaveLength(1);
});
