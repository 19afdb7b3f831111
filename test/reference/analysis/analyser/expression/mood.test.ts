import { existsSync, readdirSync, readFileSync } from "node:fs";
import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

const SEEDS = new URL("../../../../../src/seed/stories/", import.meta.url);

function moodOf(text: string): string {
  return analyseText(text).mood.label;
}

test("a text without any emotion has the mood calm", () => {
  expect(moodOf("")).toBe("calm");
  expect(moodOf("The table stood by the wall. On the table there was a plate.")).toBe("calm");
});

test("the strongest emotion of the segments sets the mood", () => {
  expect(moodOf("She was happy and glad, and everybody rejoiced and was merry.")).toBe("cheerful");
  expect(moodOf("He mourned and wept in misery, for grief had broken him.")).toBe("melancholy");
  expect(moodOf("They were furious. The rage of the angry crowd was terrible.")).toBe("tense");
});

test("a quiet ghost story is eerie even if its characters are cheerful", () => {
  const text =
    "At midnight the candle went out. In the silence a door creaked. The lamp was cold, and nobody had touched it.\n\n“Splendid!” laughed Clara.";

  expect(moodOf(text)).toBe("eerie");
});

test("one repeated word does not set the mood", () => {
  expect(moodOf("They sat in the ship and did the sums again. ".repeat(40))).toBe("calm");
});

test("a title and a speech verb give no emotion to narration", () => {
  const [, tag] = analyseText("“Item one,” cried Miss Hale.").segments;

  expect(tag?.emotion.label).toBe("neutral");
});

const MOODS: Readonly<Record<string, readonly string[]>> = {
  "the-waiting-room-at-hollin-halt.txt": ["eerie"],
  "the-goose-committee.txt": ["playful", "cheerful"],
  "the-marigold-and-the-reef.txt": ["adventurous", "tense"],
  "the-tuners-wednesday.txt": ["tender"],
  "the-clock-that-struck-thirteen.txt": ["mysterious"],
};
const seeds = existsSync(SEEDS) ? readdirSync(SEEDS).filter((name) => name in MOODS) : [];

test("the seed stories have the moods that readers would name", () => {
  for (const name of seeds) {
    expect(MOODS[name]).toContain(moodOf(readFileSync(new URL(name, SEEDS), "utf8")));
  }
});
