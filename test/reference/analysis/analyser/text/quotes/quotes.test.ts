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

test("narration between dashes interrupts speech", () => {
  expect(quotesOf("“I meant to say”—his hands shook—“that I am leaving,” said Otto.")).toEqual([
    "“I meant to say”",
    "“that I am leaving,”",
  ]);
});

test("a quote that is never closed ends before its tag, or with its paragraph", () => {
  expect(quotesOf("“Wait, said Clara.\n\nNobody waited.")).toEqual(["“Wait,"]);
  expect(quotesOf("“Wait for us here.\n\nNobody waited.")).toEqual(["“Wait for us here."]);
  expect(quotesOf('"Wait, he said. "I come."')).toEqual(['"Wait,', '"I come."']);
});

test("a tag inside speech that goes on in the next paragraph stays in it", () => {
  const text = "“We sailed, said he, and we sank. It rained.\n\n“So we swam,” said Clara.";

  expect(quotesOf(text)).toEqual(["“We sailed, said he, and we sank. It rained.", "“So we swam,”"]);
});

test("speech whose opening mark is missing begins with its paragraph", () => {
  expect(quotesOf('The rest is lost," said Clara.')).toEqual(['The rest is lost,"']);
});

test.each([
  ["German", "„Komm“, sagte Otto. „Setz dich!“", ["„Komm“", "„Setz dich!“"]],
  ["Dutch", "„Kom”, zei Otto. „Nee!”", ["„Kom”", "„Nee!”"]],
  ["Swedish", "”Kom”, sade Otto. ”Nej!”", ["”Kom”", "”Nej!”"]],
  ["Danish", "»Kom«, sagde Otto. »Nej!«", ["»Kom«", "»Nej!«"]],
  ["Chinese", "他说：“你好。”她笑了。", ["“你好。”"]],
  ["Japanese", "「行くよ」と彼は言った。", ["「行くよ」"]],
  ["typewritten", "``Come,'' said Otto. ''No.''", ["``Come,''", "''No.''"]],
  ["spaced", '" Come, " said Otto. " No. "', ['" Come, "', '" No. "']],
  ["mixed", '„Come", said Otto. "No,” said Ida. ‘Yes,’ he said.', ['„Come"', '"No,”', "‘Yes,’"]],
  ["wrongly opened", "”Come,” said Otto. “No.“", ["”Come,”", "“No.“"]],
  ["unspaced", '"Come,"said Otto."No."', ['"Come,"', '"No."']],
])("%s marks open and close speech", (_language, text, quotes) => {
  expect(quotesOf(text)).toEqual(quotes);
});

test.each([
  ["'Tis the boys' coats,' said Ida. 'I took 'em.'", ["'Tis the boys' coats,'", "'I took 'em.'"]],
  ["''Tis late,' said Ida. 'Goin' home?'", ["''Tis late,'", "'Goin' home?'"]],
  ["‘Whose? The boys’’ said Ida. ‘The girls’.’", ["‘Whose? The boys’’", "‘The girls’.’"]],
  ["‘Yes’, said Ida, ‘an’ no’. She had the girls’ hats.", ["‘Yes’", "‘an’ no’"]],
  ["‘Yes’ said Ida. ‘It was Jack ’n’ Jill’s dog.’", ["‘Yes’", "‘It was Jack ’n’ Jill’s dog.’"]],
  [
    "‘I saw ’im in the ’90s,’ said Ida. ‘At five o’clock.’",
    ["‘I saw ’im in the ’90s,’", "‘At five o’clock.’"],
  ],
  [
    "‘It is the dogs’ tale.\n\n‘And the cats’ tale,’ said Ida.",
    ["‘It is the dogs’ tale.", "‘And the cats’ tale,’"],
  ],
  ["‘Tis said the boys’ coats were red. ‘Yes,’ said Ida.", ["‘Yes,’"]],
])("apostrophes neither open nor close speech: %s", (text, quotes) => {
  expect(quotesOf(text)).toEqual(quotes);
});

test.each([
  'He was 6\'2" tall and had a 12" knife. "Come," he said.',
  'The plank was 2" by 4" and the door 30" wide. "Come," he said.',
  'John "Red" Hale goes by the name "Shorty." "Come," he said.',
  'They called the smith "Iron Bill" and laughed. "Come," he said.',
  'The sign read "Closed until further notice" in red. "Come," he said.',
  'They drove to the "Avenue." "Come," he said.',
  'He typed print("hello") and smiled. "Come," he said.',
  'Apples      two pence\nPears    "   "\n\n"Come," he said.',
  'They lived in the ’90s, an’ played rock ’n’ roll. "Come," he said.',
])("measures, names, titles and code are not speech: %s", (text) => {
  expect(quotesOf(text)).toEqual(['"Come,"']);
});

test("an inch mark inside speech does not close it", () => {
  expect(quotesOf('"The plank is 30" wide," said Clara. "I am 42" he said.')).toEqual([
    '"The plank is 30" wide,"',
    '"I am 42"',
  ]);
});

test("a quote inside a quote with the same marks is part of the speech", () => {
  expect(quotesOf('"He asked "Why?" and went," said Clara. "So."')).toEqual([
    '"He asked "Why?" and went,"',
    '"So."',
  ]);
});

test("a tag inside guillemets is narration between two parts of the speech", () => {
  expect(quotesOf("« On the table, said Clara. You put it there. »")).toEqual([
    "« On the table,",
    "You put it there. »",
  ]);
  expect(quotesOf("«Oui, dit-elle, je viens.» Elle rit.")).toEqual(["«Oui,", "je viens.»"]);
});

test("dashes around a tag end speech and begin it again", () => {
  const spanish = "—Hola —dijo Ana—. ¿Vienes?\n\n—No sé —Luis rio—, quizá.";
  const russian = "— Привет, — сказал Иван. — Ты где?\n\n— Да! — ответила Анна. Она села.";

  expect(quotesOf(spanish)).toEqual(["—Hola", "¿Vienes?", "—No sé", "quizá."]);
  expect(quotesOf(russian)).toEqual(["— Привет,", "— Ты где?", "— Да!"]);
});

test("names with a dash below mottos are not speech", () => {
  expect(quotesOf("—A. Poet\n\n—The Book of Songs\n\n“Yes,” said Clara.")).toEqual(["“Yes,”"]);
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
