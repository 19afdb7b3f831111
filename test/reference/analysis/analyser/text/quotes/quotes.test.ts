import { analyseText } from "../../../../../../src/reference/analysis/analyser/index.js";

function quotesOf(text: string): readonly string[] {
  return analyseText(text)
    .segments.filter(({ kind }) => kind === "dialogue")
    .map(({ start, end }) => text.slice(start, end).trim());
}

test("curly and straight double marks open and close speech", () => {
  expect(quotesOf("“Yes,” said Clara. “No.”")).toEqual(["“Yes,”", "“No.”"]);
  expect(quotesOf('"Yes," said Clara. "No."')).toEqual(['"Yes,"', '"No."']);
});

test("single marks open speech and apostrophes do not", () => {
  expect(quotesOf("‘It’s Clara’s,’ said Edmund. He didn’t smile. ‘Isn’t it?’")).toEqual([
    "‘It’s Clara’s,’",
    "‘Isn’t it?’",
  ]);
  expect(quotesOf("'It's Clara's,' said Edmund. He didn't smile. 'Isn't it?'")).toEqual([
    "'It's Clara's,'",
    "'Isn't it?'",
  ]);
});

test("single marks inside double marks are part of the speech", () => {
  expect(quotesOf("“She said ‘never,’ and went,” said Clara.")).toEqual([
    "“She said ‘never,’ and went,”",
  ]);
});

test("a dash opens speech, and the attribution inside it is narration", () => {
  const text = "— Good morning, said Clara. — How are you?\n\n— Tired, answered Edmund.";

  expect(quotesOf(text)).toEqual(["— Good morning,", "— How are you?", "— Tired,"]);
});

test("guillemets open and close speech", () => {
  expect(quotesOf("«Yes,» said Clara.")).toEqual(["«Yes,»"]);
});

test("a few words in marks within a sentence are not speech", () => {
  expect(quotesOf("“Sit,” said Clara. The “best room” had no chairs at all.")).toEqual(["“Sit,”"]);
});

test("a quote that is never closed ends with its paragraph", () => {
  expect(quotesOf("“Wait, said Clara.\n\nNobody waited.")).toEqual(["“Wait, said Clara."]);
});

test("a quote of more than 600 characters is cut at sentences and keeps its speaker", () => {
  const speech = `“${"I have told you all of it more than once before. ".repeat(30)}Enough.”`;
  const text = `${speech} said Clara.`;

  const dialogue = analyseText(text).segments.filter(({ kind }) => kind === "dialogue");

  expect(dialogue.length).toBeGreaterThan(2);
  expect(dialogue.every(({ start, end }) => end - start <= 600)).toBe(true);
  expect(dialogue.every(({ speakerId }) => speakerId === "clara")).toBe(true);
  expect(dialogue.slice(0, -1).every(({ end }) => text.slice(0, end).endsWith(". "))).toBe(true);
});
