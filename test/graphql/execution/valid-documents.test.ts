import { parse } from "graphql";
import { ValidDocuments } from "../../../src/graphql/execution/valid-documents.js";

test("a document is found again by its text, until many others were kept", () => {
  const documents = new ValidDocuments(4_000_000);
  const text = "{ viewer { id } }";
  const document = parse(text);
  documents.keep(text, document);

  const soon = documents.find(text);
  for (let number = 0; number < 4_000; number++) {
    const other = `{ viewer${number} { id } }`;
    documents.keep(other, parse(other));
  }

  expect(soon).toBe(document);
  expect(documents.find(text)).toBeUndefined();
});

test("a document with a long text is not kept", () => {
  const documents = new ValidDocuments(4_000_000);
  const text = `{ story(by: { slug: "${"x".repeat(1_000_000)}" }) { id } }`;

  documents.keep(text, parse(text));

  expect(documents.find(text)).toBeUndefined();
});
