import { findLabelled } from "../../../../../src/reference/analysis/analyser/characters/labelled-characters.js";
import { describeCharacters } from "../../../../../src/reference/analysis/analyser/characters/characters.js";
import { assignGenders } from "../../../../../src/reference/analysis/analyser/characters/gender.js";
import { identifyNarrator } from "../../../../../src/reference/analysis/analyser/characters/narrator.js";
import { findCharacters } from "../../../../../src/reference/analysis/analyser/characters/text-characters.js";
import { indexForAttribution } from "../../../../../src/reference/analysis/analyser/speakers/attribution-input.js";
import { Speakers } from "../../../../../src/reference/analysis/analyser/speakers/speakers.js";
import { findQuotes } from "../../../../../src/reference/analysis/analyser/text/quotes/quotes.js";
import { tokenize } from "../../../../../src/reference/analysis/analyser/text/tokens.js";

/** Each line is a paragraph. The words before a bar are the label of a line of a play. */
function readPlay(...lines: readonly string[]) {
  const parts = lines.map((line) => line.split("|"));
  const text = parts.map((part) => part.at(-1)).join("\n");
  let start = 0;
  const paragraphs = parts.map((part, index) => {
    const label = part.length > 1 ? (part[0] ?? null) : null;
    const end = start + (part.at(-1)?.length ?? 0);
    const paragraph = { index, start, end, label, isAfterSceneBreak: false };
    start = end + 1;
    return paragraph;
  });
  const quotes = findQuotes(text, paragraphs);
  const tokens = tokenize(text, paragraphs, quotes);
  const characters = findCharacters(tokens);
  assignGenders(characters, tokens);
  const found = findLabelled(identifyNarrator(characters, tokens), quotes);
  const speakers = new Speakers(indexForAttribution(tokens, quotes, found, paragraphs), text);
  const table = describeCharacters(found, speakers.countQuotes(found.members.length));
  return {
    names: table.characters.map(({ canonicalName }) => canonicalName).sort(),
    genders: new Map(table.characters.map(({ id, gender }) => [id, gender])),
    spoken: quotes.map(({ index }) => {
      const spoken = speakers.get(index);
      return [table.idOf[spoken?.member ?? -1], spoken?.attribution];
    }),
  };
}

const BY_LABEL = { type: "explicit", method: "label", cue: "", confidence: 1 };

test("the speaker of a line of a play is its label", () => {
  const { names, spoken } = readPlay(
    "NORA|Who is there, Tom?",
    "TOM|Only me. Nora, the road is flooded.",
    "FIRST GUARD|Halt!",
  );

  expect(names).toEqual(["First Guard", "Nora", "Tom"]);
  expect(spoken).toEqual([
    ["nora", BY_LABEL],
    ["tom", BY_LABEL],
    ["first-guard", BY_LABEL],
  ]);
});

test("a label means the character whose name it is part of", () => {
  const { names, spoken } = readPlay(
    "Nora Hale stands at the window with Mrs. Vane. The groom waits.",
    "NORA|Rain again.",
    "MRS. VANE|And no coach.",
    "GROOM|It is coming, madam.",
    "Nora Hale sits.",
  );

  expect(names).toEqual(["Groom", "Mrs. Vane", "Nora Hale"]);
  expect(spoken.map(([id]) => id)).toEqual(["nora-hale", "mrs-vane", "groom"]);
});

test("a label has the gender of its title, its name or its noun", () => {
  const { genders } = readPlay("MRS. VANE|Yes.", "TOM|No.", "WAITER|Sir?", "STONE|Ha!");

  expect([...genders].sort()).toEqual([
    ["mrs-vane", "female"],
    ["stone", "unknown"],
    ["tom", "male"],
    ["waiter", "male"],
  ]);
});

test("a name that two characters share makes a label a character of its own", () => {
  const { spoken } = readPlay(
    "Nora Hale and Edmund Hale come in. Nora Hale smiles. Edmund Hale nods.",
    "HALE|Good evening.",
  );

  expect(spoken.map(([id]) => id)).toEqual(["hale"]);
});
