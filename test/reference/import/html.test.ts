import { chaptersOf, readFile, textOf } from "./reading.js";

test.each<[string, string, string]>([
  [
    "whitespace means one space",
    "<p>The\n   bell  <b>rang</b>\n twice.</p>",
    "The bell rang twice.",
  ],
  [
    "paragraphs are apart by a blank line",
    "<p>One.</p><p>Two.</p>\nThree.<div>Four.</div>",
    "One.\n\nTwo.\n\nThree.\n\nFour.",
  ],
  [
    "an empty element of that name is a scene break",
    '<p>One.</p><p class="scene-break">&nbsp;</p><p>Two.</p><div class="tb"><img src="o.png"></div><p>Three.</p>',
    "One.\n\n* * *\n\nTwo.\n\n* * *\n\nThree.",
  ],
  [
    "entities are decoded, but none that would be a tag",
    "<p>Caf&eacute; &amp; &ldquo;tea&rdquo; &#8212; &#x2026; &lt;b&gt;</p>",
    "Café & “tea” — … &lt;b>",
  ],
  [
    "raised numbers after words are marks of notes, and powers are none",
    "<p>He sat.<sup>1</sup> She <i>ran</i><sup>[2]</sup> 10<sup>3</sup> of x<sup>2</sup>.</p>",
    "He sat. She ran 103 of x2.",
  ],
  [
    "marks of emphasis are gone",
    "<p><em>No</em>, <i>never</i><strong>!</strong></p>",
    "No, never!",
  ],
  [
    "a line break stays",
    "<p>Roses are red,<br>\n violets are blue.</p>",
    "Roses are red,\nviolets are blue.",
  ],
  [
    "two line breaks make a paragraph",
    "One.<br><br>Two.<br>&nbsp;<br>Three.",
    "One.\n\nTwo.\n\nThree.",
  ],
  [
    "preformatted lines stay",
    "<pre>Roses are red,\n  violets\n\nare blue.</pre>",
    "Roses are red,\n  violets\n\nare blue.",
  ],
  ["a rule is a scene break", "<p>One.</p><hr><p>Two.</p>", "One.\n\n* * *\n\nTwo."],
  [
    "a rule beside a heading, at the start or the end is none",
    "<hr><p>One.</p><hr/><h2>Two</h2><hr><p>Three.</p><hr>",
    "One.\n\nTwo\n\nThree.",
  ],
  [
    "a table is read row by row",
    "<table><tr><th>Name</th><th>Age</th></tr><tr><td><p>Ada</p></td><td>36</td></tr></table>",
    "Name\tAge\nAda\t36",
  ],
  [
    "a table that only places text is no table",
    "<table><tr><td><p>One.</p><p>Two.</p></td><td>Three.</td></tr></table>",
    "One.\n\nTwo.\n\nThree.",
  ],
  [
    "a list is read line by line",
    "<p>Buy:</p><ul><li>pears</li><li><p>plums</p></li></ul><p>Go.</p>",
    "Buy:\n\npears\nplums\n\nGo.",
  ],
  [
    "a numbered list keeps its numbers",
    '<ol start="2"><li>Wait.</li><li value="5">Run.</li><li>Hide.</li></ol>',
    "2. Wait.\n5. Run.\n6. Hide.",
  ],
  [
    "a nested list stays in its list",
    "<ul><li>pears<ul><li>green</li></ul></li><li>plums</li></ul>",
    "pears\ngreen\nplums",
  ],
  ["quotation elements have their marks", "<p><q>He said <q>no</q>.</q></p>", "“He said ‘no’.”"],
  [
    "ruby readings are left out",
    "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>",
    "漢字",
  ],
  ["pictures are silent", '<p>A <img src="a.png" alt="picture of a dog"> dog.</p>', "A dog."],
  [
    "a picture of a first letter is the letter",
    '<p><img alt="T" src="t.png">he bell rang.</p>',
    "The bell rang.",
  ],
  [
    "the text under a picture is silent",
    "<p>One.</p><figure><img><figcaption>A dog.</figcaption></figure>",
    "One.",
  ],
  [
    "the text under a letter is the story",
    "<figure><p>Dear Ada,</p><figcaption>Ben</figcaption></figure>",
    "Dear Ada,\n\nBen",
  ],
  [
    "scripts and styles are silent",
    "<style>p{}</style><script>alert('x<p>')</script><noscript>no</noscript><p>One.</p>",
    "One.",
  ],
  [
    "hidden text is silent",
    '<p hidden>a</p><p aria-hidden="true">b</p><p style="color:red; display: none">c</p><p>One.</p>',
    "One.",
  ],
  [
    "page breaks are silent",
    '<p>Half a <span epub:type="pagebreak" id="p9">9</span>sentence<a class="pagenum">[10]</a>.</p>',
    "Half a sentence.",
  ],
  [
    "comments and unknown elements change nothing",
    "<p>O<!-- x -->ne <foo>two</foo>.</p>",
    "One two.",
  ],
  [
    "words that tags cut apart are one",
    "<p><span>T</span>he <b>b</b>ell, 1<sup>st</sup> of H<sub>2</sub>O.</p>",
    "The bell, 1st of H2O.",
  ],
  ["soft hyphens stay for the reading", "<p>whist&shy;ling</p>", "whist\u00adling"],
  ["control characters are gone", "<p>One\u0001 two\u0007.</p>", "One two."],
  [
    "unclosed tags lose nothing",
    "<p>One <i>two<p>Three</b> four<div>Five",
    "One two\n\nThree four\n\nFive",
  ],
])("%s", async (_what, body, text) => {
  expect(await textOf(body)).toBe(text);
});

describe("verse", () => {
  test.each<[string, string]>([
    [
      "lines in elements",
      '<div class="poem"><div class="stanza"><p>One,</p><p class="i2">two,</p></div><div class="stanza"><p>three.</p></div></div>',
    ],
    [
      "lines apart by line breaks",
      '<blockquote class="poetry"><p>One,<br/>two,</p><p>three.</p></blockquote>',
    ],
    [
      "spans with line breaks",
      '<div class="poem"><div class="stanza"><span class="i0">One,<br/></span><span class="i2">two,<br/></span></div><div class="stanza"><span>three.<br/></span></div></div>',
    ],
    [
      "the type of EPUB",
      '<blockquote epub:type="z3998:poem"><p><span>One,</span><br/><span class="i1">two,</span></p><p><span>three.</span></p></blockquote>',
    ],
  ])("keeps its lines and stanzas: %s", async (_what, poem) => {
    const text = await textOf(`<p>He sang:</p>${poem}<p>Then he left.</p>`);

    expect(text).toBe("He sang:\n\nOne,\ntwo,\n\nthree.\n\nThen he left.");
  });

  test("keeps lines whose container has no name", async () => {
    const lines = '<div class="line">One,</div><div class="line">two,</div>';

    expect(await textOf(`<p>Sing:</p><div>${lines}</div><p>Go.</p>`)).toBe(
      "Sing:\n\nOne,\ntwo,\n\nGo.",
    );
  });
});

describe("notes", () => {
  const BODY = "A note about the tea.";

  test.each<[string, string, string]>([
    [
      "types",
      '<a epub:type="noteref" href="#n1">1</a>',
      `<aside epub:type="footnote" id="n1"><p>${BODY}</p></aside>`,
    ],
    [
      "roles",
      '<a role="doc-noteref" href="#n1">a</a>',
      `<section role="doc-endnotes"><ol><li id="n1">${BODY}</li></ol></section>`,
    ],
    ["raised links", '<sup><a href="#n1">1</a></sup>', `<p id="n1">1. ${BODY}</p>`],
    [
      "raised numbers in links",
      '<a href="#n1"><sup>1</sup></a>',
      `<p><a id="n1"></a>1. ${BODY}</p>`,
    ],
    [
      "links in brackets",
      '<a id="FNanchor_1" href="#Footnote_1" class="fnanchor">[1]</a>',
      `<div class="footnote"><p><a name="Footnote_1" href="#FNanchor_1">[1]</a> ${BODY}</p></div>`,
    ],
    [
      "links with the names of Word",
      '<a href="#_ftn1" name="_ftnref1">[1]</a>',
      `<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> ${BODY}</p></div>`,
    ],
    ["signs", '<a href="#x">*</a>', `<ul><li id="x">* ${BODY}</li></ul>`],
  ])("marks and bodies are left out: %s", async (_what, mark, body) => {
    expect(await textOf(`<p>They drank tea${mark} and left.</p>${body}`)).toBe(
      "They drank tea and left.",
    );
  });

  test("a link with a number that leads to a chapter stays", async () => {
    const body = '<p>See chapter <a href="#c2">2</a>.</p><h2 id="c2">Two</h2><p>Tea.</p>';

    expect(await textOf(body)).toBe("See chapter 2.\n\nTwo\n\nTea.");
  });
});

describe("chapters", () => {
  const read = (body: string) => readFile(`<html><body>${body}</body></html>`, "book.html");

  test("come from the headings, and equal titles stay", async () => {
    const book = await read("<h1>One</h1><p>A.</p><h1>Two</h1><p>B.</p><h1>Two</h1><p>C.</p>");

    expect(chaptersOf(book)).toEqual([
      "One | One\n\nA.\n\nTwo",
      "Two | Two\n\nB.\n\nTwo",
      "Two | Two\n\nC.",
    ]);
    expect(book.title).toBe("Book");
  });

  test("do not contain the title of the book", async () => {
    const book = await read(
      "<h1>The Bell</h1><h2>I</h2><p>A.</p><h2>II</h2><h3>Night</h3><p>B.</p>",
    );

    expect(book.title).toBe("The Bell");
    expect(chaptersOf(book)).toEqual(["I | I\n\nA.\n\nII\n\nN", "II: Night | II\n\nNight\n\nB"]);
  });

  test("do not contain the list of the chapters, and the list is not part of the text", async () => {
    const links = '<ul><li><a href="#c1">One</a></li><li><a href="#c2">Two</a></li></ul>';
    const book = await read(
      `<h1>The Bell</h1><h2>Contents</h2>${links}<h2 id="c1">One</h2><p>A.</p><h2 id="c2">Two</h2><p>B.</p>`,
    );

    expect(book.content).toBe("The Bell\n\nOne\n\nA.\n\nTwo\n\nB.");
    expect(book.chapters?.map(({ title }) => title)).toEqual(["One", "Two"]);
  });

  test("are found in the text if there are no headings", async () => {
    expect((await read("<p>CHAPTER I</p><p>A.</p>")).chapters).toBeNull();
    expect((await read("<h1>The Bell</h1><p>A.</p>")).chapters).toBeNull();
  });
});
