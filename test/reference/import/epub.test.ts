import { type EpubBook, epubOf } from "../../support/epub.js";
import { chaptersOf, readFile } from "./reading.js";

const read = (book: EpubBook) => readFile(epubOf(book), "the-bell.epub");

const ONE = { body: '<h2 id="c1">One</h2><p>The bell rang.</p>' };
const TWO = { body: '<h2>Two</h2><p>It stopped.</p><h3 id="b">Night</h3><p>Ada slept.</p>' };
const TEXT = "One\n\nThe bell rang.\n\nTwo\n\nIt stopped.\n\nNight\n\nAda slept.";

test.each([2, 3] as const)("EPUB %s: chapters come from the navigation", async (version) => {
  const book = await read({
    version,
    pages: [ONE, TWO],
    toc: [
      { title: "I. The Bell", href: "page1.xhtml" },
      { title: "II", href: "page2.xhtml", entries: [{ title: "At Night", href: "page2.xhtml#b" }] },
    ],
  });

  expect(book).toMatchObject({
    ...{ title: "The Bell", authorName: "Ada Lovelace", language: "en-GB", content: TEXT },
  });
  expect(chaptersOf(book)).toEqual([
    "I. The Bell | One\n\nThe bel",
    "II | Two\n\nIt stop",
    "At Night | Night\n\nAda s",
  ]);
});

test("a part without text of its own and its first chapter are one chapter", async () => {
  const { chapters } = await read({
    pages: [ONE, TWO],
    toc: [
      { title: "Part One", href: "page1.xhtml", entries: [{ title: "1", href: "page1.xhtml#c1" }] },
      { title: "Part Two", href: "page2.xhtml", entries: [{ title: "1", href: "page2.xhtml#b" }] },
    ],
  });

  expect(chapters?.map(({ title }) => title)).toEqual(["Part One: 1", "Part Two", "1"]);
});

test("equal titles stay, and entries that lead nowhere are no chapters", async () => {
  const { chapters } = await read({
    pages: [ONE, TWO],
    toc: [
      { title: "Interlude", href: "page1.xhtml#no-such-id" },
      { title: "Gone", href: "gone.xhtml" },
      { title: "Shop", href: "https://shop.test/" },
      { title: "Interlude", href: "./page2.xhtml" },
    ],
  });

  expect(chapters?.map(({ title }) => title)).toEqual(["Interlude", "Interlude"]);
});

test("without navigation, the chapters come from the headings", async () => {
  const book = await read({ pages: [ONE, TWO] });

  expect(chaptersOf(book)).toEqual([
    "One | One\n\nThe bel",
    "Two | Two\n\nIt stop",
    "Night | Night\n\nAda s",
  ]);
});

test.each([2, 3] as const)(
  "EPUB %s: cover, title page, contents and copyright are neither text nor chapters",
  async (version) => {
    const book = await read({
      version,
      showsToc: version === 3,
      pages: [
        { path: "cover.xhtml", body: '<img src="c.png" alt="Cover"/><p>A cover</p>' },
        { path: "title.xhtml", body: "<h1>The Bell</h1><p>Publisher</p>" },
        { path: "copyright.xhtml", body: "<p>All rights reserved.</p>" },
        { path: "toc.xhtml", body: "<p>One … 1</p>" },
        { path: "dedication.xhtml", body: "<p>For Ben.</p>" },
        { path: "one.xhtml", body: ONE.body },
        { path: "note.xhtml", body: "<p>Beside the text.</p>", linear: "no" },
        { path: "two.xhtml", body: TWO.body },
      ],
      toc: [
        { title: "Cover", href: "cover.xhtml" },
        { title: "Title Page", href: "title.xhtml" },
        { title: "Copyright", href: "copyright.xhtml" },
        { title: "One", href: "one.xhtml" },
        { title: "Contents", href: "two.xhtml" },
        { title: "At Night", href: "two.xhtml#b" },
      ],
      landmarks: [
        { type: "cover", href: "cover.xhtml" },
        { type: "toc", href: "toc.xhtml" },
      ],
    });

    expect(book.content).toBe(`For Ben.\n\n${TEXT}`);
    expect(book.chapters?.map(({ title }) => title)).toEqual(["One", "Contents", "At Night"]);
  },
);

test("a part that its type marks as no text is left out", async () => {
  const { content } = await read({
    pages: [
      { body: "<p>© 2026</p>", bodyType: "copyright-page" },
      ONE,
      { body: "<p>1. Note</p>", bodyType: "endnotes" },
    ],
  });

  expect(content).toBe("One\n\nThe bell rang.");
});

test("marks of notes and their bodies in another part are left out", async () => {
  const { content } = await read({
    pages: [
      { body: '<p>The bell<sup><a href="notes.xhtml#n1">1</a></sup> rang.</p>' },
      {
        path: "notes.xhtml",
        body: '<p id="n1"><a href="page1.xhtml">1.</a> A bell of iron.</p><p>The end.</p>',
      },
    ],
  });

  expect(content).toBe("The bell rang.\n\nThe end.");
});

test("a chapter inside a part that is left out is no chapter", async () => {
  const body =
    '<div class="pg-boilerplate"><h2 id="licence">LICENCE</h2></div><p>The bell rang.</p>';
  const { chapters } = await read({
    pages: [ONE, { body }],
    toc: [
      { title: "One", href: "page1.xhtml" },
      { title: "The full licence", href: "page2.xhtml#licence" },
    ],
  });

  expect(chapters?.map(({ title }) => title)).toEqual(["One"]);
});

test("sloppy XHTML is read: entities, empty elements, paths with escapes and in folders", async () => {
  const { content, chapters } = await read({
    pages: [
      {
        path: "Text/my%20page.xhtml",
        body: '<script src="x.js"/><a id="x"/><p>Caf&eacute;&nbsp;<i/>open.</p>',
      },
      { path: "Text/b.xhtml", body: "<p><![CDATA[1 < 2]]></p>" },
    ],
    toc: [
      { title: "A", href: "Text/my%20page.xhtml#x" },
      { title: "B", href: "Text/../Text/b.xhtml" },
    ],
    parts: {
      "OEBPS/Text/my page.xhtml":
        '<html><script src="x.js"/><a id="x"/><p>Caf&eacute;&nbsp;<i/>open.</p></html>',
      "OEBPS/Text/my%20page.xhtml": null,
    },
  });

  expect(content).toBe("Café\u00a0open.\n\n1 < 2");
  expect(chapters).toEqual([
    { title: "A", start: 0 },
    { title: "B", start: 12 },
  ]);
});

test("the package gives the authors, and the first known language", async () => {
  const metadata = `<dc:title id="t1">A subtitle</dc:title><dc:title id="t2">The  Bell</dc:title>
    <meta refines="#t2" property="title-type">main</meta>
    <dc:creator id="c1">Ada Lovelace</dc:creator><dc:creator opf:role="ill">Ivo Painter</dc:creator>
    <dc:creator id="c2">Ben Miller</dc:creator><meta refines="#c2" property="role">aut</meta>
    <dc:language>UND</dc:language><dc:language>pt_BR</dc:language><dc:rights>Public domain.</dc:rights>`;

  expect(await read({ pages: [ONE], metadata })).toMatchObject({
    ...{ title: "The Bell", authorName: "Ada Lovelace, Ben Miller", language: "pt-BR" },
    rights: "Public domain.",
  });
});

describe("the cover", () => {
  const PNG = Buffer.from("89504e470d0a1a0a00000000", "hex");
  const ITEM = '<item id="cov" href="img/c.png" media-type="image/png"';

  test.each<[string, Partial<EpubBook>]>([
    ["EPUB 3", { manifest: `${ITEM} properties="cover-image"/>` }],
    ["EPUB 2", { manifest: `${ITEM}/>`, metadata: '<meta name="cover" content="cov"/>' }],
    [
      "a page",
      {
        version: 2,
        landmarks: [{ type: "cover", href: "page1.xhtml" }],
        pages: [{ body: '<svg><image xlink:href="img/c.png"/></svg>' }, ONE],
      },
    ],
  ])("is found: %s", async (_what, book) => {
    const { cover } = await read({ pages: [ONE], ...book, parts: { "OEBPS/img/c.png": PNG } });

    expect(cover).toEqual({ bytes: PNG, contentType: "image/png" });
  });

  test("that is no picture is left out", async () => {
    const book = { manifest: `${ITEM} properties="cover-image"/>`, pages: [ONE] };

    expect(await read({ ...book, parts: { "OEBPS/img/c.png": "<svg/>" } })).toMatchObject({
      ...{ cover: null, content: "One\n\nThe bell rang." },
    });
  });
});

test.each<[string, string, string]>([
  [
    "a picture of a first letter is the letter, also in an element of its own",
    '<p><span class="cap"><img src="o.png" alt="O"/></span>nce it rang.</p>',
    "Once it rang.",
  ],
  [
    "of two forms of a part, the one for all readers is read",
    '<epub:switch><epub:case required-namespace="x"><p>A.</p></epub:case><epub:default><p>B.</p></epub:default></epub:switch>',
    "B.",
  ],
])("%s", async (_what, body, text) => {
  expect((await readFile(epubOf({ pages: [{ body }] }), "a.epub")).content).toBe(text);
});

test("the names of elements can have a prefix", async () => {
  const page = `<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>X</h:title>
    </h:head><h:body><h:h1>One</h:h1><h:p>It rang,<h:br/>twice.</h:p></h:body></h:html>`;
  const book = epubOf({ pages: [{ body: "" }], parts: { "OEBPS/page1.xhtml": page } });

  expect((await readFile(book, "a.epub")).content).toBe("One\n\nIt rang,\ntwice.");
});
