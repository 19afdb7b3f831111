import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

function castOf(text: string) {
  return analyseText(text).characters;
}

test("a titled surname, a first name and the full name are one character", () => {
  const [first] = castOf(
    "Framton Nuttel sat down. Framton waited for the aunt. “Good day, Mr. Nuttel,” said Clara. “Hardly,” said Framton.",
  );

  expect(first).toMatchObject({ canonicalName: "Framton Nuttel", gender: "male" });
  expect(first?.aliases).toEqual(["Framton", "Mr. Nuttel"]);
});

test("Mrs never merges with Miss, nor Mr with Mrs", () => {
  const names = castOf(
    "“Come in,” said Mrs. Hale. “Thank you,” said Miss Hale. Mr. Hale said nothing. Miss Hale sat by Mrs. Hale.",
  ).map(({ canonicalName }) => canonicalName);

  expect(names.sort()).toEqual(["Miss Hale", "Mr. Hale", "Mrs. Hale"]);
});

test("a short form of a first name belongs to the full name", () => {
  const [first] = castOf(
    "William Harker came in. “Sit down, Bill,” said Clara. Bill sat. William sighed.",
  );

  expect(first).toMatchObject({ canonicalName: "William Harker" });
  expect(first?.aliases).toContain("Bill");
});

test("pronouns decide the gender of a name that is in no list", () => {
  const [first] = castOf(
    "Zorvath lifted her lamp. Zorvath knew that she was alone. “Hello?” said Zorvath, and she waited.",
  );

  expect(first).toMatchObject({ canonicalName: "Zorvath", gender: "female" });
});

test("places and the first words of sentences are not characters", () => {
  const names = castOf(
    "Suddenly it rained in Hollin. Clara walked to Hollin and lived in Hollin. Then Clara said, “Rain.”",
  ).map(({ canonicalName }) => canonicalName);

  expect(names).toEqual(["Clara"]);
});

test("a speaking noun gives the character's age and gender", () => {
  const [grandmother] = castOf("“Come closer,” said the grandmother.");

  expect(grandmother).toMatchObject({
    canonicalName: "Grandmother",
    gender: "female",
    ageGroup: "elder",
    role: "protagonist",
    quoteCount: 1,
  });
});

test("characters are ordered by importance and have distinct readable ids", () => {
  const document = analyseText(
    "“Yes,” said Clara. “No,” said Clara. “Why?” said Edmund. Clara laughed. Clara left.",
  );

  expect(document.characters.map(({ id }) => id)).toEqual(["clara", "edmund"]);
  expect(document.characters.map(({ quoteCount }) => quoteCount)).toEqual([2, 1]);
});

test("a title without a name means the only character with that title", () => {
  const names = castOf(
    "Captain Juno Vane was at the rail. “Land,” said the captain. “Where?” said Tobias. The Captain pointed.",
  ).map(({ canonicalName }) => canonicalName);

  expect(names).toEqual(["Captain Juno Vane", "Tobias"]);
});

test("a name in a heading is not read", () => {
  const names = castOf("How Clara Lost Her Hat\n\n“Where is it?” said Clara.").map(
    ({ canonicalName }) => canonicalName,
  );

  expect(names).toEqual(["Clara"]);
});

test("a noun introduced in the opening is a character before the character speaks", () => {
  const [goat] = castOf(
    "There was once an old goat who had seven kids.\n\n“Open to nobody,” she said. The old goat went to town.",
  );

  expect(goat).toMatchObject({ canonicalName: "The goat", quoteCount: 1 });
});

test("a name that occurs only at the start of sentences is a character if its verbs fit a person", () => {
  const names = castOf(
    "Jorva set her lamp on the wall. Jorva laughed. Thunder rolled. Thunder fell on the hills.",
  ).map(({ canonicalName }) => canonicalName);

  expect(names).toEqual(["Jorva"]);
});

test("an animal with a capital keeps the capital after its verb", () => {
  const names = castOf("“Last year you insulted me,” said the Wolf. “No,” bleated the Lamb.").map(
    ({ canonicalName }) => canonicalName,
  );

  expect(names).toEqual(["The Lamb", "The Wolf"]);
});
