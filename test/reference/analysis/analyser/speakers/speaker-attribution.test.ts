import type {
  AnalysisDocument,
  Segment,
} from "../../../../../src/reference/analysis/analyser/index.js";
import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

function dialogueOf(text: string): readonly Segment[] {
  return analyseText(text).segments.filter(({ kind }) => kind === "dialogue");
}

function speakersOf(text: string): readonly (string | null)[] {
  return dialogueOf(text).map(({ speakerId }) => speakerId);
}

function character(document: AnalysisDocument, id: string) {
  return document.characters.find((one) => one.id === id);
}

test("a speech verb with a name beside a quote is explicit, in any order", () => {
  const quotes = dialogueOf(
    "“Good morning,” said Clara.\n\n“Is it?” Edmund replied.\n\nClara whispered, “It is.”",
  );

  expect(quotes.map(({ speakerId }) => speakerId)).toEqual(["clara", "edmund", "clara"]);
  expect(quotes.map(({ attribution }) => attribution?.type)).toEqual([
    "explicit",
    "explicit",
    "explicit",
  ]);
  expect(quotes.map(({ attribution }) => attribution?.cue)).toEqual([
    "said Clara",
    "Edmund replied",
    "Clara whispered",
  ]);
});

test("a pronoun beside a quote is anaphoric and means the character of its gender", () => {
  const [first, second] = dialogueOf(
    "Edmund met Clara at the gate. Clara had her umbrella.\n\n“You are late,” she said.\n\n“I know,” he answered.",
  );

  expect(first).toMatchObject({ speakerId: "clara", attribution: { type: "anaphoric" } });
  expect(second).toMatchObject({ speakerId: "edmund", attribution: { type: "anaphoric" } });
});

test("a quote without a cue is implicit, and the speakers take turns", () => {
  const quotes = dialogueOf(
    "“Where is it?” asked Clara.\n\n“Where is what?” asked Edmund.\n\n“The key.”\n\n“Lost.”\n\n“Again?”",
  );

  expect(quotes.map(({ speakerId }) => speakerId)).toEqual([
    "clara",
    "edmund",
    "clara",
    "edmund",
    "clara",
  ]);
  expect(quotes.at(-1)?.attribution).toMatchObject({ type: "implicit", cue: "" });
});

test("a character called by name is the addressee and speaks next", () => {
  const quotes = dialogueOf(
    "Clara and Edmund and Agnes sat by the fire. Agnes smiled.\n\n“Are you tired, Edmund?” said Clara.\n\n“Not at all.”",
  );

  expect(quotes[0]?.addresseeIds).toEqual(["edmund"]);
  expect(quotes[1]).toMatchObject({ speakerId: "edmund", addresseeIds: ["clara"] });
});

test("the subject of the action beside a quote is the speaker", () => {
  const [quote] = dialogueOf(
    "Clara met Edmund.\n\nEdmund put down his cup. “That was the last of it.”",
  );

  expect(quote).toMatchObject({ speakerId: "edmund", attribution: { method: "action-beat" } });
});

test("a clause that ends with a colon names the speaker of the quote after it", () => {
  expect(speakersOf("Clara came. Edmund looked up from his book:\n\n“Is it time?”")).toEqual([
    "edmund",
  ]);
});

test("the subject before an aside is the speaker, not a name inside the aside", () => {
  const text = "Up came Clara and the cart, and Edmund, looking at Clara, said, “We are late.”";

  expect(speakersOf(text)).toEqual(["edmund"]);
});

test("a possessive or the object of a preposition is not the speaker", () => {
  const text =
    "Clara stood with Edmund at Agnes's door.\n\nClara looked at Edmund and said, “Knock.”";

  expect(speakersOf(text)).toEqual(["clara"]);
});

test("quotes of one paragraph share a speaker until another speaker is named", () => {
  const text =
    "“Yes,” said Clara, “and no. I cannot say.” She laughed. “Ask me later.”\n\n“When?” said Edmund; and Clara replied, “Never.”";

  expect(speakersOf(text)).toEqual(["clara", "clara", "clara", "edmund", "clara"]);
});

test("a speech over several paragraphs keeps its speaker", () => {
  const text =
    "Edmund listened.\n\n“I came by the road,” said Clara. “It was dark.\n\n“Then I saw the light.\n\n“And here I am.”";

  expect(speakersOf(text)).toEqual(["clara", "clara", "clara", "clara"]);
});

test("an animal that speaks is a character, with or without a capital", () => {
  const document = analyseText(
    "An old Fox lived in the wood.\n\n“Good evening,” said the fox.\n\n“Not for me,” replied the Crow.",
  );

  expect(
    document.segments.filter(({ kind }) => kind === "dialogue").map((one) => one.speakerId),
  ).toEqual(["the-fox", "the-crow"]);
  expect(character(document, "the-fox")?.mentionCount).toBe(2);
});

test("a narrator who says I is the speaker of I said, under the name that others use", () => {
  const text = [
    "I went down to the river, as I did every day, and I sat on the wall where I could see Clara coming.",
    "“You are early, Edmund,” said Clara.",
    "“I could not sleep,” I said. I gave her my hand and I helped her down.",
    "“Poor Edmund!” said Clara. “Come, Edmund, walk with me.”",
    "I took up my hat.",
  ].join("\n\n");

  const document = analyseText(text);
  const said = document.segments.find(({ attribution }) => attribution?.cue === "I said");

  expect(said?.speakerId).toBe("edmund");
  expect(character(document, "edmund")?.role).toBe("narrator");
});

test("quotes in a text without characters have no speaker", () => {
  expect(speakersOf("“It is raining again and nothing is dry.”")).toEqual([null]);
});

test("a noun means a name if the conversation gives the noun to that name", () => {
  const turns = [
    "“I am late,” said Clara Finch. Clara put down her bag.",
    "“You are, Clara,” said Edmund Brand.",
    "“And tired, Edmund,” said Clara.",
    "“Sit down, Clara,” said Edmund.",
    "“I will, Edmund,” said Clara.",
    "“What kept you, Clara?” said the painter.",
    "“The trains, Edmund.”",
    "“They are always late, Clara,” said the painter.",
    "“Not always, Edmund,” said Clara. Edmund laughed. Edmund stood up. Edmund rang for tea.",
  ];

  const speakers = speakersOf(turns.join("\n\n"));

  expect(new Set(speakers)).toEqual(new Set(["clara-finch", "edmund-brand"]));
});

test("a pronoun that fits no character gives no speaker", () => {
  expect(speakersOf("“Come in,” said King Harald.\n\n“No,” she said.")).toEqual([
    "king-harald",
    null,
  ]);
});

test("a narrator who says I is never the speaker of he said", () => {
  const text = [
    "I met Edmund at the gate, and I gave him my umbrella, for I had two.",
    "“Thank you,” he said.",
    "“I was going home,” I said. I held the gate.",
    "“So was I,” he said.",
  ].join("\n\n");

  expect(speakersOf(text)).toEqual(["edmund", "narrator", "edmund"]);
});

test("she said means a noun if no named character can be she", () => {
  const text = [
    "The King’s daughter sat by the well, and the princess wept for her ball.",
    "“Be quiet,” answered the frog, “I can help thee.”",
    "“Whatever thou wilt have,” said she.",
    "The frog dived.",
  ].join("\n\n");

  expect(speakersOf(text)).toEqual(["the-frog", "the-frog", "the-princess"]);
});

test("the object of a character's own verb does not decide the character's gender", () => {
  const text =
    "A Crow sat in a tree with cheese in her beak, and a Fox observed her and set his wits to work. He looked up and said, “What a noble bird!” “Caw,” said the Crow. “Thank you,” said the Fox.";

  expect(speakersOf(text)).toEqual(["the-fox", "the-crow", "the-fox"]);
});

test("a speaker who gives a name in the first person has that name", () => {
  const text = [
    "Edmund met two women at the gate.",
    "“You are shivering,” she said. “Come in. My name is Mrs. Alder.”",
    "“Edmund Carrow,” said Edmund. Mrs. Alder took his hat. Mrs. Alder sat down.",
  ].join("\n\n");

  expect(speakersOf(text)[0]).toBe("mrs-alder");
});

test.each([
  ["the old gentleman", "mr-pell"],
  ["an old gentleman", "the-gentleman"],
])("a noun that occurs once describes a known person, unless it is introduced: %s", (noun, id) => {
  expect(speakersOf(`Mr. Pell and Ida sat down. “Well,” said ${noun}.`)).toEqual([id]);
});

test("a character whom nobody has named for long does not join a talk", () => {
  const text = [
    "Agnes wrote. Agnes slept. Agnes was tired. Agnes wanted to go home. Agnes shut the door.",
    "The road went on through the wood, over the bridge and up the hill. ".repeat(40),
    "Clara met Lydia at the mill.",
    "“You are late,” she said.",
  ].join("\n\n");

  expect(speakersOf(text)[0]).not.toBe("agnes");
});

test("a pronoun means the subject of the action, not its object", () => {
  expect(speakersOf("Anton watched Bruno pour. “Thanks,” he said, taking the glass.")).toEqual([
    "anton",
  ]);
});

test("a relative who is mentioned once is nobody whom the text names", () => {
  const text =
    "Marta took the spoon from Tom.\n\n“You are in the way,” his mother said.\n\n“Mother!” cried Marta.";

  expect(speakersOf(text)).toEqual(["mother", "marta"]);
});
