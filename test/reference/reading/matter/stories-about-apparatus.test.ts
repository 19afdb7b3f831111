import { readText } from "../../../../src/reference/reading/reading.js";

/** Stories whose people talk about what a reader of other texts would leave out. */
const STORIES: readonly string[] = [
  "Project Gutenberg was Martha's whole life. She had typed nine books for it.\n\n“This ebook is for the use of anyone,” she told the mule.\n\nThe mule had no licence.",
  "The licence was on page 12.\n\n“Read it,” said the clerk. “Section 1. General terms.”\n\n“All rights reserved,” Peter read, and yawned.",
  "Transcriber's notes filled the room. The transcriber had died on a Monday.\n\n“Who changed the spelling?” asked Rose.\n\nNobody answered. Obvious errors stayed.",
  "CONTENTS said the box, and under it: one hat, two eggs, page 12 of a novel.\n\n“Is that all?” said the customs man.\n\n“Volume one,” said Nell.",
  "Produced by candlelight, the play had three acts and no ending.\n\n“Printed in blood,” the old man whispered, “by order of the king.”\n\nThe curtain fell.",
  "Title: none. Author: unknown. So the card in the library began.\n\n“Release date?” asked the boy.\n\n“He is still in prison,” said the librarian.",
  "The end of the Project came in June. Gutenberg, the dog, slept through it.\n\n“Updated editions will replace you,” the machine said.\n\nThe printer wept.",
  "“Illustration,” said the teacher, “is a long word.” She wrote [ on the board, and then ].\n\nA footnote, he thought, needs a foot.\n\n* was the last star. He had room [12].",
  "Copyright © was tattooed on her arm. “Published in 1984,” she said.\n\n“By whom?”\n\n“By The Quay Press, London,” said Anna, “and no part of me may be copied.”",
  "He scanned the page. It was scanned by moonlight.\n\n“Digitized by Google,” he read aloud, and turned to page 13.\n\nNOTES, said the last drawer. It was empty.",
];

test.each(STORIES)("the story %j loses nothing", (story) => {
  const { clear, spans } = readText(story);

  expect(clear.text).toBe(story);
  expect(spans).toEqual([]);
});
