import { matchCharacters } from "../../../../src/instances/narration/rebasing/match-characters.js";
import { rowOf } from "../../../../src/instances/narration/rebasing/rebase-row.js";
import { rebaseScript } from "../../../../src/instances/narration/rebasing/rebase-script.js";
import type {
  ScriptRow,
  StoryLine,
} from "../../../../src/instances/narration/rebasing/script-units.js";
import { Dice } from "../../../graphql/execution/dice.js";

type Row = Omit<ScriptRow, "position">;

const lineOf = (text: string, position = 0): StoryLine => ({
  ...{ position, text, kind: "narration", speakerId: null, emotion: "neutral", intensity: 0 },
});
const storyOf = (texts: readonly string[]) => texts.map((text, at) => lineOf(text, at));
const storyIn = (texts: string) => storyOf(texts.split(" "));

const rowsOf = (story: readonly StoryLine[]): Row[] =>
  story.map((line) => ({ ...rowOf(line), recipeKey: `sound of ${line.text}` }));

const edited = (row: Row | undefined, changes: Partial<Row>): Row => ({
  ...(row ?? rowOf(lineOf("missing"))),
  ...changes,
  isEdited: true,
});
const inserted = (text: string): Row =>
  edited(rowOf(lineOf(text)), { storyPosition: null, recipeKey: `sound of ${text}` });

const character = (id: string, canonicalName: string, aliases: readonly string[] = []) => ({
  ...{ id, canonicalName, aliases, quoteCount: 1 },
});

function rebase(
  rows: readonly Row[],
  [before, after]: readonly [readonly StoryLine[], readonly StoryLine[]],
  characters: Parameters<typeof rebaseScript>[0]["characters"] = new Map(),
) {
  const numbered = rows.map((row, position) => ({ ...row, position }));
  const names = {
    rows: numbered,
    before,
    after,
    characters,
    nameOf: (id: string) => `Name of ${id}`,
  };
  const made = rebaseScript(names);
  return { ...made, texts: made.rows.map(({ text }) => text).join(" ") };
}

test("an unedited script becomes the script of the new text, and equal lines keep their sound", () => {
  const before = storyIn("a b c d");

  const { rows, newLines, placedEdits, unplaced } = rebase(rowsOf(before), [
    before,
    storyIn("a X c d e"),
  ]);

  expect(
    rows.map(({ text, storyPosition, recipeKey }) => [text, storyPosition, recipeKey]),
  ).toEqual([
    ["a", 0, "sound of a"],
    ["X", 1, null],
    ["c", 2, "sound of c"],
    ["d", 3, "sound of d"],
    ["e", 4, null],
  ]);
  expect({ newLines, placedEdits, unplaced }).toEqual({
    newLines: 2,
    placedEdits: 0,
    unplaced: [],
  });
});

test("what the owner changed stays, and the rest of the line follows the new analysis", () => {
  const before = storyIn("a b");
  const rows = rowsOf(before);
  rows[1] = edited(rows[1], { text: "mine", pauseAfterMs: 500 });
  const after = storyIn("new a b").map((line) => ({ ...line, emotion: "joy", intensity: 1 }));

  const made = rebase(rows, [before, after]);

  expect(made.rows[2]).toMatchObject({
    ...{ text: "mine", pauseAfterMs: 500, emotion: "joy", intensity: 1 },
    ...{ storyPosition: 2, isEdited: true, recipeKey: "sound of b" },
  });
  expect(made.placedEdits).toBe(1);
});

test("an edit of a line whose text changed is listed with both texts and all its changes", () => {
  const before = storyIn("a b");
  const rows = rowsOf(before);
  const emotion = { emotion: "anger", intensity: 0.5 };
  rows[0] = edited(rows[0], { text: "mine", voice: "flite:rms", speakerId: "otto", ...emotion });

  const { unplaced, texts } = rebase(rows, [before, storyIn("A b")]);

  expect(texts).toBe("A b");
  expect(unplaced).toEqual([
    {
      ...{ reason: "text_changed", index: 0, text: "mine", storyText: "a" },
      ...{ characterName: "Name of otto", emotion: { label: "anger", intensity: 0.5 } },
      ...{ voice: "flite:rms", voiceName: null, prosody: null, pauseAfterMs: null },
    },
  ]);
});

test("spaces make no difference between the texts of lines", () => {
  const before = storyOf(["One  line. "]);
  const rows = [edited(rowsOf(before)[0], { voice: "flite:rms" })];

  const made = rebase(rows, [before, storyOf(["One line."])]);

  expect(made.rows).toMatchObject([{ text: "One line.", voice: "flite:rms" }]);
  expect(made.unplaced).toEqual([]);
});

test("an inserted line follows its neighbour, else precedes the next one, else is listed", () => {
  const before = storyIn("a b c d e");
  const [a, b, c, d, e] = rowsOf(before);
  const rows = [
    inserted("1"),
    a,
    inserted("2"),
    b,
    inserted("3"),
    c,
    d,
    inserted("4"),
    e,
    inserted("5"),
  ];
  const script = rows.flatMap((row) => row ?? []);

  const { texts, placedEdits, unplaced } = rebase(script, [before, storyIn("new a c X Y")]);

  expect(texts).toBe("1 new a 2 3 c X Y");
  expect(placedEdits).toBe(3);
  expect(unplaced).toMatchObject([
    { reason: "neighbours_gone", index: 7, text: "4", storyText: null },
    { reason: "neighbours_gone", index: 9, text: "5", storyText: null },
  ]);
});

test("the parts of a split line move together, with what was inserted between them", () => {
  const before = storyIn("a first+last c");
  const [a, whole, c] = rowsOf(before);
  const parts = [edited(whole, { text: "first" }), inserted("-"), edited(whole, { text: "last" })];
  const script = [a, ...parts, c].flatMap((row) => row ?? []);

  const kept = rebase(script, [before, storyIn("c first+last new")]);
  const lost = rebase(script, [before, storyIn("a changed c")]);

  expect(kept.texts).toBe("c first - last new");
  expect(kept.rows.map(({ storyPosition }) => storyPosition)).toEqual([0, 1, null, 1, 2]);
  expect(lost.texts).toBe("a changed c");
  expect(lost.unplaced.map(({ text }) => text)).toEqual(["first", "-", "last"]);
});

test("joined lines stay joined only if both texts are still there, one after the other", () => {
  const before = storyIn("a b c d");
  const [a, b, , d] = rowsOf(before);
  const script = [a, edited(b, { text: "b c" }), d].flatMap((row) => row ?? []);

  const kept = rebase(script, [before, storyIn("new b c d")]);
  const lost = rebase(script, [before, storyIn("a b X c d")]);

  expect(kept.texts).toBe("new b c d");
  expect(kept.rows).toHaveLength(3);
  expect(lost.texts).toBe("a b X c d");
  expect(lost.unplaced).toMatchObject([{ text: "b c", storyText: "b c" }]);
});

test("a deleted line stays deleted while its text is the same, and is listed when it is not", () => {
  const before = storyIn("a b c");
  const script = rowsOf(before).filter(({ text }) => text !== "b");

  const kept = rebase(script, [before, storyIn("new a b c")]);
  const lost = rebase(script, [before, storyIn("a changed c")]);

  expect([kept.texts, kept.placedEdits]).toEqual(["new a c", 1]);
  expect(lost.texts).toBe("a changed c");
  expect(lost.unplaced).toMatchObject([
    { reason: "text_changed", index: null, text: null, storyText: "b" },
  ]);
});

test("an edited speaker is found again by a name, and one who is gone is listed", () => {
  const before = storyIn("a b");
  const [first, second] = rowsOf(before);
  const script = [edited(first, { speakerId: "marta" }), edited(second, { speakerId: "hal" })];
  const characters = matchCharacters(
    [character("marta", "Marta"), character("hal", "Hal")],
    [character("marta-stone", "Marta Stone", ["Marta"])],
  );

  const made = rebase(script, [before, storyIn("a b c")], characters);

  expect(made.rows.map(({ speakerId }) => speakerId)).toEqual(["marta-stone", null, null]);
  expect(made.unplaced).toMatchObject([
    { reason: "character_gone", index: 1, text: "b", characterName: "Name of hal" },
  ]);
});

test("of any script and any new text, every edit has its place on the same text or is listed", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const dice = new Dice(`rebase ${seed}`);
    const before = storyOf(
      Array.from({ length: 1 + dice.roll(30) }, () => `line ${dice.roll(20)}`),
    );
    const after = storyOf(
      before.flatMap(({ text }) => {
        if (dice.chance(20)) return [];
        return dice.chance(20) ? [text, `new ${dice.roll(9)}`] : [text];
      }),
    );
    let edits = 0;
    const script = rowsOf(before).flatMap((row) => {
      const choice = dice.roll(6);
      if (choice > 2) return [row];
      edits += 1;
      if (choice === 0) return [row, inserted(`inserted ${edits}`)];
      return choice === 1 ? [] : [edited(row, { voice: `voice of ${row.text}` })];
    });

    const { rows, placedEdits, unplaced } = rebase(script, [before, after]);

    expect({ seed, edits: placedEdits + unplaced.length }).toEqual({ seed, edits });
    const told = rows.flatMap(({ storyPosition }) => storyPosition ?? []);
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    for (const { voice, storyPosition } of rows) {
      if (voice !== null) expect(voice).toBe(`voice of ${after[storyPosition ?? -1]?.text ?? ""}`);
    }
    const insertions = rows.filter(({ storyPosition }) => storyPosition === null);
    const order = insertions.map(({ text }) => Number(text.replace("inserted ", "")));
    expect(new Set(order).size).toBe(order.length);
  }
});
