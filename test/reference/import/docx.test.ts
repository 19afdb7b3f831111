import { docxOf, paragraphOf, styled } from "../../support/docx.js";
import { zipOf } from "../../support/zip.js";
import { chaptersOf, readFile } from "./reading.js";

const read = (body: string, parts: Readonly<Record<string, string>> = {}) =>
  readFile(docxOf(body, parts), "the-bell.docx");
const run = (content: string, properties = ""): string =>
  `<w:r><w:rPr>${properties}</w:rPr>${content}</w:r>`;
const inParagraph = (...runs: readonly string[]): string => `<w:p>${runs.join("")}</w:p>`;
const cell = (...paragraphs: readonly string[]): string => `<w:tc>${paragraphs.join("")}</w:tc>`;

test("title and chapters come from the styles, in any language of Word", async () => {
  const book = await read(
    styled("The Bell", "Titel") +
      styled("One", "berschrift1") +
      paragraphOf("It rang.") +
      styled("Two", "berschrift1") +
      styled("Night", "berschrift2") +
      paragraphOf("It &amp; Ada slept."),
  );

  expect(book).toMatchObject({
    title: "The Bell",
    content: "The Bell\n\nOne\n\nIt rang.\n\nTwo\n\nNight\n\nIt & Ada slept.",
  });
  expect(chaptersOf(book)).toEqual(["One | One\n\nIt rang", "Two: Night | Two\n\nNight\n\n"]);
});

test.each<[string, string, string]>([
  [
    "runs that cut words apart",
    inParagraph(run("<w:t>T</w:t>"), run("<w:t>he be</w:t>"), run("<w:t>ll.</w:t>")),
    "The bell.",
  ],
  ["line ends", inParagraph(run("<w:t>One,</w:t><w:br/><w:t>two.</w:t>")), "One,\ntwo."],
  [
    "page breaks",
    inParagraph(
      run('<w:t>One </w:t><w:br w:type="page"/><w:lastRenderedPageBreak/><w:t>two.</w:t>'),
    ),
    "One two.",
  ],
  ["tabs", inParagraph(run("<w:tab/><w:t>One</w:t><w:tab/><w:t>two.</w:t>")), "One two."],
  [
    "verse",
    `${paragraphOf("He sang:")}${styled("One,", "Vers")}${styled("two.", "Vers")}`,
    "He sang:\n\nOne,\ntwo.",
  ],
  [
    "lists",
    paragraphOf("pears", "<w:numPr/>") + paragraphOf("plums", "<w:numPr/>") + paragraphOf("Go."),
    "pears\nplums\n\nGo.",
  ],
  [
    "tables",
    `<w:tbl><w:tr>${cell(paragraphOf("Name"))}${cell(paragraphOf("Age"))}</w:tr>
     <w:tr>${cell(paragraphOf("Ada"), paragraphOf("Hale"))}${cell(paragraphOf("36"))}</w:tr></w:tbl>${paragraphOf("Go.")}`,
    "Name\tAge\nAda Hale\t36\n\nGo.",
  ],
])("text is read as it is seen: %s", async (_what, body, text) => {
  expect((await read(body)).content).toBe(text);
});

test.each<[string, string]>([
  ["deleted text", inParagraph(`<w:del>${run("<w:delText>x</w:delText>")}</w:del>`)],
  ["text that was moved away", inParagraph(`<w:moveFrom>${run("<w:t>x</w:t>")}</w:moveFrom>`)],
  ["hidden text", inParagraph(run("<w:t>x</w:t>", "<w:vanish/>"))],
  ["fields", inParagraph(run("<w:instrText> PAGE </w:instrText>"))],
  [
    "pictures and text boxes",
    inParagraph(
      run(
        "<mc:AlternateContent><mc:Choice><w:drawing><w:t>x</w:t></w:drawing></mc:Choice><mc:Fallback><w:pict><w:t>x</w:t></w:pict></mc:Fallback></mc:AlternateContent>",
      ),
    ),
  ],
  [
    "marks of notes and comments",
    inParagraph(run('<w:footnoteReference w:id="2"/>'), run('<w:commentReference w:id="1"/>')),
  ],
  ["the contents", styled("One 1", "Verzeichnis1")],
  [
    "contents that Word made",
    `<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>${paragraphOf("Contents")}</w:sdtContent></w:sdt>`,
  ],
])("%s: not part of the story", async (_what, body) => {
  expect((await read(`${paragraphOf("One.")}${body}${paragraphOf("Two.")}`)).content).toBe(
    "One.\n\nTwo.",
  );
});

test("visible text stays: inserted, in controls, and not hidden after all", async () => {
  const body = `${inParagraph(
    `<w:ins>${run("<w:t>One.</w:t>")}</w:ins>`,
  )}<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>${paragraphOf("Two.")}</w:sdtContent></w:sdt>${inParagraph(
    run("<w:t>Three.</w:t>", '<w:vanish w:val="0"/>'),
  )}${inParagraph(`<w:hyperlink>${run("<w:t>Four.</w:t>")}</w:hyperlink>`)}`;

  expect((await read(body)).content).toBe("One.\n\nTwo.\n\nThree.\n\nFour.");
});

const coreOf = (title: string, creator: string): string =>
  `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>${title}</dc:title><dc:creator>${creator}</dc:creator><dc:language>de-DE</dc:language></cp:coreProperties>`;

test("the properties give the facts, and names that programs write are none", async () => {
  const [named, unnamed] = await Promise.all([
    read(paragraphOf("One."), { "docProps/core.xml": coreOf("The Bell", "Ada Hale") }),
    read(paragraphOf("One."), { "docProps/core.xml": coreOf("", "Microsoft Office User") }),
  ]);

  expect(named).toMatchObject({ title: "The Bell", authorName: "Ada Hale", language: "de-DE" });
  expect(unnamed).toMatchObject({ title: "The bell", authorName: null });
});

test.each([
  [
    "without its main part",
    zipOf({ "[Content_Types].xml": "", "word/styles.xml": "" }),
    "“word/document.xml” is missing",
  ],
  ["without text", docxOf(""), "has no text"],
  ["with endless nesting", docxOf("<w:p>".repeat(2_000)), "is a damaged Word document"],
])("a document %s is refused", async (_what, file, message) => {
  await expect(readFile(file, "the-bell.docx")).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    message: expect.stringContaining(message),
  });
});

const RUN = (content: string): string => `<w:r>${content}</w:r>`;
const CELL = (text: string): string => `<w:tc>${paragraphOf(text)}</w:tc>`;

test.each<[string, string, string]>([
  [
    "a table after a paragraph is apart from the paragraph",
    `${paragraphOf("He read:")}<w:tbl><w:tr>${CELL("One")}${CELL("Two")}</w:tr></w:tbl>`,
    "He read:\n\nOne\tTwo",
  ],
  [
    "a break of the page is between two words",
    `<w:p>${RUN('<w:t>The end.</w:t><w:br w:type="page"/><w:t>Then it rang.</w:t>')}</w:p>`,
    "The end. Then it rang.",
  ],
  [
    "a large first letter is a part of its word",
    `${paragraphOf("O", '<w:framePr w:dropCap="drop" w:lines="3"/>')}${paragraphOf("nce it rang.")}`,
    "Once it rang.",
  ],
])("%s", async (_what, body, text) => {
  expect((await readFile(docxOf(body), "the-bell.docx")).content).toBe(text);
});
