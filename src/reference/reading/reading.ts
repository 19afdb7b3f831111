import type { EditedText } from "../../platform/text/edited-text.js";
import { type ChapterHeading, findChapters } from "./chapters/chapters.js";
import { contentsTitles, findContents } from "./chapters/contents/contents.js";
import { splitAtHeadings } from "./chapters/split-headings.js";
import { CHARACTER_PASSES } from "./characters/character-passes.js";
import { type ScriptParagraph, layOut } from "./layout/layout.js";
import { type Paragraph, ParagraphForm } from "./layout/paragraphs.js";
import { findMatter } from "./matter/matter.js";
import { findPageMarks } from "./pages/page-marks.js";
import { ApparatusKind, type ApparatusSpan, ClearedText } from "./span.js";

/** A paragraph of the story. The offsets are offsets in the text without apparatus. */
export interface ReadParagraph extends ScriptParagraph {
  readonly isAfterSceneBreak: boolean;
}

/** A text as a good reader reads it. */
export interface TextReading {
  /** Everything that is not the story, in order. The offsets are offsets in the original text. */
  readonly spans: readonly ApparatusSpan[];
  /** The story: the text without apparatus. */
  readonly clear: EditedText;
  readonly paragraphs: readonly ReadParagraph[];
  /** The offsets of chapters are offsets in the original text. */
  readonly chapters: readonly ChapterHeading[];
}

/** Finds spans in a text without the spans of earlier passes. */
type Pass = (text: string) => readonly ApparatusSpan[];

/** Each pass reads the text that the passes before have cleared. */
const PASSES: readonly Pass[] = [...CHARACTER_PASSES, findMatter, findContents, findPageMarks];

const LETTER = /[\p{L}\p{N}]/u;

/**
 * Reads a text: finds its apparatus, paragraphs and chapters. The result depends only on the text. No text
 * makes the function throw, and the time grows linearly with the length of the text.
 */
export function readText(text: string): TextReading {
  const cleared = clearText(text);
  const { labels, paragraphs: laidOut } = layOut(cleared.clear.text);
  const { spans, clear } = cleared.without(labels);
  const found = splitAtHeadings(clear.text, laidOut);
  const { chapters, headings } = findChapters(clear.text, found, listedTitles(text, spans));
  const isAfterSceneBreak = sceneBreaksBefore({ spans, clear });
  const paragraphs = found.map((paragraph) => ({
    ...paragraph,
    form: headings.has(paragraph.index) ? ParagraphForm.Heading : paragraph.form,
    isAfterSceneBreak: isAfterSceneBreak(paragraph),
  }));
  return {
    spans,
    clear,
    paragraphs,
    chapters: chapters.map(({ title, start }) => ({ title, start: clear.startOf(start) })),
  };
}

/** Returns the keys of the titles in the tables of contents. */
const listedTitles = (text: string, spans: readonly ApparatusSpan[]): ReadonlySet<string> =>
  new Set(
    spans
      .filter(({ kind }) => kind === ApparatusKind.Contents)
      .flatMap(({ start, end }) => contentsTitles(text.slice(start, end))),
  );

/** Runs the passes. A pass that would leave no letter and no digit finds nothing. */
function clearText(text: string): ClearedText {
  let cleared = new ClearedText(text);
  for (const find of PASSES) {
    const next = cleared.without(find(cleared.clear.text));
    if (LETTER.test(next.clear.text) || !LETTER.test(cleared.clear.text)) cleared = next;
  }
  return cleared;
}

/** Returns a function that tells, for one paragraph after another, whether a scene break is before it. */
function sceneBreaksBefore({
  spans,
  clear,
}: Pick<TextReading, "spans" | "clear">): (paragraph: Paragraph) => boolean {
  const breaks = spans.filter(({ kind }) => kind === ApparatusKind.SceneBreak);
  let next = 0;
  return ({ start }) => {
    const first = next;
    while ((breaks[next]?.start ?? Infinity) < clear.startOf(start)) next += 1;
    return next > first;
  };
}
