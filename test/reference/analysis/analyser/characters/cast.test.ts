import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

/** Returns each character's name, followed by its aliases. */
function castOf(text: string): readonly (readonly string[])[] {
  return analyseText(text)
    .characters.map(({ canonicalName, aliases }) => [canonicalName, ...aliases].sort())
    .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

function genderOf(text: string, name: string): string | undefined {
  return analyseText(text).characters.find(({ canonicalName }) => canonicalName === name)?.gender;
}

const SHE_HALE = "“The soup is hot,” said Mrs. Hale. ";

test("a bare surname with a man's pronouns is not the woman with that surname", () => {
  const text = `${SHE_HALE}Hale looked at his plate. “Is it?” he said. “It is,” said Mrs. Hale.`;

  expect(castOf(text)).toEqual([["Hale"], ["Mrs. Hale"]]);
  expect(genderOf(text, "Hale")).toBe("male");
});

test("the surname of a titled character is a person, whatever the person does", () => {
  expect(castOf(`${SHE_HALE}Hale polished his spoon. Hale coughed.`)).toEqual([
    ["Hale"],
    ["Mrs. Hale"],
  ]);
});

test("the object of a verb for meeting people is a person", () => {
  expect(castOf("“Welcome!” said Clara. Clara kissed Quillan. Then Clara left.")).toEqual([
    ["Clara"],
    ["Quillan"],
  ]);
});

test("four pronouns that agree give a form its gender before forms are joined", () => {
  const text = `${SHE_HALE}${"Orrin Hale shook his head. Then Orrin laughed, and he sat down. ".repeat(2)}`;

  expect(castOf(text)).toEqual([["Mrs. Hale"], ["Orrin", "Orrin Hale"]]);
  expect(genderOf(text, "Orrin Hale")).toBe("male");
});

test("a few contrary pronouns do not outweigh the list of first names", () => {
  const text =
    "Edmund Brand waited while she wrote. Edmund Brand saw that her hand shook. Edmund Brand knew why she wept. Edmund Brand saw her tears. “Come,” said Edmund Brand.";

  expect(genderOf(text, "Edmund Brand")).toBe("male");
});

test("the pronouns of a first name give the full name its gender", () => {
  const text = `${SHE_HALE}${"Orrin shook his head. ".repeat(4)}“No,” said Orrin P. Hale.`;

  expect(castOf(text)).toEqual([["Mrs. Hale"], ["Orrin", "Orrin P. Hale"]]);
});

test("a titled surname never joins a full name that shares its sentences", () => {
  const text =
    "“Good night,” said Mrs. Hale. Mrs. Hale kissed Lydia Hale. Mrs. Hale took Lydia Hale upstairs. Then Mrs. Hale and Lydia Hale sang. “Again!” said Lydia Hale.";

  expect(castOf(text)).toEqual([["Lydia Hale"], ["Mrs. Hale"]]);
});

test("a titled surname joins a full name that shares two of its sentences", () => {
  const text =
    "“Good night,” said Mrs. Hale. Mrs. Hale saw Lydia Hale in the mirror. Mrs. Hale remembered the girl Lydia Hale. “Good night,” said Lydia Hale.";

  expect(castOf(text)).toEqual([["Lydia Hale", "Mrs. Hale"]]);
});

test("the head of a family is not the rarer of two namesakes", () => {
  const text = [
    "Mr. Hale called Giles Hale. Mr. Hale scolded Giles Hale. Mr. Hale sent Giles Hale to bed.",
    "“Good night,” said Giles Hale. “Good night,” said Mr. Hale. “He is cross,” said Peter Hale.",
  ].join("\n\n");

  expect(castOf(text)).toEqual([["Giles Hale"], ["Mr. Hale"], ["Peter Hale"]]);
});

test("a woman with a first name is Miss Hale rather than Mrs. Hale", () => {
  const text =
    "“Come in,” said Mrs. Hale. “I am late,” said Lydia Hale. “You are, Miss Hale,” said Edmund. Mrs. Hale sat down. Mrs. Hale sighed.";

  expect(castOf(text)).toContainEqual(["Lydia Hale", "Miss Hale"]);
});

test("Captain Hale is neither Mrs. Hale nor Miss Hale", () => {
  const text = `${SHE_HALE}“Too hot,” said Captain Hale. “For whom?” asked Miss Hale.`;

  expect(castOf(text)).toEqual([["Captain Hale"], ["Miss Hale"], ["Mrs. Hale"]]);
});

test("an aunt with a surname elsewhere is the Miss of that surname", () => {
  const text = [
    "“Who is there?” said Miss Hale. “Only me,” said Diana Hale. Miss Hale saw Diana. Miss Hale kissed Diana. Miss Hale took Diana in.",
    "“My aunt is kind,” said Diana. Aunt Agatha laughed. Aunt Agatha sat down. Miss Agatha Hale was rich.",
  ].join("\n\n");

  expect(castOf(text)).toEqual([
    ["Aunt Agatha", "Miss Agatha Hale", "Miss Hale"],
    ["Diana", "Diana Hale"],
  ]);
});

test("initials carry no gender", () => {
  const text = `${SHE_HALE}J. R. Hale sat down. “Hot soup!” said J. R. Hale. M. A. Hale said nothing.`;

  expect(castOf(text)).toEqual([["J. R. Hale"], ["M. A. Hale"], ["Mrs. Hale"]]);
  expect(genderOf(text, "M. A. Hale")).toBe("unknown");
});

test("a woman's pronouns join initials and a woman's title", () => {
  const text = `J. R. Hale took off her hat, and she sat down. ${SHE_HALE}`;

  expect(castOf(text)).toEqual([["J. R. Hale", "Mrs. Hale"]]);
});

test("a word that speaks three times is a name, whatever else it means", () => {
  const text = `${"“Oh,” said Pshaw. ".repeat(3)}May I ask why it had to rain? “Pshaw!” cried the boy.`;

  expect(castOf(text)).toEqual([["Pshaw"], ["The boy", "the boy"]]);
});

test("a first name that has other meanings is a name where it speaks", () => {
  const text = "“Yes,” cried May. May I ask why? It may be late. May laughed.";

  expect(castOf(text)).toEqual([["May"]]);
  expect(analyseText(text).characters[0]?.mentionCount).toBe(2);
});
