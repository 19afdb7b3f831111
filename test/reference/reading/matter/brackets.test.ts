import { readText } from "../../../../src/reference/reading/reading.js";

const clear = (text: string): string => readText(text).clear.text;
const kindsOf = (text: string): readonly string[] => readText(text).spans.map(({ kind }) => kind);

const [BEFORE, AFTER] = ["The ferry left at dawn.", "Nobody waved."];

test.each([
  ["[Illustration]", "illustration"],
  ["[Illustration: The ferry]", "illustration"],
  ["[Illustration: The ferry\nat dawn, [by] the quay]", "illustration"],
  ['[Illustration: THE FERRY.\n\n"Cast off!"]', "illustration"],
  ["[ Illustration : The ferry ]", "illustration"],
  ["[Illustrations]", "illustration"],
  ["[Picture: The quay]", "illustration"],
  ["[Frontispiece]", "illustration"],
  ["[Map]", "illustration"],
  ["[Music: two bars]", "illustration"],
  ["[Illustration: The ferry", "illustration"],
  ["[Blank page]", "editor_note"],
  ["[Page heading: The ferry]", "editor_note"],
  ["[Sidenote: The ferry leaves.]", "editor_note"],
  ["[Transcriber's Note: The spelling is kept.]", "editor_note"],
  ["[Transcriber’s note: two words\n\nare missing]", "editor_note"],
  ["[TN: a word is missing]", "editor_note"],
  ["[Editor's note: this letter is lost.]", "editor_note"],
  ["[Ed. Note: lost.]", "editor_note"],
  ["[This letter is lost.--ED.]", "editor_note"],
])("%j on a line of its own is silent", (note, kind) => {
  const text = `${BEFORE}\n\n${note}\n\n${AFTER}`;

  expect(clear(text)).toBe(`${BEFORE}\n\n\n\n${AFTER}`);
  expect(kindsOf(text)).toEqual([kind]);
});

test.each([
  ["the ferrey [sic] left", "the ferrey left"],
  ["the ferrey [Sic.], and", "the ferrey, and"],
  ["the ferrey\n[sic] left", "the ferrey\nleft"],
  ["the word [Greek: logos] was cut", "the word logos was cut"],
  ["a man[oe]uvre of [OE]dipus and C[ae]sar", "a manoeuvre of OEdipus and Caesar"],
  ["in K[=a]li and Gar[c,]on and B[:u]low", "in Kali and Garcon and Bulow"],
  ["the [quay](http://quay.example/a) was wet", "the quay was wet"],
  ['the ![quay](quay.png "A quay") was wet', "the was wet"],
  ["the quay [Illustration: a quay] was wet", "the quay was wet"],
])("%j is read as %j", (text, read) => {
  expect(clear(`${BEFORE} ${text}.`)).toBe(`${BEFORE} ${read}.`);
});

test.each([
  "[He laughs]",
  "[laughing]",
  "He opened [and] the door.",
  "[Nell] Cast off!",
  "[Exit the ferryman.]",
  "[Music]  He sang.",
  "[Music.]",
  "[Illustrations of quays hung there.]",
  "He sent [Image: a quay] to her.",
  "The map [see it there] was wet.",
  "[Editor] Cast off!",
  "It was room [12], and it was 1914 [or later].",
  "He wrote [Illustration and was gone.",
  "[a] and [oe] are sounds.",
  "[Note the time: he was late.]",
])("%j belongs to the story", (text) => {
  expect(clear(`${BEFORE}\n\n${text}\n\n${AFTER}`)).toContain(text);
});
