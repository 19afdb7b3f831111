import { readFileSync, readdirSync } from "node:fs";
import {
  type AnalysisDocument,
  type Segment,
  analyseText,
} from "../../src/reference/analysis/analyser/index.js";
import { spokenForm } from "../../src/spoken-form/index.js";
import { clearPart } from "../../src/reference/reading/clear-part.js";
import { readText } from "../../src/reference/reading/reading.js";
import { storyText } from "../../src/reference/story/story-text.js";
import { golden } from "../support/golden.js";

/*
 * Each NAME.txt in test/golden/heard imitates a kind of file that people have. NAME.heard.txt is what a listener
 * hears of it: the chapters, who says each line, the lines as a voice gets them, and the pauses. At the end is
 * what stays silent. To add a case, write NAME.txt, run the test with UPDATE_GOLDEN=1, and read the new file.
 */
const FOLDER = new URL("../golden/heard/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => /^[^.]+\.txt$/u.test(name));

const LETTER = /[\p{L}\p{N}]/u;
const PAUSES = { line: "", paragraph: "\n", scene: "\n* * *\n" } as const;

const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

function heardOf(text: string, language: string): string {
  const document = analyseText(text, { language });
  const chapters = [...readText(text).chapters];
  const lines = document.segments.flatMap((segment) => {
    const opened = chapters.splice(0, chapters.filter(({ start }) => start < segment.end).length);
    return [...opened.map(({ title }) => `# ${title}`), lineOf(text, segment, document)];
  });
  const silent = document.apparatus
    .filter(({ start, end, said }) => LETTER.test(text.slice(start, end)) && !LETTER.test(said))
    .map(({ kind, start, end }) => `${kind}: ${oneLine(text.slice(start, end))}`);
  return `${[...lines, "--- silent ---", ...silent].join("\n")}\n`;
}

function lineOf(
  text: string,
  segment: Segment,
  { apparatus, characters, language }: AnalysisDocument,
): string {
  const speaker = characters.find(({ id }) => id === segment.speakerId)?.canonicalName;
  const who = segment.kind === "narration" ? "—" : (speaker ?? "?");
  const pause = segment.breakAfter === null ? "" : PAUSES[segment.breakAfter];
  const read = clearPart(text, segment, apparatus).text;
  return `${who}: ${oneLine(spokenForm(read, { language }).text)}${pause}`;
}

test.each(names)("a listener hears the story of %s, and nothing else", (name) => {
  const text = storyText(readFileSync(new URL(name, FOLDER), "utf8"));
  const language = name.startsWith("german") ? "de" : "en";

  const heard = heardOf(text, language);

  expect(heard).toBe(golden(`heard/${name.replace(".txt", ".heard.txt")}`, heard));
});
