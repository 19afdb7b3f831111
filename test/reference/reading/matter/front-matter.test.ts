import { readText } from "../../../../src/reference/reading/reading.js";

/** Returns the lines with ink that are left of a text. */
const readIn = (text: string): string =>
  readText(text)
    .clear.text.split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("|");

const TITLE = "THE FERRY\n\nby Nell Ardent";
const STORY =
  "The ferry left at dawn, and the people on the quay looked after it for as long as they could.\n\nNobody waved.";
const END = "THE END";
const READ = readIn([TITLE, STORY, END].join("\n\n"));

test.each([
  ["a credit", "Produced by Jon Ferris and the Online Distributed Proofreading Team"],
  ["a credit of 1999", "This etext was prepared by Jon Ferris, jon@ferris.example."],
  ["a credit with an edition", "Transcribed from the 1890 Hartley & Sons edition by Jon Ferris"],
  [
    "a credit for pictures",
    "(This file was produced from images generously made\navailable by The Internet Archive)",
  ],
  ["an identity", "Project Gutenberg's The Ferry, by Nell Ardent"],
  ["a firm", "LONDON\nHARTLEY & SONS, QUAY STREET\n1894"],
  ["a firm and its printer", "NEW YORK\nHARTLEY & CO.\n1894\n\nThe Quay Press, Norwood, Mass."],
  ["a firm with a place", "NEW YORK: HARTLEY & BROTHERS"],
  ["a publisher", "London:\nThe Quay Press\n1894"],
  ["rights", "Copyright, 1894, by Nell Ardent"],
  ["all rights", "Copyright © 2019 Nell Ardent. All rights reserved. No part may be copied."],
  [
    "a page of rights",
    "Copyright © 2019 by Nell Ardent\n\nThis is a work of fiction. Names, places and incidents are products of the author's imagination.\n\nCover design by Jon Ferris\n\nwww.ferry.example",
  ],
  ["a number", "ISBN 978-1-23456-789-7"],
  ["editions", "First published in 1894\nReprinted 1895"],
  ["a printer", "Printed in Great Britain by R. & R. Hartley, Ltd."],
  ["a library in Australia", "* A Project Gutenberg of Australia eBook *"],
  [
    "a library in Canada",
    "This work is in the Canadian public domain, but may be under copyright.",
  ],
  ["a scan", "Digitized by Google"],
  ["a recording", "This is a LibriVox recording. All LibriVox recordings are free."],
  [
    "a transcriber's note",
    "Transcriber's Note:\n\nObvious typographical errors have been corrected.\n\nThe cover image is placed in the public domain by the transcriber.",
  ],
  [
    "a note in a box",
    "+-----------------------+\n| Transcriber's Note:   |\n|                       |\n| Old spelling is kept. |\n+-----------------------+",
  ],
  [
    "a note in a box that says little",
    "+---------------------+\n| Transcriber's Note: |\n| p. 12: teh to the   |\n+---------------------+",
  ],
  [
    "a note in brackets on more lines",
    "[Transcriber's Note:\n\nThis etext was produced from Quay Stories, May 1953.]",
  ],
  ["a note on one line", "Transcriber’s note: Italics are marked by _underscores_."],
])("%s before the book is silent", (_name, matter) => {
  expect(readIn([TITLE, matter, STORY, END].join("\n\n"))).toBe(READ);
});

test.each([
  ["a printer", "Printed by R. & R. Hartley, Edinburgh"],
  ["a last line", "[The end of The Ferry, by Nell Ardent]"],
  ["a scan", "Digitized by Microsoft"],
  [
    "a transcriber's note",
    "Transcriber's Notes\n\nPunctuation and spelling have been made consistent.\n\nPage 12: “teh” changed to “the”.\n\nPage 40: a dash was missing.",
  ],
  [
    "a transcriber's list",
    "Transcriber's Notes:\n\nPage 12, “teh” changed to “the”\n\nPage 14, “a” removed",
  ],
  [
    "a colophon",
    "Colophon\n\nThe Ferry was published in 1894.\n\nThis ebook was produced for Standard Ebooks by Jon Ferris.\n\nThe cover shows a quay.\n\nUncopyright\n\nCopyright pages exist to tell you what you cannot do.",
  ],
  [
    "a page of Wikisource",
    "About this digital edition\n\nThis e-book comes from the online library Wikisource.\n\nThe following users contributed to this book:\n\nJon Ferris",
  ],
])("%s after the book is silent", (_name, matter) => {
  expect(readIn([TITLE, STORY, STORY, STORY, END, matter].join("\n\n"))).toBe(
    readIn([TITLE, STORY, STORY, STORY, END].join("\n\n")),
  );
});

test("a header without markers is silent", () => {
  const header = [
    "The Project Gutenberg EBook of The Ferry, by Nell Ardent",
    "This eBook is for the use of anyone anywhere at no cost.",
    "Title: The Ferry",
    "Author: Nell Ardent",
    "Release Date: May 3, 2004 [EBook #99123]\n[Last updated: May 4, 2010]",
    "Language: English",
    "Character set encoding: ASCII",
    "Produced by Jon Ferris",
  ];

  expect(readIn([...header, TITLE, STORY, END].join("\n\n"))).toBe(READ);
});

test("a header of Australia or Canada is silent", () => {
  const header = [
    "Project Gutenberg Australia",
    "Title: The Ferry\nAuthor: Nell Ardent\n* A Project Gutenberg of Australia eBook *\neBook No.: 0900021.txt\nLanguage: English\nDate first posted: August 2009",
    "Faded Page eBook #20190501",
    "Title: The Ferry\nAuthor: Nell Ardent",
  ];

  expect(readIn([...header, TITLE, STORY, END].join("\n\n"))).toBe(READ);
});

test("the imprint of an edition is silent", () => {
  const imprint = [
    "Imprint",
    "This ebook is the product of many hours of hard work by volunteers for Standard Ebooks.",
    "This particular ebook is based on a transcription from a library.",
  ];

  expect(readIn([TITLE, ...imprint, STORY, END].join("\n\n"))).toBe(READ);
});

test("a scan's notice at the bottom of a page does not cut the sentence apart", () => {
  expect(readText("He paid the old\n\nDigitized by Google\n\nferryman.").clear.text).toBe(
    "He paid the old ferryman.",
  );
});

test.each([
  "To my mother",
  "“The sea is a door.”\n--Old song",
  "LONDON, 1894",
  "Paris\nMay 1914",
  "THE PRESS GANG",
  "+---------------+\n| BEWARE, MULES |\n+---------------+",
  "Title: Captain",
  "A Novel",
  "Author of “The Quay”",
  "Published or not, it was a good book, she thought.",
  "Printed on the door was one word.",
  "Produced by her uncle, the play ran for a week.",
  "Copyright was his trade.",
  "Transcriber's note: the tape ends here.",
  "*** Transcriber's Note ***\n\nThe tape ends here.",
  "Transcriber's Note\n\nI have written down what she said.",
  "NOTES",
  "Imprint",
  "Colophon",
])("%j stays before the book", (words) => {
  const text = [TITLE, words, STORY, END].join("\n\n");

  expect(readText(text).spans.filter(({ kind }) => kind !== "emphasis")).toEqual([]);
});

const HEAD = ["From: Nell Ardent <nell@ferry.example>", "To: Ida Merrow", "Subject: The ferry"];
const FERRY = "The ferry was late again.\n\n“Wait,” said Ida.";

test.each([
  ["in plain text", HEAD],
  ["with more fields", ["Message-ID: <1@ferry.example>", ...HEAD, "Date: Mon, 3 May 2021 10:12"]],
  ["below a title", ["-------- Original Message --------", ...HEAD, "Cc: Joe"]],
  ["with a long field", [...HEAD, " and the quay", "Sent: Monday"]],
  ["in bold letters", ["**From:** Nell", "**Sent:** Monday", "**To:** Ida"]],
  ["in German", ["Von: Nell", "Gesendet: Montag", "An: Ida", "Betreff: Die Fähre"]],
])("the fields of a mail %s above a story are silent", (_name, lines) => {
  expect(readText(`${lines.join("\n")}\n\n${FERRY}`).clear.text.trim()).toBe(FERRY);
});

test.each([
  `${FERRY}\n\n${HEAD.join("\n")}\n\nCome at once.`,
  `${HEAD.join("\n")}\n\nCome at once.\n\n${HEAD.join("\n")}\n\nI cannot.`,
  `From: Nell\nTo: Ida\n\n${FERRY}`,
  `${HEAD.join("\n")}\nCome at once.\n\n${FERRY}`,
  `To: the captain\nRe: the ferry\nSubject: late\n\n${FERRY}`,
])("the mail %j in a story is read", (text) => {
  expect(readText(text).clear.text).toBe(text);
});

test.each([
  [
    "advertisements",
    'THE END\n\nBY THE SAME AUTHOR\n\nThe Salt Road. 8vo, cloth, 6s.\n\n"A tale that she told well."--The Quay.',
    "THE END",
  ],
  ["mistakes of the printer", 'ERRATA\n\nPage 12, line 4, for "bote" read "boat."', ""],
  ["mistakes in one paragraph", "ERRATA.\nPage 3, for be read he.\nPage 4, for to read two.", ""],
  ["a notice of rights", "© 2021 Nell Ardent. All rights reserved.", ""],
])("behind the book, %s are silent", (_name, last, read) => {
  expect(readText(`${FERRY}\n\n${last}`).clear.text.trim()).toBe(`${FERRY}\n\n${read}`.trim());
});

test("the line of a printing house below each page does not cut a sentence", () => {
  const line = (page: number): string => `ferry.indd   ${String(page)}   03/05/21   10:12`;

  expect(
    readText(`He paid the old\n${line(12)}\n\nferryman.\n\n${line(13)}\n\nHe left.`).clear.text,
  ).toMatch(/^He paid the old ferryman\.\s+He left\.$/u);
});

test.each([
  "THE END\n\nAfter that, he bought a book for $1.50.\n\nIt was an octavo. He read it.",
  "THE END\n\nThe Salt Road. 8vo, cloth, 6s.",
  "THE END\n\nHe wrote an 8vo book.\n\nShe wrote a 12mo book.\n\nThey slept.\n\nNobody came.\n\nHe left.",
  "ERRATA\n\nHe had made mistakes, and she knew all of them.",
  "Copyright was his trade, and he had been good at it.",
])("behind the book, %j stays", (last) => {
  expect(readText(`${FERRY}\n\n${last}`).clear.text).toBe(`${FERRY}\n\n${last}`);
});
