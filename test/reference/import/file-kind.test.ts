import { readFile, utf8 } from "./reading.js";

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");
const kindle = Buffer.concat([Buffer.alloc(60), Buffer.from("BOOKMOBI"), Buffer.alloc(40)]);

test.each([
  ["empty.txt", new Uint8Array(), "empty.txt is empty (0 bytes)"],
  ["book.epub", utf8("%PDF-1.7\n%âãÏÓ\n1 0 obj"), "book.epub is a PDF"],
  ["old.doc", bytes("d0cf11e0a1b11ae1 0000"), "old.doc is an old Word document (.doc)"],
  ["secret.docx", bytes("d0cf11e0a1b11ae1 0000"), "or an Office file with a password"],
  ["a.rtf", utf8("{\\rtf1\\ansi Hello}"), "a.rtf is an RTF document"],
  ["a.mobi", kindle, "a.mobi is a Kindle book (MOBI, AZW)"],
  ["a.txt", kindle, "a.txt is a Kindle book (MOBI, AZW)"],
  ["a.fb2", utf8('<?xml version="1.0"?><FictionBook></FictionBook>'), "FictionBook (FB2)"],
  [
    "a.mhtml",
    utf8("From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"),
    "a page saved in one file (MHTML)",
  ],
  ["a.webarchive", utf8("bplist00\xd1"), "a web archive of Safari"],
  [
    "a.txt.gz",
    bytes("1f8b0800 00000000"),
    "a packed file. Unpack it".replace(". ", ", which cannot be imported. "),
  ],
  ["a.txt", bytes("89504e470d0a1a0a 0000"), "a.txt is a picture"],
  ["a.mp3", bytes("494433 0300"), "a.mp3 is sound or a film"],
  ["a.txt", bytes("504b0304 14000000"), "a.txt is a damaged ZIP archive"],
  [
    "book.epub",
    utf8("<!DOCTYPE html><html><body>404</body></html>"),
    "is a web page; a download may have failed",
  ],
  ["book.epub", utf8("Once upon a time."), "named like an EPUB, but is no such file"],
])("%s: a file that holds no text is refused by its name", async (name, content, message) => {
  await expect(readFile(content, name)).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    message: expect.stringContaining(message),
  });
});

test("a page is a page whatever its name is, and a text with tags stays a text", async () => {
  const page = "<!-- saved --><html><body><p>One.</p><p>Two.</p></body></html>";

  const pages = await Promise.all([readFile(page, "a.txt"), readFile(page, "a.htm")]);
  const text = await readFile("<i>One.</i>\n\nTwo.", "a.txt");

  expect(pages.map(({ content }) => content)).toEqual(["One.\n\nTwo.", "One.\n\nTwo."]);
  expect(text.content).toBe("<i>One.</i>\n\nTwo.");
});
