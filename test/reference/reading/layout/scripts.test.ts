import fc from "fast-check";
import { readText } from "../../../../src/reference/reading/reading.js";
import { ApparatusKind } from "../../../../src/reference/reading/span.js";
import "../../../support/same-texts.js";

/** Returns the paragraphs of a text as [speaker or null, words]. */
const read = (text: string): readonly (readonly [string | null, string])[] => {
  const { clear, paragraphs } = readText(text);
  return paragraphs.map(({ label, start, end }) => [label, clear.text.slice(start, end)]);
};

const labelsOf = (text: string): readonly string[] =>
  readText(text)
    .spans.filter(({ kind }) => kind === ApparatusKind.SpeakerLabel)
    .map(({ start, end }) => text.slice(start, end).trim());

const SPEECHES = ["Who let the hens out?", "I did not.", "Then who did?", "Ask the fox."];
const STYLES: readonly (readonly [string, (name: string, speech: string) => string])[] = [
  ["NAME.", (name, speech) => `${name.toUpperCase()}. ${speech}`],
  ["NAME:", (name, speech) => `${name.toUpperCase()}: ${speech}`],
  ["NAME.—", (name, speech) => `${name.toUpperCase()}.—${speech}`],
  ["Name:", (name, speech) => `${name}: ${speech}`],
  ["**Name:**", (name, speech) => `**${name}:** ${speech}`],
  ["[Name]", (name, speech) => `[${name}] ${speech}`],
  ["NAME above", (name, speech) => `${name.toUpperCase()}\n${speech}`],
  ["NAME. above", (name, speech) => `${name.toUpperCase()}.\n${speech}`],
  ["Name: above", (name, speech) => `${name}:\n${speech}`],
];
const CAST = ["Ada", "Mr. Hale", "Ada", "First Carter"];
const TURNS = [0, 1, 2, 3].map((turn) => [CAST[turn] ?? "", SPEECHES[turn] ?? ""] as const);

test.each(STYLES)("the labels of a script in the style %s are silent speakers", (_, write) => {
  const lines = TURNS.map(([name, speech]) => write(name, speech));

  expect(read(lines.join("\n\n"))).toEqual(TURNS);
  expect(read(lines.join("\n"))).toEqual(TURNS);
});

test("each generated turn is its speaker's, and no word of it is lost", () => {
  const name = fc.constantFrom("Nora", "Tom", "Mrs. Hale", "Mary-Ann", "O'Hara");
  const words = fc
    .array(fc.constantFrom("hens", "gate", "you", "lamp", "I", "rain"), {
      minLength: 2,
      maxLength: 30,
    })
    .map((all) => `Well, ${all.join(" ")}.`);
  const turns = fc.array(fc.tuple(name, words), { minLength: 6, maxLength: 20 });
  const isPlay = (all: readonly (readonly [string, string])[]): boolean => {
    const names = all.map(([speaker]) => speaker);
    const again = names.filter((speaker) => names.filter((other) => other === speaker).length > 1);
    return new Set(names).size > 1 && again.length * 2 >= names.length;
  };
  fc.assert(
    fc.property(turns.filter(isPlay), fc.constantFrom(...STYLES), (all, [, write]) => {
      expect(read(all.map(([speaker, said]) => write(speaker, said)).join("\n\n"))).toEqual(all);
    }),
  );
});

test("directions, acts and scenes of a play are narration", () => {
  const text = `ACT I

SCENE II. The yard.

[Enter ADA with a lamp.]

ADA. Who let the hens out?

MR. HALE (aside). She knows. [He hides the key.] Good evening.

Enter TOM.

ADA. (turning) Tom, it is late (I was worried).

TOM. Late?

[Exeunt.]`;

  const { clear, paragraphs } = readText(text);
  const spoken = paragraphs.filter(({ label }) => label !== null);
  const directions = spoken.map((paragraph) =>
    paragraph.directions.map(({ start, end }) => clear.text.slice(start, end)),
  );

  expect(labelsOf(text)).toEqual(["ADA.", "MR. HALE", "ADA.", "TOM."]);
  expect(spoken.map(({ label }) => label)).toEqual(["Ada", "Mr. Hale", "Ada", "Tom"]);
  expect(directions).toEqual([[], ["(aside).", "[He hides the key.]"], ["(turning)"], []]);
});

test("a play in verse keeps its lines", () => {
  const text = `FIRST CARTER.
The road is long, the night is wet,
And who will pay the toll?

SECOND CARTER.
We have not seen the bridge as yet,
Nor any living soul.

FIRST CARTER.
Then on, then on.`;

  expect(readText(text).paragraphs.map(({ form, label }) => [form, label])).toEqual([
    ["verse", "First Carter"],
    ["verse", "Second Carter"],
    ["prose", "First Carter"],
  ]);
});

test("a screenplay's names stand above the speech", () => {
  const text = `INT. KITCHEN - NIGHT

Rain at the window.

          ADA
     (quietly)
Who let the hens out?

          TOM (CONT'D)
I did not. I was at the mill
all morning.

She turns away.

          ADA
Then who did?`;

  expect(read(text)).toEqual([
    [null, "INT. KITCHEN - NIGHT"],
    [null, "Rain at the window."],
    ["Ada", "(quietly)"],
    ["Ada", "Who let the hens out?"],
    ["Tom", "I did not. I was at the mill\nall morning."],
    [null, "She turns away."],
    ["Ada", "Then who did?"],
  ]);
});

test("a screenplay can stand at the margin", () => {
  const text = "ADA\n(calling)\nTom! Tom!\n\nTOM (V.O.)\nI am here,\nand it is late.\n\nADA\nCome.";

  expect(read(text)).toEqual([
    ["Ada", "(calling)"],
    ["Ada", "Tom! Tom!"],
    ["Tom", "I am here,\nand it is late."],
    ["Ada", "Come."],
  ]);
});

test("a list of the cast names no speakers", () => {
  const text =
    "ADA, a teacher.\nTOM, her son.\nGROOM.\n\nADA. Who is there?\n\nADA and TOM. Hush!\n\nADA. Tom!";

  expect(
    read(text)
      .slice(-4)
      .map(([label]) => label),
  ).toEqual([null, "Ada", "Ada and Tom", "Ada"]);
});

test.each([
  ["numbered persons", ["First Carter", "Second Carter"], ["To the mill.", "By the long road."]],
  ["a person who is called", ["Lady Hale", "Tom"], ["Come here, Tom.", "Why should I?"]],
  ["a person whom the other names", ["Nora", "Tom"], ["I saw you with Tom.", "Did you, Nora?"]],
])("four turns with the names of %s are a play", (_, names, speeches) => {
  const turns = [0, 1, 0, 1].map((at) => [names[at] ?? "", speeches[at] ?? ""] as const);

  expect(read(turns.map(([name, speech]) => `${name}. ${speech}`).join("\n\n"))).toEqual(turns);
});

test.each(["Persons of the Play", "DRAMATIS PERSONÆ", "Characters:", "CAST"])(
  "three turns are a play if the list below %j has the names",
  (head) => {
    const list = `${head}\n\nNora Hale, a widow\nTom, her son\nA Carter`;
    const play = "Nora. She was gone.\n\n[Rain.]\n\nTom. Gone? Where?\n\nNora. To the mill.";

    expect(read(`${list}\n\n${play}`).slice(-4)).toEqual([
      ["Nora", "She was gone."],
      [null, "[Rain.]"],
      ["Tom", "Gone? Where?"],
      ["Nora", "To the mill."],
    ]);
  },
);

test("names with a stop in prose are words of the story", () => {
  const lines = [
    ...["Nora. She was gone.", "Tom. He was gone too.", "Nora. I say the name again."],
    ...["Left. You turn left.", "Right. You turn right.", "The house was empty, and I ran."],
    ...["Nora and Tom. Nobody else.", "Dear Tom. You never wrote!"],
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 5 }), (all) => {
      expect(labelsOf(all.join("\n\n"))).toEqual([]);
    }),
  );
});

test("a narrator's lines are narration, and the label is silent", () => {
  const text = "Ada: Who is there?\nNarrator: Nobody was there.\nAda: Tom?\nTom: Yes?";

  expect(read(text)[1]).toEqual([null, "Nobody was there."]);
});

test("tags in small letters name speakers, and actions in brackets do not", () => {
  const tags = "[ada] Who is there?\n[narrator] Nobody was there.\n[ada] Tom?\n[tom] Yes?";
  const actions = "[sighs] I know.\n\n[laughs] You do not.\n\n[sighs] I do.\n\n[laughs] No.";

  expect(read(tags).map(([label]) => label)).toEqual(["Ada", null, "Ada", "Tom"]);
  expect(labelsOf(actions)).toEqual([]);
});

test("a speech goes on only in a paragraph with the same indent", () => {
  const turns =
    "   ADA. Who is there?\n\n   And who is that?\n\nShe waits.\n\n   TOM. I am.\n\n   ADA. Tom!";

  expect(read(turns).map(([label]) => label)).toEqual(["Ada", "Ada", null, "Tom", "Ada"]);
  expect(read(turns.replace(/^ +/gmu, "")).map(([label]) => label)).toEqual([
    "Ada",
    null,
    null,
    "Tom",
    "Ada",
  ]);
});

test.each([
  "Time: noon\nPlace: the barn\nNote: bring a lamp.\nNote: and bread.",
  "Dear Sir:\n\nThe gate is open. Remember: the fox is out.\n\nP.S. Bring bread.\n\nP.S. And a lamp.",
  'He said: "No."\n\nShe said: "Yes."\n\nHe said: "No."',
  "Chapter: one\n\nNobody came.\n\nChapter: two\n\nNobody came.",
  "Flour: two cups\nSugar: one cup\nMilk: as you like",
  "Monday: rain\nTuesday: rain\nMonday: sun\nTuesday: sun",
  "I. The gate\nII. The fox\nI. The hens",
  "NOTE. The gate is open.\n\nNOTE. The fox is out.\n\nTHE END.\n\nTHE END.",
  "Yes. I saw it.\n\nNo. You did not.\n\nYes. I did.\n\nNo.\n\nYes. I was there.\n\nNo. Nobody was.",
  "It was far to the mill, said\nMrs. Hale. She had walked to\nMrs. Weir's house and met\nMrs. Hale. Nobody else was out, not\nMrs. Weir. Then came\nMrs. Hale. The end of it was\nMrs. Weir. So.",
])("%j has no labels", (text) => {
  expect(labelsOf(text)).toEqual([]);
});
