import { type EpubBook, epubOf } from "../../support/epub.js";
import { zipOf } from "../../support/zip.js";
import { readFile } from "./reading.js";

const PAGE = { body: "<p>The bell rang.</p>" };
const encryptionBy = (algorithm: string): string =>
  `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><enc:EncryptedData xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
    <enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData><enc:CipherReference URI="OEBPS/page1.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`;
const AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

test.each<[string, Omit<EpubBook, "pages">, string]>([
  [
    "encrypted parts",
    { parts: { "META-INF/encryption.xml": encryptionBy(AES) } },
    "is protected against copying, so its text",
  ],
  [
    "Adobe",
    { parts: { "META-INF/encryption.xml": encryptionBy(AES), "META-INF/rights.xml": "<rights/>" } },
    "protected against copying (Adobe)",
  ],
  [
    "Apple",
    { parts: { "META-INF/sinf.xml": "<sinf/>" } },
    "protected against copying (Apple FairPlay)",
  ],
  [
    "Readium",
    { parts: { "META-INF/license.lcpl": "{}" } },
    "protected against copying (Readium LCP)",
  ],
  ["a password", { faults: { isEncrypted: true } }, "protected with a password"],
  [
    "no container",
    { parts: { "META-INF/container.xml": null } },
    "“META-INF/container.xml” (the list of its books) is missing",
  ],
  [
    "an empty container",
    { parts: { "META-INF/container.xml": "<container/>" } },
    "(the path of its package document) is missing",
  ],
  [
    "no package",
    { parts: { "OEBPS/book.opf": null } },
    "“OEBPS/book.opf” (its package document) is missing",
  ],
  [
    "a package that is no XML",
    { parts: { "OEBPS/book.opf": "not found" } },
    "its package document lists no text",
  ],
  [
    "a missing page",
    { parts: { "OEBPS/page1.xhtml": null } },
    "“OEBPS/page1.xhtml” (a part of the text) is missing",
  ],
  [
    "a page of bytes",
    { parts: { "OEBPS/page1.xhtml": Uint8Array.of(0x3c, 0x70, 0x3e, 0xff, 0xfe, 0xc0) } },
    "page1.xhtml is not plain text in UTF-8",
  ],
  [
    "a page without text",
    { parts: { "OEBPS/page1.xhtml": "<html><img src='a.png'/></html>" } },
    "has no text; a book of pictures",
  ],
  [
    "a path out of the archive",
    { parts: { "../../etc/passwd": "x" } },
    "is a damaged ZIP archive (invalid relative path",
  ],
  ["a lie about sizes", { faults: { declaredBytes: 10 } }, "is a damaged ZIP archive"],
])("an EPUB with %s is refused", async (_what, book, message) => {
  const file = epubOf({ pages: [PAGE], ...book });

  await expect(readFile(file, "book.epub")).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    message: expect.stringContaining(message),
  });
});

test("hidden fonts are no protection", async () => {
  const parts = { "META-INF/encryption.xml": encryptionBy("http://www.idpf.org/2008/embedding") };

  expect(await readFile(epubOf({ pages: [PAGE], parts }), "a.epub")).toMatchObject({
    content: "The bell rang.",
  });
});

test("a bomb is refused before it is unpacked, and also if it lies about its size", async () => {
  const bomb = Buffer.alloc(40_000_000, " ");

  for (const faults of [{}, { declaredBytes: 100 }]) {
    const file = epubOf({ pages: [PAGE], parts: { "OEBPS/page1.xhtml": bomb }, faults });
    await expect(readFile(file, "bomb.epub")).rejects.toThrow(
      /unpacks to far more bytes than a book has|is a damaged ZIP archive/,
    );
  }
});

test("an archive with more parts than any book has is refused", async () => {
  const parts = Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index}`, ""]));

  await expect(readFile(zipOf(parts), "many.epub")).rejects.toThrow("has more than 20000 parts");
});

test("an EPUB that was cut off is refused as damaged", async () => {
  const whole = epubOf({ pages: [PAGE] });

  for (const share of [0.1, 0.5, 0.99]) {
    const cut = whole.subarray(0, Math.floor(whole.length * share));
    await expect(readFile(cut, "cut.epub")).rejects.toThrow("cut.epub is a damaged ZIP archive");
  }
});

test("entities that a document declares itself are never expanded", async () => {
  const entities = Array.from(
    { length: 30 },
    (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};&e${index};">`,
  );
  const page = `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd">${entities.join("")}]>
    <html><body><p>The bell &e30; &file; rang.</p></body></html>`;

  const { content } = await readFile(
    epubOf({ pages: [PAGE], parts: { "OEBPS/page1.xhtml": page } }),
    "a.epub",
  );

  expect(content).toBe("The bell &e30; &file; rang.");
});

test.each<[string, Record<string, string>, string]>([
  [
    "a LibreOffice document",
    { mimetype: "application/vnd.oasis.opendocument.text", "content.xml": "" },
    "Save it as .docx",
  ],
  [
    "a spreadsheet",
    { "[Content_Types].xml": "", "xl/workbook.xml": "" },
    "a spreadsheet or a presentation",
  ],
  ["a Pages document", { "Index/Document.iwa": "" }, "Export it as EPUB or Word"],
  ["a comic", { "01.jpg": "", "02.PNG": "" }, "a comic (CBZ)"],
  ["any other archive", { "a.txt": "Once." }, "is a ZIP archive that is"],
])("%s is refused by its name", async (_what, parts, message) => {
  await expect(readFile(zipOf(parts), "file.zip")).rejects.toThrow(message);
});
